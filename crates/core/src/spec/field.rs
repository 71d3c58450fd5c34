//! The fields of a design, one row each. The design file's reader and writer, the JSON Schema, the form on the page
//! and the link are all made from this table.

/// Every field of a design that is not a node, in the order of the design file. `field as usize` is its row in
/// [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each variant is documented by its row in FIELDS")]
pub enum Field {
    ClusterName,
    KubernetesVersion,
    Start,
    Layout,
    ControlPlaneEndpoint,
    ServiceSubnets,
    PodSubnets,
    DnsDomain,
    EtcdMode,
    EtcdServerCertSans,
    EtcdPeerCertSans,
    EtcdDataDir,
    ApiServerCertSans,
    ApiServerBindPort,
    KeysCa,
    KeysLeaf,
    ValidityCa,
    ValidityLeaf,
    CaKeys,
    KubeletClient,
    KubeletServing,
    TlsMinVersion,
    CipherSuites,
    Trust,
    FileNames,
    ApiServerClientPairs,
    ImageRepository,
    AlsoSets,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// A whole number, 1 to 65535.
    Port,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any number of lines of text.
    List,
    /// Any number of these words.
    ChoiceList(&'static [&'static str]),
}

/// What the table says of one field.
#[derive(Debug)]
pub struct FieldRow {
    /// The field.
    pub field: Field,
    /// Its path in the design file, dotted.
    pub path: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Its value when absent; lists are joined by commas.
    pub default: &'static str,
    /// Label in the form.
    pub label: &'static str,
    /// One sentence: what it decides.
    pub help: &'static str,
    /// The letter that stands for it in a link. Never reused for another meaning.
    pub link: u8,
}

impl FieldRow {
    /// Whether the field holds a list.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, FieldKind::List | FieldKind::ChoiceList(_))
    }
}

/// Key algorithms a design may name. kubeadm spells them so (`encryptionAlgorithm`).
pub const KEY_ALGORITHMS: &[&str] = &["RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256", "ECDSA-P384"];

/// Roles a node may have.
pub const ROLES: &[&str] = &["control-plane", "etcd", "worker"];

/// Whose settings a kubeadm file holds: what an entry of [`Field::AlsoSets`] begins with.
pub const SETTERS: &[&str] =
    &["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet", "kube-proxy", "kubeadm"];

/// Cipher suites that Kubernetes components accept in `--tls-cipher-suites` and that are not marked insecure, TLS 1.2
/// (Go 1.27 `crypto/tls/cipher_suites.go`; TLS 1.3 suites are not configurable).
pub const CIPHER_SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

macro_rules! row {
    ($field:ident, $link:literal, $path:literal, $kind:expr, $default:literal, $label:literal, $help:literal) => {
        FieldRow {
            field: Field::$field,
            link: $link,
            path: $path,
            kind: $kind,
            default: $default,
            label: $label,
            help: $help,
        }
    };
}

use FieldKind::{Choice, ChoiceList, List, Port, Text};

/// The table. Its order is the order of the design file and of the form.
#[rustfmt::skip]
pub static FIELDS: &[FieldRow] = &[
    row!(ClusterName, b'a', "clusterName", Text, "kubernetes", "Name",
        "The cluster's name: cluster and context name in every kubeconfig, and the name of the zip."),
    row!(KubernetesVersion, b'b', "kubernetesVersion", Text, "1.37", "Kubernetes",
        "1.34 means the newest patch known; v1.34.7 means that patch. Subjects, files and flags follow the version."),
    row!(Start, b'c', "start", Choice(&["kubeadm", "manual"]), "kubeadm", "Started by",
        "kubeadm: the zip holds just what kubeadm init and join accept. manual: the zip holds everything."),
    row!(Layout, b'd', "layout", Choice(&["kubeadm", "course"]), "kubeadm", "Layout",
        "Where files go and what they are called: as kubeadm does, or as training courses do."),
    row!(ControlPlaneEndpoint, b'e', "controlPlaneEndpoint", Text, "", "Endpoint",
        "Name or address, with or without port, under which clients reach the API servers; a name in every API server certificate."),
    row!(ServiceSubnets, b'f', "networking.serviceSubnets", List, "10.96.0.0/12", "Service CIDR",
        "One or two CIDRs for Services. The first address of the first one is in the API server's certificate."),
    row!(PodSubnets, b'g', "networking.podSubnets", List, "", "Pod CIDR",
        "One or two CIDRs for Pods. No certificate depends on them."),
    row!(DnsDomain, b'h', "networking.dnsDomain", Text, "cluster.local", "DNS domain",
        "The cluster's DNS domain: part of kubernetes.default.svc.DOMAIN and of the token issuer."),
    row!(EtcdMode, b'i', "etcd.mode", Choice(&["stacked", "external"]), "stacked", "etcd",
        "stacked: a member on every control-plane node. external: members on the nodes with role etcd."),
    row!(EtcdServerCertSans, b'j', "etcd.serverCertSANs", List, "", "Extra names, etcd server",
        "Names or addresses added to every etcd server certificate."),
    row!(EtcdPeerCertSans, b'k', "etcd.peerCertSANs", List, "", "Extra names, etcd peer",
        "Names or addresses added to every etcd peer certificate."),
    row!(EtcdDataDir, b'A', "etcd.dataDir", Text, "/var/lib/etcd", "etcd data folder",
        "Where etcd keeps everything in the cluster, on each of its nodes. No certificate depends on it."),
    row!(ApiServerCertSans, b'l', "apiServer.certSANs", List, "", "Extra names, API server",
        "Names or addresses added to every API server certificate."),
    row!(ApiServerBindPort, b'm', "apiServer.bindPort", Port, "6443", "API server port",
        "The port the API servers listen on; part of server URLs."),
    row!(KeysCa, b'n', "keys.ca", Choice(KEY_ALGORITHMS), "RSA-2048", "CA keys",
        "Algorithm of the CA keys. It decides the signature in every certificate below."),
    row!(KeysLeaf, b'o', "keys.leaf", Choice(KEY_ALGORITHMS), "RSA-2048", "Other keys",
        "Algorithm of all other keys, kubeconfigs and service-account key included."),
    row!(ValidityCa, b'p', "validity.ca", Text, "87600h", "CA validity",
        "How long CAs are valid: a Go duration such as 87600h, or days such as 3650d."),
    row!(ValidityLeaf, b'q', "validity.leaf", Text, "8760h", "Leaf validity",
        "How long other certificates are valid: a Go duration such as 8760h, or days such as 365d."),
    row!(CaKeys, b'r', "caKeys", Choice(&["onControlPlane", "offNode"]), "onControlPlane", "CA private keys",
        "onControlPlane: where kubeadm puts them. offNode: in offline-ca/ alone, never on a node."),
    row!(KubeletClient, b's', "kubelet.client", Choice(&["bootstrap", "issued"]), "bootstrap", "Kubelet client certificate",
        "bootstrap: a joining kubelet makes its key and requests its certificate. issued: made here (manual start)."),
    row!(KubeletServing, b't', "kubelet.serving", Choice(&["selfSigned", "clusterCA"]), "selfSigned", "Kubelet serving certificate",
        "selfSigned: each kubelet signs its own, nobody can check it. clusterCA: signed by the cluster CA, so the API server can."),
    row!(TlsMinVersion, b'u', "hardening.tlsMinVersion", Choice(&["", "VersionTLS12", "VersionTLS13"]), "", "Lowest TLS version",
        "Sets --tls-min-version on every component; empty leaves Go's default, TLS 1.2."),
    row!(CipherSuites, b'v', "hardening.cipherSuites", ChoiceList(CIPHER_SUITES), "", "TLS 1.2 cipher suites",
        "Sets --tls-cipher-suites on every component; empty leaves Go's default."),
    row!(Trust, b'w', "trust", Choice(&["separate", "single"]), "separate", "CAs",
        "separate: etcd has a CA of its own. single: one CA signs everything (course layout alone)."),
    row!(FileNames, b'x', "fileNames", Choice(&["crt", "pem"]), "crt", "File names",
        "Course layout: crt gives NAME.crt and NAME.key, pem gives NAME.pem and NAME-key.pem."),
    row!(ApiServerClientPairs, b'y', "apiServer.clientPairs", Choice(&["own", "serving"]), "own", "API server as client",
        "Course layout: own client pairs towards etcd and kubelets, or its serving pair used again."),
    row!(ImageRepository, b'z', "imageRepository", Text, "registry.k8s.io", "Image repository",
        "Where the manifests take their images from."),
    row!(AlsoSets, b'B', "kubeadm.alsoSets", List, "", "Set in your own kubeadm file",
        "Component and setting, without a value: your file sets it, this design does not hold it. Views say to look there."),
];

/// What people read for a choice's word.
pub fn words(word: &'static str) -> &'static str {
    match word {
        "" => "Go's default",
        "manual" => "by hand",
        "onControlPlane" => "on control planes",
        "offNode" => "off every node",
        "bootstrap" => "requested on joining",
        "issued" => "made here",
        "selfSigned" => "self-signed",
        "clusterCA" => "by the cluster CA",
        "VersionTLS12" => "TLS 1.2",
        "VersionTLS13" => "TLS 1.3",
        "stacked" => "on control planes",
        "external" => "on hosts of their own",
        "separate" => "separate",
        "single" => "one for all",
        "crt" => ".crt and .key",
        "pem" => ".pem and -key.pem",
        "own" => "of its own",
        "serving" => "its serving pair",
        other => other,
    }
}

impl Field {
    /// The field's row.
    pub fn row(self) -> &'static FieldRow {
        &FIELDS[self as usize]
    }

    /// The field at a dotted path without list index.
    pub fn from_path(path: &str) -> Option<Self> {
        FIELDS.iter().find(|row| row.path == path).map(|row| row.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (index, row) in FIELDS.iter().enumerate() {
            assert_eq!(row.field as usize, index, "{}", row.path);
        }
    }

    #[test]
    fn paths_and_link_letters_are_unique() {
        let paths: BTreeSet<_> = FIELDS.iter().map(|row| row.path).collect();
        let links: BTreeSet<_> = FIELDS.iter().map(|row| row.link).collect();
        assert_eq!(paths.len(), FIELDS.len());
        assert_eq!(links.len(), FIELDS.len());
    }

    #[test]
    fn a_choice_defaults_to_one_of_its_words() {
        for row in FIELDS {
            if let Choice(words) = row.kind {
                assert!(words.contains(&row.default), "{}", row.path);
            }
        }
    }
}
