//! An API server behind kube-apiserver: Kubernetes' sample-apiserver under the name of the stage's own, with an etcd of its own.

use base64ct::{Base64, Encoding};
use serde_json::json;

use crate::stand::Stand;

/// The component, and the one in which it keeps its objects.
pub(crate) const SERVER: &str = "sample-apiserver";
pub(crate) const ETCD: &str = "sample-etcd";
pub(crate) const ETCD_COMMAND: &str = "/usr/local/bin/etcd --data-dir=/root/sample-etcd --listen-client-urls=http://127.0.0.1:12379 \
     --advertise-client-urls=http://127.0.0.1:12379 --listen-peer-urls=http://127.0.0.1:12380";
/// The folder of its files (rehearsal: stage.rs, `EXTENSION`).
const FOLDER: &str = "/aggregated-apiserver";
/// Where it serves.
pub(crate) const PORT: u16 = 8444;
const VERSION: &str = "v1alpha1";
/// What it serves (sample-apiserver: pkg/apis/wardle).
const GROUP: &str = "wardle.example.com";

/// How it is started. Whom it believes it reads from kube-apiserver's ConfigMap, as every extension does that is not told.
pub(crate) fn command(kubeconfig: &str) -> String {
    format!(
        "/opt/machine/sample-apiserver --etcd-servers=http://127.0.0.1:12379 --secure-port={PORT} \
         --tls-cert-file={FOLDER}/tls.crt --tls-private-key-file={FOLDER}/tls.key --kubeconfig={kubeconfig} \
         --authentication-kubeconfig={kubeconfig} --authorization-kubeconfig={kubeconfig}"
    )
}

/// Has kube-apiserver tell anew whom extensions believe. It adds its CAs to those that stand in its ConfigMap, and so would keep
/// what an earlier start put there (apiserver: pkg/controlplane/controller/clusterauthenticationtrust, `combineCertLists`).
pub(crate) fn believe_anew(stand: &Stand) {
    const TOLD: &str = "--namespace kube-system configmap extension-apiserver-authentication";
    let own = stand.machine().read("/etc/kubernetes/pki/front-proxy-ca.crt");
    let get = format!("get {TOLD} --output jsonpath={{.data.requestheader-client-ca-file}}");
    // It may still write what it read before: what stands there has to stay.
    let mut since = 0;
    let settled = stand.wait(30.0, || {
        if !stand.runs((0, "kube-apiserver")) {
            return true;
        }
        let told = stand.kubectl(&get);
        if told.code == Some(0) && own.contains(told.out.trim()) {
            since += 1;
        } else {
            since = 0;
            if told.code == Some(0) {
                stand.kubectl(&format!("delete {TOLD}"));
            }
        }
        since > 10
    });
    if !settled {
        println!("kube-apiserver does not tell whom extensions believe");
    }
}

/// The path of a request that kube-apiserver hands on to it.
pub(crate) fn path() -> String {
    format!("/apis/{GROUP}/{VERSION}/flunders")
}

/// The Service's address, one that kubeadm gives nobody.
pub(crate) fn address(stand: &Stand) -> String {
    let service = stand.spec.service_address().to_string();
    let (network, _) = service.rsplit_once('.').expect("an address of four parts");
    format!("{network}.200")
}

/// What registers it: its Service, and the APIService with the CA that it is checked with.
pub(crate) fn objects(stand: &Stand) -> String {
    let bundle = stand.machine().read(&format!("{FOLDER}/ca-bundle.crt"));
    let service = json!({ "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": "metrics-server", "namespace": "kube-system" },
        "spec": { "clusterIP": address(stand), "ports": [{ "port": 443, "targetPort": PORT }] } });
    // Available is what has an endpoint, whatever runs there.
    let slice = json!({ "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": { "name": "metrics-server", "namespace": "kube-system",
            "labels": { "kubernetes.io/service-name": "metrics-server" } },
        "ports": [{ "port": PORT, "protocol": "TCP" }], "endpoints": [{ "addresses": [stand.address(0)] }] });
    let api = json!({ "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
        "metadata": { "name": format!("{VERSION}.{GROUP}") },
        "spec": { "group": GROUP, "version": VERSION, "caBundle": Base64::encode_string(bundle.as_bytes()),
            "groupPriorityMinimum": 1000, "versionPriority": 15,
            "service": { "name": "metrics-server", "namespace": "kube-system" } } });
    json!({ "apiVersion": "v1", "kind": "List", "items": [service, slice, api] }).to_string()
}
