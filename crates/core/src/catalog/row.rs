//! What a row of the catalog must say. Rows are constants; resolving one against a design returns a new value.

use crate::spec::{ClusterSpec, Field, Node, When};

/// The kind a certificate is drawn as. It follows from who presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Signs others.
    Ca,
    /// Shown by a server.
    Server,
    /// Shown by a client.
    Client,
    /// Shown in both roles.
    Peer,
    /// A bare key pair without certificate.
    KeyPair,
}

impl Kind {
    /// The word in attributes and JSON: `ca`, `server`, `client`, `peer`, `key-pair`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Server => "server",
            Self::Client => "client",
            Self::Peer => "peer",
            Self::KeyPair => "key-pair",
        }
    }

    /// What it is, for people who see no colour.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ca => "CA certificate",
            Self::Server => "server certificate",
            Self::Client => "client certificate",
            Self::Peer => "server and client certificate",
            Self::KeyPair => "key pair",
        }
    }
}

/// An extended key usage (RFC 5280 4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Eku {
    /// id-kp-serverAuth, 1.3.6.1.5.5.7.3.1.
    ServerAuth,
    /// id-kp-clientAuth, 1.3.6.1.5.5.7.3.2.
    ClientAuth,
}

impl Eku {
    /// As Go and kubeadm name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::ServerAuth => "serverAuth",
            Self::ClientAuth => "clientAuth",
        }
    }
}

/// For whom there is one of a row's certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One for the cluster; its files may be copied to several nodes.
    Cluster,
    /// One for each node for which the row's `presence` says so.
    Node,
}

/// What becomes of a row on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Absent,
    /// Made here.
    Issued,
    /// The cluster's own CA signs it later, on request: drawn dashed below that CA, not counted. Why, in one sentence.
    Requested(&'static str),
    /// The cluster has it, but its CAs never sign it: drawn dashed, not counted. What it is instead, in one sentence.
    Unsigned(&'static str),
}

/// The subject for some versions. Patterns take `{node}`.
#[derive(Debug)]
pub struct SubjectRow {
    /// The versions.
    pub when: When,
    /// Common name.
    pub common_name: &'static str,
    /// Organizations: several go into one SET (Go crypto/x509/pkix: Name.ToRDNSequence).
    pub organizations: &'static [&'static str],
}

/// One source of subject alternative names. Patterns take `{node}` and `{domain}`.
#[derive(Debug)]
pub enum SanRow {
    /// A DNS name.
    Dns(&'static str),
    /// A fixed address.
    Ip(&'static str),
    /// The node's advertise address.
    Advertise,
    /// The loopback address in the family of the node's advertise address.
    Loopback,
    /// All addresses of the node.
    NodeAddresses,
    /// Advertise addresses of all control-plane nodes.
    ControlPlanes,
    /// Address number 1 of the first service CIDR.
    ServiceAddress,
    /// Host of the control-plane endpoint, where one is set.
    Endpoint,
    /// A list of the design.
    Extra(Field),
}

/// Which server a kubeconfig dials (kubeadm: phases/kubeconfig/kubeconfig.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The control-plane endpoint.
    ControlPlane,
    /// The node's own API server.
    Local,
    /// The control-plane endpoint; the node's own API server on control-plane nodes from 1.33 on
    /// (`ControlPlaneKubeletLocalMode`).
    Kubelet,
}

/// In what form the holder keeps certificate and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Two PEM files.
    Pair,
    /// A kubeconfig that embeds both, and the CA.
    Kubeconfig(Server),
    /// A bare key pair, private and public key in two files.
    KeyPair,
}

/// Which nodes get a file.
pub type On = fn(&ClusterSpec, &Node) -> bool;

/// Who checks a certificate, trusts a CA, or uses a key pair.
#[derive(Clone, Copy, Debug)]
pub struct CheckedBy {
    /// Who: a component, or people's word for it.
    pub who: &'static str,
    /// Of a CA or a key pair: what they do, behind "who". Of what a CA signed: against what they check it. `{copies}` is how
    /// many kubeconfigs there are.
    pub against: &'static str,
}

/// Everything there is to say about one certificate, and said nowhere else.
#[derive(Debug)]
pub struct CertRow {
    /// Its id, as users meet it in kubeadm (`apiserver-etcd-client`, `admin.conf`).
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The kind it is drawn as.
    pub kind: Kind,
    /// Id of the row that signs it; nothing for a self-signed CA and a bare key pair.
    pub issuer: Option<&'static str>,
    /// One per cluster or one per node.
    pub scope: Scope,
    /// What becomes of it on a node; for [`Scope::Cluster`] asked of the init node.
    pub presence: fn(&ClusterSpec, &Node) -> Presence,
    /// Versions that have it at all.
    pub when: When,
    /// Its subject, one row per form it had.
    pub subject: &'static [SubjectRow],
    /// Its extended key usages, in order.
    pub ekus: &'static [Eku],
    /// Its names, in kubeadm's order.
    pub sans: &'static [SanRow],
    /// In what form it is kept.
    pub form: Form,
    /// kubeadm's base path: below the PKI folder without extension for pairs, the file name for kubeconfigs.
    pub base: &'static str,
    /// Which nodes get the certificate (or public key). For [`Scope::Node`] its own node has it in any case.
    pub cert_on: On,
    /// Which nodes get the private key, while CA keys are kept on nodes.
    pub key_on: On,
    /// The components that hold it, as binaries.
    pub holders: &'static [&'static str],
    /// What it is, in one plain sentence.
    pub what: &'static str,
    /// Who shows it to whom, or what is done with it, in one sentence.
    pub shown: &'static str,
    /// Who checks it, against what. For a CA: who trusts it.
    pub checked: &'static [CheckedBy],
    /// Other names people use for it, for the search.
    pub aliases: &'static [&'static str],
    /// Where all this comes from.
    pub source: &'static str,
}

impl CertRow {
    /// Whether it signs others.
    pub fn is_ca(&self) -> bool {
        self.kind == Kind::Ca
    }
}
