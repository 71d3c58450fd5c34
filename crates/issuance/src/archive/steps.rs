//! What to do next on each node: the same lines in `README.md` and at the end of `install.sh`.

use kubepki_core::Plan;
use kubepki_core::catalog::bindings::BOOTSTRAPPERS;
use kubepki_core::layout;
use kubepki_core::plan::{FlagValue, Root};
use kubepki_core::spec::{CaKeys, ClusterSpec, EtcdMode, LayoutId, Start};

use super::selection::Selection;
use crate::inspect::inspect;
use crate::pki::Pki;

/// SHA-256 of the cluster CA's public key (SubjectPublicKeyInfo), hexadecimal: what joining nodes are told to expect
/// (`--discovery-token-ca-cert-hash`).
pub(super) fn ca_hash(pki: &Pki) -> Option<String> {
    let ca = pki.plan.find("ca", None)?;
    inspect(pki.certs[ca].der.as_deref()?).ok().map(|facts| facts.public_key_hash)
}

/// The heading in `README.md` above what it means that the CA's key is on no node.
pub(super) const NOBODY_SIGNS: &str = "No certificate request is signed in this cluster";

/// The id of what a kubelet shows to the API server.
pub(super) const KUBELET: &str = "kubelet.conf";

/// One thing to do.
#[derive(Debug)]
pub(super) enum Step {
    /// In words.
    Say(String),
    /// A command, to be run beside the scripts.
    Run(String),
}

/// What to do on each node with what a selection holds, in the order of the design; never nothing.
pub(super) fn all(pki: &Pki, selection: Selection) -> Vec<Vec<Step>> {
    let hash = ca_hash(pki).unwrap_or_default();
    let plan = selection.started_plan(&pki.plan);
    (0..plan.spec.nodes.len()).map(|node| steps(&plan, node, &hash)).collect()
}

/// Nodes whose kubelet would have to request its certificate, where nobody signs what it requests.
pub(super) fn cut_off(plan: &Plan) -> Vec<usize> {
    if plan.spec.ca_keys == CaKeys::OnControlPlane {
        return Vec::new();
    }
    let kubelets = plan.unsigned.iter().filter(|one| one.row.id == KUBELET);
    kubelets.filter_map(|one| one.node).collect()
}

fn steps(plan: &Plan, index: usize, hash: &str) -> Vec<Step> {
    use Step::{Run, Say};
    let spec = &plan.spec;
    let node = &spec.nodes[index];
    let name = &node.name;
    let init = &spec.nodes[spec.init_node()].name;
    if !node.has_kubelet() {
        return vec![Say(format!("start etcd as manifests/{name}/ says, on all members before the first API server"))];
    }
    match spec.start {
        Start::Manual => by_hand(plan, index),
        Start::Kubeadm if cut_off(plan).contains(&index) => vec![cannot_join(name)],
        Start::Kubeadm if !spec.also_sets.is_empty() => with_own_file(plan, index, hash),
        Start::Kubeadm if name == init => {
            let etcd = if spec.etcd_mode == EtcdMode::External { "with etcd running; " } else { "" };
            vec![
                Say(format!("{etcd}kubeadm init finds the files and keeps them:")),
                Run(format!("kubeadm init --config kubeadm/{name}.yaml")),
            ]
        }
        Start::Kubeadm => vec![
            Say(format!(
                "once kubeadm init is through on {init}, with TOKEN being what kubeadm token create prints there:"
            )),
            Run(join(spec, index, hash)),
            Say(format!("or put TOKEN into kubeadm/{name}.yaml, which says more about the node:")),
            Run(format!("kubeadm join --config kubeadm/{name}.yaml")),
        ],
    }
}

/// Where the user's own kubeadm file sets more than the one of this export says, that file is the one to run kubeadm with.
fn with_own_file(plan: &Plan, index: usize, hash: &str) -> Vec<Step> {
    use Step::{Run, Say};
    let spec = &plan.spec;
    let (name, init) = (&spec.nodes[index].name, spec.init_node());
    let compare = format!("your own kubeadm file sets more than kubeadm/{name}.yaml, which is there to compare");
    if index == init {
        let etcd = if spec.etcd_mode == EtcdMode::External { "with etcd running; " } else { "" };
        return vec![
            Say(format!("{etcd}{compare}; kubeadm init finds the files of this export and keeps them:")),
            Run("kubeadm init --config YOUR-OWN-FILE.yaml".to_owned()),
        ];
    }
    vec![
        Say(format!(
            "once kubeadm init is through on {}: {compare}. Put into yours what kubeadm token create prints there, and sha256:{hash} under caCertHashes:",
            spec.nodes[init].name
        )),
        Run("kubeadm join --config YOUR-OWN-FILE.yaml".to_owned()),
    ]
}

fn cannot_join(name: &str) -> Step {
    Step::Say(format!(
        "{name} cannot join as it is, for nobody signs the certificate that its kubelet requests; README.md says what is needed, under {NOBODY_SIGNS:?}"
    ))
}

/// What kubeadm would do.
fn by_hand(plan: &Plan, index: usize) -> Vec<Step> {
    use Step::{Run, Say};
    let spec = &plan.spec;
    let node = &spec.nodes[index];
    let name = &node.name;
    let cut_off = cut_off(plan).contains(&index);
    let bootstrap = plan.flags.iter().filter(|_| !cut_off).find_map(|flag| match &flag.value {
        FlagValue::Set(path) if flag.node == index && flag.row.name == "bootstrap-kubeconfig" => Some(path),
        _ => None,
    });
    let mut steps = Vec::new();
    if cut_off {
        steps.push(cannot_join(name));
    }
    if let Some(path) = bootstrap {
        let cluster = &spec.cluster_name;
        let config = format!("kubectl config --kubeconfig {path}");
        steps.extend([
            Say("with one token for all nodes, ID being six and SECRET sixteen of the characters a-z and 0-9, write what the kubelet requests its certificate with:".to_owned()),
            Run(format!(
                "{config} set-cluster {cluster} --server {} --certificate-authority {} --embed-certs",
                spec.control_plane_url(),
                layout::ca_file(spec)
            )),
            Run(format!("{config} set-credentials bootstrap --token ID.SECRET")),
            Run(format!("{config} set-context bootstrap --cluster {cluster} --user bootstrap")),
            Run(format!("{config} use-context bootstrap")),
        ]);
    }
    steps.push(Say(match (node.control_plane, spec.layout) {
        (true, LayoutId::Course) => {
            format!("start etcd, then the API server, then the others, as manifests/{name}/ says")
        }
        (true, LayoutId::Kubeadm) => {
            let etcd = if spec.etcd_mode == EtcdMode::External { "with etcd running, " } else { "" };
            format!(
                "{etcd}put each file of manifests/{name}/ where it says and start the kubelet, which starts the others"
            )
        }
        (false, _) => format!("start what manifests/{name}/ holds"),
    }));
    if index != spec.init_node() {
        return steps;
    }
    if let (Some(file), false) = (plan.unbound_kubeconfig(), plan.bindings().is_empty()) {
        let kubectl = format!("kubectl --kubeconfig {}", file.path);
        steps.push(Say(
            "once the API server answers, and once for the cluster, what kubeadm init would bind:".to_owned()
        ));
        steps.push(Run(format!("{kubectl} apply -f rbac.yaml")));
        if bootstrap.is_some() {
            steps.push(Say("and the token, which you delete when all nodes are there:".to_owned()));
            steps.push(Run(format!(
                "{kubectl} -n kube-system create secret generic bootstrap-token-ID --type=bootstrap.kubernetes.io/token --from-literal=token-id=ID --from-literal=token-secret=SECRET --from-literal=usage-bootstrap-authentication=true --from-literal=auth-extra-groups={BOOTSTRAPPERS}"
            )));
        }
    }
    steps
}

/// The join command with the hash of the CA.
fn join(spec: &ClusterSpec, index: usize, hash: &str) -> String {
    let node = &spec.nodes[index];
    let url = spec.control_plane_url();
    let endpoint = url.trim_start_matches("https://");
    let hash = format!("--discovery-token-ca-cert-hash sha256:{hash}");
    let mut join = format!("kubeadm join {endpoint} --node-name {} --token TOKEN {hash}", node.name);
    if node.control_plane {
        join += &format!(" --control-plane --apiserver-advertise-address {}", node.advertise());
        // kubeadm's default port.
        if spec.bind_port != 6443 {
            join += &format!(" --apiserver-bind-port {}", spec.bind_port);
        }
    }
    join
}

/// Whether a node gets any file.
pub(super) fn has_files(pki: &Pki, node: usize) -> bool {
    pki.plan.files.iter().any(|file| file.root == Root::Node(node))
}
