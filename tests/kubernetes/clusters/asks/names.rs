//! The names under which a pod finds the API server: CoreDNS tells the address, and the certificate is for each of them.

use super::kubelets;
use crate::stage::Stage;

/// CoreDNS runs, with the rights and the configuration that kubeadm gives it, and a pod that calls the API server by each name of
/// its Service is shown a certificate for that name.
pub(crate) fn services_have_names(stage: &Stage) {
    let ready = "get deployment coredns --namespace kube-system --output jsonpath={.status.readyReplicas}";
    stage.until("CoreDNS is ready", 90, ready, |said| said.trim().parse().is_ok_and(|ready: u8| ready > 0));
    let token = stage.kubectl("create token default").good();
    let account = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
    let (node, _) = stage.with_kubelets().last().expect("a cluster has nodes");
    let pod = kubelets::pod(&node.name);
    let whole = format!("kubernetes.default.svc.{}", stage.spec().dns_domain);
    for name in ["kubernetes", "kubernetes.default", "kubernetes.default.svc", &whole] {
        let ask = format!(
            "exec {pod} --container waits -- /usr/local/bin/kubectl --server https://{name} --certificate-authority {account} --token {} auth whoami --output jsonpath={{.status.userInfo.username}}",
            token.trim()
        );
        let said = stage.until(&format!("{name} leads to an API server"), 30, &ask, |_| true);
        assert_eq!(said, "system:serviceaccount:default:default", "{name}");
    }
    // Whom it asks, and that a name which nobody has is none.
    let service = stage.json("get service kube-dns --namespace kube-system");
    let service = service["spec"]["clusterIP"].as_str().expect("kubeadm gives it an address");
    let ask = format!(
        "exec {pod} --container waits -- /usr/local/bin/kubectl --server https://nothing.default.svc --token {} get --raw /version",
        token.trim()
    );
    let said = stage.kubectl(&ask).bad();
    assert!(said.contains("lookup nothing.default.svc on ") && said.contains(service), "{said}");
}
