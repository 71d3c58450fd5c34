//! kubeadm on a cluster that it started from an export: what it lists, renews, makes and takes away.

use kubepki_core::plan::{Holding, Root};

use crate::stage::Stage;

/// It knows every certificate, none is missing, and what it renews works once the components have read it.
pub(crate) fn kubeadm_renews_on_the_running_cluster(stage: &Stage) {
    for (node, machine) in stage.control_planes() {
        let listed = machine.sh("kubeadm certs check-expiration").good();
        assert!(!listed.contains("!MISSING!") || listed.contains("super-admin.conf"), "{}: {listed}", node.name);
        let said = machine.sh("kubeadm certs renew all").good();
        assert_eq!(said.contains("can't be renewed"), !stage.signs(), "{}: {said}", node.name);
    }
    stage.restart(&["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]);
    super::standing::api_servers_are_ready(stage);
}

/// Requests for the same certificates, a kubeconfig for somebody, tokens.
pub(crate) fn kubeadm_makes_requests_and_kubeconfigs(stage: &Stage) {
    let machine = stage.first();
    let node = &stage.spec().nodes[stage.spec().init_node()].name;
    let config =
        std::fs::read_to_string(stage.export.folder.join(format!("kubeadm/{node}.yaml"))).expect("it is kubeadm's");
    machine.write("/root/kubeadm.yaml", config);
    machine
        .sh("kubeadm certs generate-csr --config /root/kubeadm.yaml --cert-dir /root/csr --kubeconfig-dir /root/csr")
        .good();
    let plan = &stage.export.plan;
    for file in plan.files.iter().filter(|file| file.root == Root::Node(stage.spec().init_node())) {
        let cert = &plan.certs[file.content.cert];
        let Some(name) = file.path.strip_prefix("/etc/kubernetes/pki/").and_then(|path| path.strip_suffix(".crt"))
        else {
            continue;
        };
        if file.content.holding != Holding::Certificate
            || cert.issuer.is_none()
            || cert.issuer == Some(file.content.cert)
        {
            continue;
        }
        let request = format!("/root/csr/{name}.csr");
        if !machine.path(&request).exists() {
            continue;
        }
        let subject = |what: &str, path: &str| {
            machine.sh(&format!("openssl {what} -in {path} -noout -subject -nameopt RFC2253")).good()
        };
        assert_eq!(subject("req", &request), subject("x509", &file.path), "{name}");
    }
    if stage.signs() {
        let said = machine.sh("kubeadm kubeconfig user --config /root/kubeadm.yaml --client-name joe --org readers >/root/joe.conf && kubectl --kubeconfig /root/joe.conf auth whoami").good();
        assert!(said.contains("joe") && said.contains("readers"), "{said}");
    }
    let token = machine.sh("kubeadm token create --ttl 5m").good();
    let id = token.split('.').next().unwrap_or_default().to_owned();
    assert!(machine.sh("kubeadm token list").good().contains(&id), "{token}");
    machine.sh(&format!("kubeadm token delete {id}")).good();
    assert!(!machine.sh("kubeadm token list").good().contains(&id), "{token}");
}

/// What a node's part of the export becomes when kubeadm takes the node out of the cluster.
pub(crate) fn kubeadm_resets(stage: &Stage) {
    let (node, machine) = stage.with_kubelets().last().expect("a cluster has nodes");
    machine.sh("kubeadm reset --force").good();
    let index = stage.spec().nodes.iter().position(|one| one.name == node.name).expect("it is a node of the design");
    for file in stage.export.plan.files.iter().filter(|file| file.root == Root::Node(index)) {
        assert!(!machine.path(&file.path).exists(), "{}: {} is still there", node.name, file.path);
    }
}
