//! What a layout is, and what it says of a row of the catalog.

use crate::catalog::row::{CertRow, Eku, Kind, SanRow};
use crate::pattern::fill;
use crate::spec::{ClusterSpec, LayoutId, Node};

/// Where the files of one certificate lie on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// The certificate.
    pub certificate: Option<String>,
    /// The private key.
    pub private_key: Option<String>,
    /// The public key, for a bare key pair.
    pub public_key: Option<String>,
    /// The kubeconfig.
    pub kubeconfig: Option<String>,
}

/// What a layout changes about a row.
#[derive(Debug)]
pub struct Exception {
    /// The row's id.
    pub id: &'static str,
    /// Base name instead of the row's; `{node}` and `{member}` (the etcd member's number, from 1) are filled in.
    pub base: &'static str,
    /// Common name and organizations instead of the row's.
    pub subject: Option<(&'static str, &'static [&'static str])>,
    /// Names instead of the row's.
    pub sans: Option<&'static [SanRow]>,
}

/// How a certificate is used: its extended key usages, and the kind it is drawn as.
pub type Usage = (&'static [Eku], Kind);

/// A layout.
#[derive(Debug)]
pub struct Layout {
    /// Its id.
    pub id: LayoutId,
    /// What people call it.
    pub title: &'static str,
    /// Where the files of a row lie on a node, below the base name that the layout gives it.
    pub(super) paths: fn(&ClusterSpec, &CertRow, &str) -> Paths,
    /// What it changes about rows.
    pub(super) exceptions: &'static [Exception],
    /// Usages and kind that follow from how the layout uses a certificate, where they differ from the row's.
    pub(super) usage: fn(&ClusterSpec, &CertRow) -> Option<Usage>,
    /// Names added by that use.
    pub(super) more_sans: fn(&ClusterSpec, &CertRow) -> &'static [SanRow],
    /// Path of the kubelet's kubeconfig.
    pub(super) kubelet_kubeconfig: &'static str,
}

impl Layout {
    /// What this layout changes about a row.
    pub fn exception(&self, row: &CertRow) -> Option<&'static Exception> {
        self.exceptions.iter().find(|exception| exception.id == row.id)
    }

    /// The names of a row's certificate in this layout: the row's or the exception's, and what its use adds.
    pub fn sans(&self, spec: &ClusterSpec, row: &CertRow) -> impl Iterator<Item = &'static SanRow> {
        let own: &'static [SanRow] = self.exception(row).and_then(|one| one.sans).unwrap_or(row.sans);
        own.iter().chain((self.more_sans)(spec, row))
    }

    /// Usages and kind of a row's certificate in this layout.
    pub fn usage(&self, spec: &ClusterSpec, row: &CertRow) -> Usage {
        (self.usage)(spec, row).unwrap_or((row.ekus, row.kind))
    }

    /// Where a row's files lie on a node.
    pub fn paths(&self, spec: &ClusterSpec, row: &CertRow, node: &Node) -> Paths {
        (self.paths)(spec, row, &self.base(spec, row, node))
    }

    /// The base name of a row's files on a node.
    pub fn base(&self, spec: &ClusterSpec, row: &CertRow, node: &Node) -> String {
        let pattern = self.exception(row).map_or(row.base, |one| one.base);
        if !pattern.contains('{') {
            return pattern.to_owned();
        }
        let member = spec.etcd_members().position(|member| member.name == node.name).map_or(0, |index| index + 1);
        fill(pattern, &[("node", &node.name), ("member", &member.to_string())])
    }
}
