//! Layouts: where artifacts lie on disk and what they are called. A row carries its base name; a layout derives the
//! path from it and lists only its own exceptions.

mod course;
mod kubeadm;

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
    paths: fn(&ClusterSpec, &CertRow, &str) -> Paths,
    /// What it changes about rows.
    exceptions: &'static [Exception],
    /// Usages and kind that follow from how the layout uses a certificate, where they differ from the row's.
    usage: fn(&ClusterSpec, &CertRow) -> Option<Usage>,
    /// Names added by that use.
    more_sans: fn(&ClusterSpec, &CertRow) -> &'static [SanRow],
    /// Path of the kubelet's kubeconfig.
    kubelet_kubeconfig: &'static str,
}

/// The layouts.
pub static LAYOUTS: &[&Layout] = &[&kubeadm::LAYOUT, &course::LAYOUT];

impl Layout {
    /// The layout of an id.
    pub fn of(id: LayoutId) -> &'static Self {
        LAYOUTS.iter().copied().find(|layout| layout.id == id).unwrap_or(&kubeadm::LAYOUT)
    }

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

/// Path of the kubelet's kubeconfig, whether it is made here or by the kubelet.
pub fn kubelet_kubeconfig(id: LayoutId) -> &'static str {
    Layout::of(id).kubelet_kubeconfig
}

/// Path of the cluster CA's certificate on any node that has it.
pub fn ca_file(spec: &ClusterSpec) -> String {
    let layout = Layout::of(spec.layout);
    crate::catalog::cert("ca")
        .and_then(|row| layout.paths(spec, row, &spec.nodes[spec.init_node()]).certificate)
        .unwrap_or_default()
}

/// Name of a CA's files in `offline-ca/`, without extension: kubeadm's base, so that copying back is plain.
pub fn offline_base(row: &CertRow) -> &'static str {
    row.base
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::spec::preset::PRESETS;

    #[test]
    fn every_layout_places_every_row_it_has() {
        for preset in PRESETS {
            let plan = crate::plan::plan(&crate::spec::parse(&preset.draft()).0.unwrap());
            for (index, cert) in plan.certs.iter().enumerate() {
                assert!(
                    plan.files.iter().any(|file| file.content.cert == index),
                    "{}: {} has no file",
                    preset.name,
                    cert.row.id
                );
            }
        }
    }

    #[test]
    fn no_two_files_of_a_node_are_at_one_path() {
        for file_names in ["crt", "pem"] {
            for name in ["ca", "ca-key", "admin", "etcdpeer1", "service-account", "apiserver-etcd-client", "kubelet-ca"]
            {
                let mut draft = crate::spec::preset::Preset::named("course").unwrap().draft();
                draft.set_text(crate::spec::Field::FileNames, file_names);
                draft.nodes[0].name = name.to_owned();
                let plan = crate::plan::plan(&crate::spec::parse(&draft).0.unwrap());
                let twice =
                    plan.files.windows(2).find(|two| (two[0].root, &two[0].path) == (two[1].root, &two[1].path));
                assert!(twice.is_none(), "{name}: {twice:?}");
            }
        }
    }

    #[test]
    fn exceptions_name_rows_that_exist() {
        for layout in LAYOUTS {
            for exception in layout.exceptions {
                assert!(catalog::cert(exception.id).is_some(), "{}", exception.id);
            }
        }
    }
}
