//! An API server behind the front proxy: Kubernetes' sample-apiserver, which knows by its certificate who may say for whom it
//! asks.

use serde_json::{Value, json};

use crate::stage::Stage;

const GROUP: &str = "wardle.example.com";
const PORT: u16 = 8444;

/// A unit that runs a program of the machine.
pub(super) fn unit(command: &str) -> String {
    format!("[Service]\nExecStart=/opt/machine/{command}\nRestart=always\n")
}

/// A Service that leads to a port of the first control plane's machine.
pub(super) fn service(stage: &Stage, name: &str, port: u16) -> [Value; 2] {
    let address = stage.spec().nodes[stage.spec().init_node()].advertise();
    let family = if address.is_ipv6() { "IPv6" } else { "IPv4" };
    [
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": name, "namespace": "default" },
            "spec": { "ports": [{ "port": 443, "targetPort": port }], "ipFamilies": [family] } }),
        json!({ "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": family,
            "metadata": { "name": name, "namespace": "default", "labels": { "kubernetes.io/service-name": name } },
            "ports": [{ "port": port, "protocol": "TCP" }], "endpoints": [{ "addresses": [address.to_string()] }] }),
    ]
}

/// The API server hands a request on with its front-proxy certificate, and the other one believes whom it names. Another
/// certificate with the same headers is believed nothing but its own name.
pub(crate) fn the_front_proxy_is_believed(stage: &Stage) {
    let machine = stage.first();
    let admin = stage.admin();
    machine.write(
        "/etc/systemd/system/sample-etcd.service",
        unit("server --data-dir /root/sample-etcd --listen-client-urls http://127.0.0.1:12379 --advertise-client-urls http://127.0.0.1:12379 --listen-peer-urls http://127.0.0.1:12380"),
    );
    machine.write(
        "/etc/systemd/system/sample-apiserver.service",
        unit(&format!(
            "sample-apiserver --etcd-servers http://127.0.0.1:12379 --secure-port {PORT} --cert-dir /root/sample --kubeconfig {admin} --authentication-kubeconfig {admin} --authorization-kubeconfig {admin}"
        )),
    );
    machine.sh("systemctl start sample-etcd && systemctl start sample-apiserver").good();
    let api = json!({ "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": { "name": format!("v1alpha1.{GROUP}") },
            "spec": { "group": GROUP, "version": "v1alpha1", "insecureSkipTLSVerify": true, "groupPriorityMinimum": 1000,
                "versionPriority": 15, "service": { "name": "sample", "namespace": "default" } } });
    let parts: Vec<Value> = service(stage, "sample", PORT).into_iter().chain([api]).collect();
    stage.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": parts }).to_string());
    let state = format!(
        r#"get apiservice v1alpha1.{GROUP} --output jsonpath='{{.status.conditions[?(@.type=="Available")].status}}'"#
    );
    stage.until("the other API server is available", 90, &state, |said| said == "True");
    stage.until("an administrator is one there", 30, &format!("get flunders.{GROUP} --all-namespaces"), |_| true);

    let front =
        (stage.flag("kube-apiserver", "proxy-client-cert-file"), stage.flag("kube-apiserver", "proxy-client-key-file"));
    // The kubelet's, in one file.
    let other = ("/var/lib/kubelet/pki/kubelet-client-current.pem", "/var/lib/kubelet/pki/kubelet-client-current.pem");
    let ask = |(certificate, key): (&str, &str)| {
        let headers = "-H 'X-Remote-User: somebody' -H 'X-Remote-Group: system:masters'";
        let url = format!("https://127.0.0.1:{PORT}/apis/{GROUP}/v1alpha1/flunders");
        machine.sh(&format!("curl -sk --cert {certificate} --key {key} {headers} {url}")).good()
    };
    let said = ask(front);
    assert!(said.contains("FlunderList"), "{said}");
    let said = ask(other);
    assert!(said.contains("Forbidden") && said.contains("system:node:"), "{said}");
}
