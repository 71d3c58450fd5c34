//! What is one node's own: InitConfiguration and JoinConfiguration.

use super::api::{Api, HASH_TO_FILL, TOKEN_TO_FILL};
use crate::snippet::value::Map;
use crate::spec::{ClusterSpec, Node};

/// What the file is and how it is used, as comment lines.
pub(super) fn heading(spec: &ClusterSpec, index: usize) -> String {
    let (node, init) = (&spec.nodes[index], spec.init_node());
    let name = &node.name;
    let mut text = format!("# kubeadm configuration of {name}, Kubernetes {}.\n", spec.version);
    if !spec.also_sets.is_empty() {
        let verb = if index == init { "init" } else { "join" };
        text.push_str(&format!(
            "# It is there to compare: with the files of this export in place, on {name}: kubeadm {verb} --config YOUR-OWN-FILE.yaml\n"
        ));
    } else if index == init {
        text.push_str(&format!(
            "# With the files of this export in place, on {name}: kubeadm init --config {name}.yaml\n"
        ));
    } else {
        let init = &spec.nodes[init].name;
        text.push_str(&format!(
            "# On {init}, once it is up: kubeadm token create   (prints a token that is valid for 24 hours)\n\
             # Put it into discovery.bootstrapToken.token below, then on {name}: kubeadm join --config {name}.yaml\n"
        ));
    }
    text
}

/// The InitConfiguration of the init node.
pub(super) fn init(spec: &ClusterSpec, api: Api, index: usize) -> Map {
    let node = &spec.nodes[index];
    api.document("InitConfiguration")
        .with("localAPIEndpoint", local_endpoint(spec, node))
        .with("nodeRegistration", registration(node, api))
}

/// The JoinConfiguration of another node.
pub(super) fn join(spec: &ClusterSpec, api: Api, index: usize, ca_hash: Option<&str>) -> Map {
    let node = &spec.nodes[index];
    let hash = ca_hash.map_or_else(|| HASH_TO_FILL.to_owned(), |hash| format!("sha256:{hash}"));
    let mut token = Map::new()
        .with("apiServerEndpoint", spec.control_plane_url().strip_prefix("https://").unwrap_or_default())
        .with("caCertHashes", vec![hash]);
    if ca_hash.is_none() {
        token = token.noted([
            "openssl x509 -in ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum".to_owned()
        ]);
    }
    let token =
        token.with("token", TOKEN_TO_FILL).noted(["kubeadm refuses the file until the token is filled in".to_owned()]);
    api.document("JoinConfiguration")
        .with("discovery", Map::new().with("bootstrapToken", token))
        .with("nodeRegistration", registration(node, api))
        .with_some(
            "controlPlane",
            node.control_plane.then(|| Map::new().with("localAPIEndpoint", local_endpoint(spec, node))),
        )
}

fn local_endpoint(spec: &ClusterSpec, node: &Node) -> Map {
    Map::new().with("advertiseAddress", node.advertise().to_string()).with("bindPort", spec.bind_port)
}

fn registration(node: &Node, api: Api) -> Map {
    // Without its taint a control plane runs workloads; an empty list is how kubeadm is told to leave it out.
    let untainted = (node.control_plane && node.worker).then(Vec::<String>::new);
    let arguments = api.arguments(vec![("node-ip", node.kubelet_addresses())]);
    Map::new().with("name", node.name.as_str()).with_some("taints", untainted).with("kubeletExtraArgs", arguments)
}

/// The addresses of a node that its configuration cannot name.
pub(super) fn unnamed_addresses(node: &Node) -> impl Iterator<Item = usize> {
    let first = node.advertise();
    let other = node.addresses.iter().position(|address| address.is_ipv4() != first.is_ipv4());
    (1..node.addresses.len()).filter(move |index| Some(*index) != other)
}
