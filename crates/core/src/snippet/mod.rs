//! Texts that follow from a design or a plan: the design file, its schema, kubeadm's configuration, static Pod
//! manifests, the kubelet's configuration, systemd units and RBAC bindings. One writer a file; all are pure and need no key.

mod component;
pub mod design;
mod file;
pub mod kubeadm;
mod kubelet_config;
mod manifest;
mod rbac;
pub mod schema;
mod unit;
pub mod value;

use crate::catalog::flags::COMPONENTS;
use crate::plan::{Plan, PlannedFlag};
use component::Component;

pub use design::design;
pub use file::TextFile;
pub use schema::schema;

/// What starts every component on every node, node by node: static Pod manifests, the kubelet's configuration, and
/// systemd units where nothing else starts a component. Paths are `manifests/<node>/<file>`. Last, as
/// `rbac.yaml`, what RBAC must be told where nobody runs `kubeadm init`.
pub fn manifests(plan: &Plan) -> Vec<TextFile> {
    manifests_of(plan, None)
}

/// The same, of the cluster and one node alone where one is given, by its index.
pub fn manifests_of(plan: &Plan, only: Option<usize>) -> Vec<TextFile> {
    let same =
        |one: &PlannedFlag, other: &PlannedFlag| (one.node, one.row.component) == (other.node, other.row.component);
    plan.flags
        .chunk_by(same)
        .filter(|flags| only.is_none_or(|node| flags[0].node == node))
        .flat_map(|flags| {
            let (name, node) = (flags[0].row.component, &plan.spec.nodes[flags[0].node]);
            let component = Component { name, node, flags };
            [
                manifest::manifest(plan, &component),
                kubelet_config::kubelet_config(plan, &component),
                unit::unit(plan, &component),
            ]
        })
        .flatten()
        .chain(rbac::rbac(plan))
        .collect()
}

/// Whether one of [`manifests`] is a systemd unit that starts a component on a node, by its index: `NODE/COMPONENT.service`.
pub fn has_unit(plan: &Plan, node: usize, component: &str) -> bool {
    let (spec, node) = (&plan.spec, &plan.spec.nodes[node]);
    let runs = COMPONENTS.iter().any(|one| one.name == component && (one.runs_on)(spec, node));
    runs && unit::has_unit(plan, node, component)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;
    use crate::spec::{Draft, Field};

    fn files(preset: &str) -> Vec<TextFile> {
        changed(preset, |_| {})
    }

    fn changed(preset: &str, change: impl FnOnce(&mut Draft)) -> Vec<TextFile> {
        let mut draft = Preset::named(preset).map(Preset::draft).unwrap_or_default();
        change(&mut draft);
        manifests(&crate::plan::plan(&crate::spec::parse(&draft).0.expect("a preset is a design")))
    }

    fn paths(preset: &str) -> Vec<String> {
        files(preset).into_iter().map(|file| file.path.trim_start_matches("manifests/").to_owned()).collect()
    }

    #[test]
    fn each_node_gets_what_starts_its_components() {
        let control_plane = [
            "kube-apiserver.yaml",
            "kube-controller-manager.yaml",
            "kube-scheduler.yaml",
            "etcd.yaml",
            "kubelet-config.yaml",
        ];
        assert_eq!(paths("single"), control_plane.map(|file| format!("cp-1/{file}")));
        assert!(paths("ha-external").contains(&"etcd-1/etcd.service".to_owned()));
        assert!(!paths("ha-external").contains(&"cp-1/etcd.yaml".to_owned()));
        for file in ["controlplane/kube-apiserver.service", "controlplane/etcd.yaml", "node01/kubelet.service"] {
            assert!(paths("course").contains(&file.to_owned()), "{file}");
        }
    }

    #[test]
    fn a_manifest_has_flags_volumes_and_probes_of_its_version() {
        let files = files("single");
        let text = &files[0].text;
        let start = text.find("    - --advertise-address=192.168.1.10\n    - --allow-privileged=true\n");
        assert!(start.is_some(), "{text}");
        for part in [
            "image: registry.k8s.io/kube-apiserver:v1.37.",
            "    - mountPath: /etc/kubernetes/pki\n      name: k8s-certs\n      readOnly: true\n",
            "  - hostPath:\n      path: /etc/kubernetes/pki\n      type: DirectoryOrCreate\n    name: k8s-certs\n",
            "endpoint: \"192.168.1.10:6443\"",
            "port: probe-port",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(files[3].text.contains("image: registry.k8s.io/etcd:3.7.0-0\n"), "{}", files[3].text);
    }

    #[test]
    fn scheduler_and_controller_manager_are_as_kubeadm_of_the_version_writes_them() {
        let of = |version: &str, component: &str| {
            let files = changed("single", |draft| {
                draft.set_text(Field::KubernetesVersion, version);
                draft.set_text(Field::TlsMinVersion, "VersionTLS12");
            });
            files.into_iter().find(|file| file.path.ends_with(component)).expect("a manifest").text
        };
        let (older, newer) = (of("v1.31.14", "kube-scheduler.yaml"), of("v1.32.0", "kube-scheduler.yaml"));
        assert!(older.contains("path: /healthz") && !older.contains("readinessProbe"), "{older}");
        assert!(newer.contains("path: /livez") && newer.contains("path: /readyz"), "{newer}");
        let manager = |version| of(version, "kube-controller-manager.yaml");
        assert!(manager("v1.35.4").contains("flexvolume-dir") && !manager("v1.36.0").contains("flexvolume"));
        // What the configuration adds stands behind what kubeadm sets by itself.
        let last = "    - --use-service-account-credentials=true\n    - --tls-min-version=VersionTLS12\n";
        assert!(manager("v1.37.2").contains(last), "{}", manager("v1.37.2"));
    }

    /// The text of a node's etcd manifest.
    fn etcd(files: &[TextFile], node: &str) -> String {
        let path = format!("manifests/{node}/etcd.yaml");
        files.iter().find(|file| file.path == path).expect("a manifest").text.clone()
    }

    #[test]
    fn etcd_keeps_its_data_where_the_design_says() {
        let files = changed("single", |draft| draft.set_text(Field::EtcdDataDir, "/data/etcd"));
        let text = etcd(&files, "cp-1");
        for part in ["--data-dir=/data/etcd\n", "mountPath: /data/etcd\n", "path: /data/etcd\n"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(files.iter().all(|file| !file.text.contains("/var/lib/etcd")));
    }

    #[test]
    fn etcd_is_given_no_suites_with_which_it_would_not_start() {
        let suites = |draft: &mut Draft| {
            draft.set_list(Field::CipherSuites, vec!["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into()]);
        };
        let with = |min: &str| {
            changed("single", |draft| {
                suites(draft);
                draft.set_text(Field::TlsMinVersion, min);
            })
        };
        assert!(etcd(&with("VersionTLS12"), "cp-1").contains("--cipher-suites="));
        let newest = with("VersionTLS13");
        let text = etcd(&newest, "cp-1");
        assert!(text.contains("--tls-min-version=TLS1.3") && !text.contains("cipher-suites"), "{text}");
        assert!(newest.iter().any(|file| file.text.contains("--tls-cipher-suites=")));
    }

    #[test]
    fn only_members_that_join_say_how_the_cluster_stands_as_kubeadm_does() {
        let stacked = files("ha-stacked");
        assert!(!etcd(&stacked, "cp-1").contains("initial-cluster-state"), "{}", etcd(&stacked, "cp-1"));
        for joining in ["cp-2", "cp-3"] {
            assert!(etcd(&stacked, joining).contains("--initial-cluster-state=existing"));
        }
        let by_hand = changed("ha-stacked", |draft| draft.set_text(Field::Start, "manual"));
        for (files, node) in [(&by_hand, "cp-1"), (&by_hand, "cp-3"), (&files("ha-external"), "etcd-2")] {
            assert!(etcd(files, node).contains("--initial-cluster-state=new"), "{node}");
        }
    }
}
