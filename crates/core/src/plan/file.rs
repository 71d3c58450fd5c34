//! Files: where each certificate and key is stored.

use crate::catalog::holding::Holding;

/// The folder a path begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// The root file system of the node with this index.
    Node(usize),
    /// The folder of CA keys that are kept off the nodes.
    OfflineCa,
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
