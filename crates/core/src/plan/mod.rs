//! The plan: every certificate, file and flag that follows from a design. Pure data, computed in well under a
//! millisecond for a common cluster, so that every picture exists before any key does.

mod binding;
mod engine;
mod file;
mod flag;

use crate::catalog::row::{CertRow, Eku, Kind};
use crate::diag::Diagnostic;
use crate::spec::{ClusterSpec, KeyAlgorithm, Lifetime, San};

pub use binding::{Binding, MASTERS};
pub use engine::unchecked;
pub use file::{Content, PlannedFile, Root};
pub use flag::{FlagValue, PlannedFlag};

pub use crate::catalog::holding::Holding;
// Who plans a design is told what is worth knowing about it as well. Nothing here knows of checks.
pub use crate::check::plan;

/// How long before the issue time certificates become valid: kubeadm's `CertificateBackdate`, in seconds.
pub const BACKDATE_SECONDS: i64 = 5 * 60;

/// A certificate's subject. The RDN order is Go's: organizations, then common name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Organizations, in one SET.
    pub organizations: Vec<String>,
    /// Common name.
    pub common_name: String,
}

impl std::fmt::Display for Subject {
    /// `O=system:nodes, CN=system:node:cp-1`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for one in &self.organizations {
            write!(out, "O={one}, ")?;
        }
        write!(out, "CN={}", self.common_name)
    }
}

/// A certificate that will be issued, or a bare key pair that will be made.
#[derive(Clone, Debug)]
pub struct PlannedCert {
    /// The row it follows from.
    pub row: &'static CertRow,
    /// Index of its node in the design; nothing when it belongs to the cluster.
    pub node: Option<usize>,
    /// Index of its issuer in [`Plan::certs`]; nothing when self-signed or a bare key pair.
    pub issuer: Option<usize>,
    /// Its subject; nothing for a bare key pair.
    pub subject: Option<Subject>,
    /// Its names: DNS names sorted, then addresses in order.
    pub sans: Vec<San>,
    /// Its extended key usages, in order.
    pub ekus: Vec<Eku>,
    /// The kind it is drawn as: the row's, unless the design gives it another role.
    pub kind: Kind,
    /// Its key.
    pub key: KeyAlgorithm,
    /// How long it is valid after the issue time; it begins [`BACKDATE_SECONDS`] before.
    pub lifetime: Lifetime,
    /// URL that its kubeconfig dials, when it is kept in one.
    pub server: Option<String>,
    /// How many CAs may stand below it in a chain (RFC 5280 4.2.1.9); nothing for as many as there are.
    pub path_length: Option<u8>,
}

/// Something the cluster has but this PKI does not sign.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// Its row.
    pub row: &'static CertRow,
    /// Its node; nothing when it belongs to the cluster.
    pub node: Option<usize>,
    /// Its issuer's index in [`Plan::certs`], where the cluster itself will sign it later.
    pub issuer: Option<usize>,
    /// Who makes it instead, one sentence.
    pub why: &'static str,
}

/// Everything that follows from a design.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The design.
    pub spec: ClusterSpec,
    /// Certificates and bare key pairs, issuers before what they sign.
    pub certs: Vec<PlannedCert>,
    /// What the cluster has but is not signed here.
    pub unsigned: Vec<Unsigned>,
    /// Every file, sorted by root and path.
    pub files: Vec<PlannedFile>,
    /// Every flag of every component on every node, in the catalog's order.
    pub flags: Vec<PlannedFlag>,
    /// What is worth knowing about the design; never an error.
    pub findings: Vec<Diagnostic>,
}

impl Plan {
    /// How many certificates will be issued.
    pub fn certificate_count(&self) -> usize {
        self.certs.iter().filter(|cert| cert.subject.is_some()).count()
    }

    /// How many private keys will be made: one each, bare pairs included.
    pub fn key_count(&self) -> usize {
        self.certs.len()
    }

    /// How many of the certificates are CAs.
    pub fn ca_count(&self) -> usize {
        self.certs.iter().filter(|cert| cert.row.is_ca()).count()
    }

    /// `id@node` or `id@cluster`: the name of a certificate across page, command line and tests.
    pub fn key_of(&self, index: usize) -> String {
        let cert = &self.certs[index];
        format!("{}@{}", cert.row.id, self.node_name(cert.node))
    }

    /// A node's name, `cluster` for none.
    pub fn node_name(&self, node: Option<usize>) -> &str {
        node.map_or("cluster", |node| &self.spec.nodes[node].name)
    }

    /// The certificate of an id on a node (or of the cluster).
    pub fn find(&self, id: &str, node: Option<usize>) -> Option<usize> {
        self.certs.iter().position(|cert| cert.row.id == id && cert.node == node)
    }

    /// The kubeconfigs that hold a certificate of an id, in the order of files.
    pub fn kubeconfigs(&self, id: &str) -> impl Iterator<Item = &PlannedFile> {
        self.files.iter().filter(move |file| {
            file.content.holding == Holding::Kubeconfig && self.certs[file.content.cert].row.id == id
        })
    }

    /// The certificate that `id@node` names.
    pub fn find_key(&self, key: &str) -> Option<usize> {
        let (id, node) = key.rsplit_once('@')?;
        self.certs.iter().position(|cert| cert.row.id == id && self.node_name(cert.node) == node)
    }

    /// The certificate of an id that a node uses: its own, or the cluster's.
    pub fn for_node(&self, id: &str, node: usize) -> Option<usize> {
        self.find(id, Some(node)).or_else(|| self.find(id, None))
    }

    /// What a certificate signed, in order.
    pub fn signed_by(&self, issuer: usize) -> impl Iterator<Item = usize> {
        self.certs.iter().enumerate().filter(move |(_, cert)| cert.issuer == Some(issuer)).map(|(index, _)| index)
    }
}
