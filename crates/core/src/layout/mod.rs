//! Layouts: where artifacts lie on disk and what they are called. A row carries its base name; a layout derives the
//! path from it and lists only its own exceptions.

mod course;
mod kubeadm;
mod row;

use crate::catalog::row::CertRow;
use crate::spec::{ClusterSpec, LayoutId};

pub use row::{Exception, Layout, Paths, Usage};

/// The layouts.
pub static LAYOUTS: &[&Layout] = &[&kubeadm::LAYOUT, &course::LAYOUT];

impl Layout {
    /// The layout of an id.
    pub fn of(id: LayoutId) -> &'static Self {
        LAYOUTS.iter().copied().find(|layout| layout.id == id).unwrap_or(&kubeadm::LAYOUT)
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
