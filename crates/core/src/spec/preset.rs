//! The designs to start from. Each is also a design file in `presets/`, which a test keeps equal to these rows.

use super::draft::{Draft, NodeDraft};
use super::field::Field;

/// A design to start from: what differs from the defaults.
#[derive(Debug)]
pub struct Preset {
    /// Its id: in links, on the command line and in the page.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// A few words below the title.
    pub subtitle: &'static str,
    /// Fields that differ from the defaults; lists joined by commas.
    fields: &'static [(Field, &'static str)],
    /// Nodes: name, addresses joined by commas, roles joined by commas.
    nodes: &'static [(&'static str, &'static str, &'static str)],
}

/// The presets. The first visit shows `ha-stacked`.
#[rustfmt::skip]
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "single", title: "Single node", subtitle: "kubeadm default",
        fields: &[],
        nodes: &[("cp-1", "192.168.1.10", "control-plane,worker")],
    },
    Preset {
        name: "ha-stacked", title: "HA, stacked etcd", subtitle: "3 control planes",
        fields: &[(Field::ClusterName, "prod-eu"), (Field::ControlPlaneEndpoint, "api.prod.example:6443")],
        nodes: &[
            ("cp-1", "10.0.0.11", "control-plane"), ("cp-2", "10.0.0.12", "control-plane"),
            ("cp-3", "10.0.0.13", "control-plane"), ("w-1", "10.0.0.21", "worker"),
        ],
    },
    Preset {
        name: "ha-external", title: "HA, external etcd", subtitle: "3 + 3 hosts",
        fields: &[
            (Field::ClusterName, "prod-eu"), (Field::ControlPlaneEndpoint, "api.prod.example:6443"),
            (Field::EtcdMode, "external"),
        ],
        nodes: &[
            ("cp-1", "10.0.0.11", "control-plane"), ("cp-2", "10.0.0.12", "control-plane"),
            ("cp-3", "10.0.0.13", "control-plane"), ("etcd-1", "10.0.0.31", "etcd"), ("etcd-2", "10.0.0.32", "etcd"),
            ("etcd-3", "10.0.0.33", "etcd"), ("w-1", "10.0.0.21", "worker"),
        ],
    },
    Preset {
        name: "course", title: "One CA", subtitle: "course names",
        fields: &[
            (Field::ClusterName, "course"), (Field::Start, "manual"), (Field::Layout, "course"),
            (Field::Trust, "single"), (Field::KubeletClient, "issued"), (Field::KubeletServing, "clusterCA"),
        ],
        nodes: &[("controlplane", "192.168.1.10", "control-plane"), ("node01", "192.168.1.11", "worker")],
    },
];

impl Preset {
    /// The preset of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The preset as a draft.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        for &(field, text) in self.fields {
            if field.row().is_list() {
                draft.set_list(field, split(text));
            } else {
                draft.set_text(field, text);
            }
        }
        draft.nodes = self
            .nodes
            .iter()
            .map(|&(name, addresses, roles)| NodeDraft {
                name: name.to_owned(),
                addresses: split(addresses),
                roles: split(roles),
            })
            .collect();
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_design_without_errors() {
        for preset in PRESETS {
            let (spec, findings) = crate::spec::parse(&preset.draft());
            assert!(spec.is_some(), "{}: {findings:?}", preset.name);
        }
    }
}
