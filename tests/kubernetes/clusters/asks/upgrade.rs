//! What `kubeadm upgrade` does to the files of an export: it is known beforehand, and nothing else changes.

use std::collections::BTreeMap;

use crate::stage::{Stage, shown};

const MANIFESTS: &str = "/etc/kubernetes/manifests";

/// Every file below `/etc/kubernetes`, with a sum of what it says; what kubeadm keeps of before is beside them.
fn files(stage: &Stage) -> BTreeMap<String, String> {
    let script = "find /etc/kubernetes -path /etc/kubernetes/tmp -prune -o -type f -print | xargs sha256sum";
    let listed = stage.first().sh(script).good();
    let lines = listed.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(sum, path)| (path.to_owned(), sum.to_owned())).collect()
}

/// The files that a command changes, makes or takes away, each without its folder `/etc/kubernetes/`.
fn changed(stage: &Stage, command: &str) -> Vec<String> {
    let before = files(stage);
    stage.first().sh(command).good();
    let after = files(stage);
    let mut paths: Vec<&String> =
        before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| path.replace("/etc/kubernetes/", "")).collect()
}

/// Planning changes nothing, and an upgrade to manifests that are there already renews the administrator's certificate alone.
pub(crate) fn an_upgrade_to_the_same_changes_little(stage: &Stage) {
    let nothing: [&str; 0] = [];
    assert_eq!(changed(stage, "kubeadm upgrade plan $(kubeadm version --output short)"), nothing);
    assert_eq!(changed(stage, "kubeadm upgrade node"), ["admin.conf"]);
}

/// With manifests that it writes anew, an upgrade renews the certificates of those components as well, and with the API server's
/// those of etcd beside it: no CA, no key of tokens, and none of another component whose manifest stays.
pub(crate) fn an_upgrade_renews_with_the_manifest(stage: &Stage) {
    let machine = stage.first();
    let components = ["kube-apiserver", "kube-scheduler"];
    for component in components {
        machine.sh(&format!("sed -i 's|^    - {component}$|&\\n    - --v=1|' {MANIFESTS}/{component}.yaml")).good();
    }
    for component in components {
        // kubeadm waits for another pod than the one that the API server knows by now.
        let known = format!(
            "kubectl --kubeconfig {} get pods --namespace kube-system --selector component={component} --output yaml | grep -x ' *- --v=1' && kubectl --kubeconfig {0} wait pods --namespace kube-system --selector component={component} --for condition=Ready --timeout 60s",
            stage.admin()
        );
        shown(machine, &format!("{component} runs with another manifest"), 90, &known);
    }
    let pairs = [
        "apiserver",
        "apiserver-etcd-client",
        "apiserver-kubelet-client",
        "etcd/healthcheck-client",
        "etcd/peer",
        "etcd/server",
        "front-proxy-client",
    ];
    let mut wanted: Vec<String> =
        pairs.iter().flat_map(|pair| ["crt", "key"].map(|end| format!("pki/{pair}.{end}"))).collect();
    wanted.extend(components.map(|component| format!("manifests/{component}.yaml")));
    wanted.extend(["admin.conf", "scheduler.conf"].map(str::to_owned));
    wanted.sort();
    assert_eq!(changed(stage, "kubeadm upgrade node"), wanted);
    super::standing::api_servers_are_ready(stage);
}
