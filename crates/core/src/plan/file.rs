//! Files: where each certificate and key is stored.

/// The folder a path begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// The root file system of the node with this index.
    Node(usize),
    /// The folder of CA keys that are kept off the nodes.
    OfflineCa,
}

/// What of a certificate a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holding {
    /// The certificate, PEM `CERTIFICATE`.
    Certificate,
    /// The private key, PEM: PKCS#1 for RSA, SEC 1 for ECDSA.
    PrivateKey,
    /// The public key alone, PEM `PUBLIC KEY`.
    PublicKey,
    /// A kubeconfig that embeds certificate, key and the cluster CA's certificate.
    Kubeconfig,
}

impl Holding {
    /// Whether whoever reads it can pose as the holder.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Kubeconfig)
    }

    /// What it is, in two words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::PrivateKey => "private key",
            Self::PublicKey => "public key",
            Self::Kubeconfig => "kubeconfig",
        }
    }
}

/// What a file is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Index into [`super::Plan::certs`].
    pub cert: usize,
    /// What of it.
    pub holding: Holding,
}

/// One file of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFile {
    /// Where its path begins.
    pub root: Root,
    /// Its path: absolute on a node (`/etc/kubernetes/pki/ca.crt`), relative in `offline-ca` (`etcd/ca.key`).
    pub path: String,
    /// Unix mode.
    pub mode: u32,
    /// Owner and group.
    pub owner: &'static str,
    /// What it is made from.
    pub content: Content,
}
