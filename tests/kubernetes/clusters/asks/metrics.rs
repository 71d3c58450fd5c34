//! metrics-server: an API server behind the front proxy, and a caller of kubelets that checks whom it calls.

use kubepki_core::spec::KubeletServing;
use serde_json::{Value, json};

use super::{aggregated, connections_of, explained};
use crate::stage::{Stage, logged, shown};

const NAME: &str = "metrics-server";
const PORT: u16 = 8446;
const KUBECONFIG: &str = "/root/metrics-server.conf";

/// The account and the rights that upstream's manifests give it (kubernetes-sigs/metrics-server: manifests/base/rbac.yaml).
fn rights() -> [Value; 5] {
    let subjects = json!([{ "kind": "ServiceAccount", "name": NAME, "namespace": "kube-system" }]);
    let rbac = "rbac.authorization.k8s.io/v1";
    let role = |kind: &str, name: &str| json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name });
    let own = "system:metrics-server";
    [
        json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": NAME, "namespace": "kube-system" } }),
        json!({ "apiVersion": rbac, "kind": "ClusterRole", "metadata": { "name": own }, "rules": [
            { "apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"] },
            { "apiGroups": [""], "resources": ["pods", "nodes"], "verbs": ["get", "list", "watch"] },
        ] }),
        json!({ "apiVersion": rbac, "kind": "ClusterRoleBinding", "metadata": { "name": own },
            "roleRef": role("ClusterRole", own), "subjects": subjects }),
        json!({ "apiVersion": rbac, "kind": "ClusterRoleBinding", "metadata": { "name": "metrics-server:system:auth-delegator" },
            "roleRef": role("ClusterRole", "system:auth-delegator"), "subjects": subjects }),
        json!({ "apiVersion": rbac, "kind": "RoleBinding",
            "metadata": { "name": "metrics-server-auth-reader", "namespace": "kube-system" },
            "roleRef": role("Role", "extension-apiserver-authentication-reader"), "subjects": subjects }),
    ]
}

/// Starts it on the first control plane, with its account's token and the cluster's CA as a pod would have them.
fn start(stage: &Stage, more: &str) {
    let machine = stage.first();
    let unit = aggregated::unit(&format!(
        "{NAME} --secure-port {PORT} --cert-dir /root/metrics-server --metric-resolution 15s --kubelet-use-node-status-port --kubelet-preferred-address-types InternalIP,ExternalIP,Hostname --kubeconfig {KUBECONFIG} --authentication-kubeconfig {KUBECONFIG} --authorization-kubeconfig {KUBECONFIG} {more}"
    ));
    machine.write(&format!("/etc/systemd/system/{NAME}.service"), unit);
    machine.sh(&format!("systemctl start {NAME}")).good();
}

/// `kubectl top node` shows how much each node uses.
fn every_node_has_numbers(stage: &Stage) {
    let mut wanted: Vec<&str> = stage.with_kubelets().map(|(node, _)| node.name.as_str()).collect();
    wanted.sort_unstable();
    let numbers = |line: &str| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [node, cores, _, bytes, _] if cores.ends_with('m') && bytes.ends_with("Mi") => Some(node.to_owned()),
        _ => None,
    };
    stage.until("kubectl top shows every node", 120, "top node --no-headers", |said| {
        let mut shown: Vec<String> = said.lines().filter_map(numbers).collect();
        shown.sort_unstable();
        shown == wanted
    });
}

/// metrics-server believes the front proxy, whose CA the API server publishes, and asks every kubelet: with the cluster's CA
/// where kubelets have certificates of it. Elsewhere it says so in a line that is known, with the way out that then works.
pub(crate) fn kubectl_top_is_served(stage: &Stage) {
    let machine = stage.first();
    let api = json!({ "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": { "name": "v1beta1.metrics.k8s.io" },
            "spec": { "group": "metrics.k8s.io", "version": "v1beta1", "insecureSkipTLSVerify": true, "groupPriorityMinimum": 100,
                "versionPriority": 100, "service": { "name": NAME, "namespace": "default" } } });
    let parts: Vec<Value> = rights().into_iter().chain(aggregated::service(stage, NAME, PORT)).chain([api]).collect();
    stage.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": parts }).to_string());
    let ca = stage.flag("kube-controller-manager", "root-ca-file");
    let url = stage.url(&stage.spec().nodes[stage.spec().init_node()]);
    machine
        .sh(&format!(
            "token=$(kubectl --kubeconfig {} --namespace kube-system create token {NAME})
             set_() {{ kubectl --kubeconfig {KUBECONFIG} config \"$@\"; }}
             set_ set-cluster it --server {url} --certificate-authority {ca}
             set_ set-credentials it --token \"$token\"
             set_ set-context it --cluster it --user it
             set_ use-context it",
            stage.admin()
        ))
        .good();

    if stage.spec().kubelet_serving == KubeletServing::ClusterCa {
        start(stage, &format!("--kubelet-certificate-authority {ca}"));
        every_node_has_numbers(stage);
        return;
    }
    start(stage, "");
    let line = logged(machine, NAME, "\"Failed to scrape node\" err=");
    assert!(
        line.contains(":10250/metrics/resource") && line.contains("tls: failed to verify certificate: x509: "),
        "{line}"
    );
    assert_eq!(connections_of(&line), ["metrics-server->kubelet"], "{line}");
    let said = explained(&line);
    assert!(said.contains("the kubelet made its certificate itself"), "{line}: {said}");
    let out = "--kubelet-insecure-tls";
    assert!(said.contains(out), "{line}: {said}");
    // Its API is there; what it should answer is not.
    let ask = format!("kubectl --kubeconfig {} top node 2>&1 | grep -F 'metrics not available yet'", stage.admin());
    shown(machine, "kubectl top has nothing to show", 60, &ask);
    machine.sh(&format!("systemctl stop {NAME}")).good();
    start(stage, out);
    every_node_has_numbers(stage);
}
