//! kubeadm configuration: one file for each node that kubeadm sets up, in the API version that the chosen release reads.
//! What that API cannot say is a notice at the field, and a comment in the file.

mod api;
mod cluster;
mod node;
mod unsaid;

use super::TextFile;
use super::value::Map;
use crate::plan::Plan;
use crate::spec::Field;

pub(super) use api::EXTRA_ARGUMENTS;
pub use api::{Api, HASH_TO_FILL, TOKEN_TO_FILL};
pub use unsaid::{left_out, notices};

/// The configuration files, one for each control-plane node and worker, the init node's with the cluster's. Paths are
/// `kubeadm/<node>.yaml`. `ca_hash` is the SHA-256 of the cluster CA's public key in hexadecimal, where one was issued:
/// joining nodes check the cluster by it. Hosts that are etcd alone get none: kubeadm does not set them up.
pub fn files(plan: &Plan, ca_hash: Option<&str>) -> Vec<TextFile> {
    files_of(plan, ca_hash, None)
}

/// The same, of one node alone where one is given, by its index.
pub fn files_of(plan: &Plan, ca_hash: Option<&str>, only: Option<usize>) -> Vec<TextFile> {
    let spec = &plan.spec;
    let api = Api::of(spec.version);
    let init = spec.init_node();
    let unsaid = unsaid::notices(spec);
    spec.nodes
        .iter()
        .enumerate()
        .filter(|(index, node)| node.has_kubelet() && only.is_none_or(|only| only == *index))
        .map(|(index, node)| {
            let own = format!("nodes.{index}.");
            let mut documents = Vec::new();
            let mut text = node::heading(spec, index);
            for notice in &unsaid {
                let here =
                    if notice.field.starts_with("nodes.") { notice.field.starts_with(&own) } else { index == init };
                // A user's own file is every node's.
                if here || notice.field == Field::AlsoSets.row().path {
                    text.push_str(&format!("# Not said below: {}: {}.\n", notice.field, notice.message));
                }
            }
            if index == init {
                documents.push(node::init(spec, api, index));
                documents.push(cluster::cluster(plan, api));
                documents.extend(cluster::kubelet(spec));
            } else {
                documents.push(node::join(spec, api, index, ca_hash));
            }
            text.push_str(&documents.iter().map(Map::to_yaml).collect::<Vec<_>>().join("---\n"));
            // 0600: the token that is filled in lets machines join.
            TextFile { path: format!("kubeadm/{}.yaml", node.name), mode: 0o600, text }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Draft;
    use crate::spec::preset::Preset;

    fn text(change: impl FnOnce(&mut Draft), node: &str) -> String {
        let mut draft = Preset::named("ha-stacked").map(Preset::draft).unwrap_or_default();
        change(&mut draft);
        let plan = crate::plan::plan(&crate::spec::parse(&draft).0.expect("a design"));
        let files = files(&plan, Some("abcd"));
        files.into_iter().find(|file| file.path == format!("kubeadm/{node}.yaml")).expect("a file").text
    }

    #[test]
    fn the_init_node_has_both_documents_and_the_others_join() {
        let init = text(|_| {}, "cp-1");
        for part in [
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n",
            "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: prod-eu\n",
            "controlPlaneEndpoint: api.prod.example:6443\n",
            "encryptionAlgorithm: RSA-2048\n",
        ] {
            assert!(init.contains(part), "{part}\n{init}");
        }
        let join = text(|_| {}, "cp-2");
        assert!(join.contains("    caCertHashes:\n    - sha256:abcd\n"), "{join}");
        assert!(join.contains("controlPlane:\n  localAPIEndpoint:\n    advertiseAddress: 10.0.0.12\n"), "{join}");
        assert!(text(|_| {}, "w-1").contains("- name: node-ip\n    value: 10.0.0.21\n"), "{}", text(|_| {}, "w-1"));
    }

    #[test]
    fn older_releases_get_the_older_api_and_a_word_on_what_it_lacks() {
        let older = |draft: &mut Draft| {
            draft.set_text(Field::KubernetesVersion, "1.30");
            draft.set_text(Field::KeysCa, "ECDSA-P256");
            draft.set_text(Field::KeysLeaf, "ECDSA-P256");
            draft.set_text(Field::ValidityLeaf, "90d");
            draft.set_text(Field::TlsMinVersion, "VersionTLS13");
        };
        let init = text(older, "cp-1");
        for part in [
            "kubeadm.k8s.io/v1beta3",
            "featureGates:\n  PublicKeysECDSA: true\n",
            "  extraArgs:\n    tls-min-version: VersionTLS13\n",
            "# Not said below: validity.leaf: ",
            "kind: KubeletConfiguration\n",
        ] {
            assert!(init.contains(part), "{part}\n{init}");
        }
        assert!(!init.contains("encryptionAlgorithm") && !init.contains("certificateValidityPeriod"), "{init}");
    }

    #[test]
    fn etcd_gets_its_folder_and_no_suites_beside_tls_1_3() {
        let init = text(
            |draft| {
                draft.set_text(Field::EtcdDataDir, "/data/etcd");
                draft.set_text(Field::TlsMinVersion, "VersionTLS13");
                draft.set_list(Field::CipherSuites, vec!["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into()]);
            },
            "cp-1",
        );
        let etcd = init.split("\netcd:\n").nth(1).and_then(|rest| rest.split("---\n").next()).expect("etcd");
        assert!(etcd.contains("dataDir: /data/etcd\n") && etcd.contains("value: TLS1.3"), "{init}");
        assert!(!etcd.contains("cipher-suites") && init.contains("tls-cipher-suites"), "{init}");
    }

    #[test]
    fn beside_a_users_own_file_this_one_is_there_to_compare_and_says_what_it_lacks() {
        let own = |draft: &mut Draft| {
            draft.set_list(
                Field::AlsoSets,
                vec!["kube-apiserver --encryption-provider-config".into(), "kubeadm skipPhases".into()],
            );
        };
        for node in ["cp-1", "cp-2", "w-1"] {
            let text = text(own, node);
            assert!(text.contains("# Not said below: kubeadm.alsoSets: your own kubeadm file also sets kube-apiserver --encryption-provider-config, kubeadm skipPhases.\n"), "{text}");
            assert!(text.contains("YOUR-OWN-FILE.yaml") && !text.contains(&format!("--config {node}.yaml")), "{text}");
        }
        assert!(text(|_| {}, "cp-1").contains("kubeadm init --config cp-1.yaml"));
    }
}
