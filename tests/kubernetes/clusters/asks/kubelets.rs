//! Kubelets as the API server and its callers reach them: logs, commands in containers, the certificate that they serve with.

use kubepki_core::spec::{KubeletServing, Start};
use serde_json::json;
use support::cluster::images;

use super::running;
use crate::stage::Stage;

/// The name of the pod on a node.
pub(super) fn pod(node: &str) -> String {
    format!("asked-{node}")
}

/// Runs a container on each node that prints something and then waits, past every taint.
fn start_pods(stage: &Stage) {
    let image = stage.image("kube-apiserver");
    let on_host = !stage.scenario.network;
    for (node, _) in stage.with_kubelets() {
        let kubectl = "/usr/local/bin/kubectl";
        let manifest = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": pod(&node.name), "namespace": "default" },
            "spec": {
                "nodeName": node.name,
                "hostNetwork": on_host,
                "tolerations": [{ "operator": "Exists" }],
                "terminationGracePeriodSeconds": 1,
                "initContainers": [{ "name": "says", "image": image, "imagePullPolicy": "Never",
                    "command": [kubectl, "version", "--client"] }],
                "containers": [{ "name": "waits", "image": image, "imagePullPolicy": "Never",
                    "command": ["/usr/local/bin/pause"] }],
            },
        });
        stage.until("there is an account for pods", 60, "get serviceaccount default", |_| true);
        stage.apply(&manifest.to_string());
    }
    for (node, _) in stage.with_kubelets() {
        let phase = format!("get pod {} --output jsonpath={{.status.phase}}", pod(&node.name));
        stage.until(&format!("{} runs a pod", node.name), 120, &phase, |said| said == "Running");
    }
}

/// `kubectl logs` and `kubectl exec` reach each node, whether the API server checks the kubelets' certificates or not; and it
/// checks them where the export says so, or once the README has been followed to its end.
pub(crate) fn logs_and_exec_work(stage: &Stage) {
    start_pods(stage);
    for (node, _) in stage.with_kubelets() {
        let pod = pod(&node.name);
        let said = stage.kubectl(&format!("logs {pod} --container says")).good();
        assert!(said.contains(images::version()), "{}: {said}", node.name);
        let said =
            stage.kubectl(&format!("exec {pod} --container waits -- /usr/local/bin/kubectl version --client")).good();
        assert!(said.contains(images::version()), "{}: {said}", node.name);
    }
    let checked = stage.spec().kubelet_serving == KubeletServing::ClusterCa;
    let approved = stage.spec().start == Start::Manual || stage.signs();
    for (node, machine) in stage.control_planes() {
        let flags = running::flags(machine, "kube-apiserver");
        let has = flags.contains_key("kubelet-certificate-authority");
        assert_eq!(has, checked && approved, "{}: {flags:?}", node.name);
    }
}
