//! Nodes for which nobody signs: README.md says how they join all the same.

use std::fs;

use support::cluster::Machine;

use crate::stage::Stage;

/// What stands in a join configuration until a token is put there.
const TOKEN: &str = "PUT-HERE-WHAT-kubeadm-token-create-PRINTS";

/// Where no node has the key of the cluster CA, each node that README.md says cannot join gets a kubeconfig that kubeadm makes
/// where the key is, with the command of README.md, and joins with the flag that it names.
pub(crate) fn nodes_join_with_kubeconfigs_made_elsewhere(stage: &Stage) {
    let readme = stage.readme();
    let between = |begin: &str, end: &str| {
        let rest = readme.split_once(begin).unwrap_or_else(|| panic!("README.md does not say {begin:?}")).1;
        rest.split_once(end).unwrap_or_else(|| panic!("README.md does not say {end:?} after {begin:?}")).0
    };
    let names: Vec<&str> = between("**Warning: these nodes cannot join as they are: ", ".**").split(", ").collect();
    // The command is shown for the first of them, whose name ends it.
    let (command, _) = between("  kubeadm kubeconfig user ", " > kubelet.conf")
        .rsplit_once(names[0])
        .expect("the command names a node");
    let flag = between("  kubeadm then joins ", "`.").split_once('`').expect("a flag is named").1;
    let read = |path: &str| {
        let path = stage.export.folder.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let elsewhere = Machine::start("elsewhere");
    let first = &stage.spec().nodes[stage.spec().init_node()].name;
    for (from, to) in [
        (format!("nodes/{first}/etc/kubernetes/pki/ca.crt"), "/etc/kubernetes/pki/ca.crt".to_owned()),
        ("offline-ca/ca.key".to_owned(), "/etc/kubernetes/pki/ca.key".to_owned()),
        (format!("kubeadm/{first}.yaml"), format!("/root/kubeadm/{first}.yaml")),
    ] {
        elsewhere.write(&to, read(&from));
    }
    for name in names {
        let kubeconfig = elsewhere.sh(&format!("cd && kubeadm kubeconfig user {command}{name}")).good();
        let token = stage.first().sh(&format!("kubeadm --kubeconfig {} token create", stage.admin())).good();
        let machine = stage.cluster.machine(name);
        machine.write("/etc/kubernetes/kubelet.conf", kubeconfig);
        machine.write("/root/join.yaml", read(&format!("kubeadm/{name}.yaml")).replace(TOKEN, token.trim()));
        machine.sh_within(&format!("kubeadm join --config /root/join.yaml {flag}"), 300).good();
        stage.until("it has registered", 120, &format!("get node {name} --output name"), |_| true);
    }
}
