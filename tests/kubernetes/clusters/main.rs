//! Whole clusters from exports, of Kubernetes' own components on machines of namespaces.

use kubepki_core::spec::Field;
use support::cluster::{Cluster, images};
use support::design;
use support::export::Export;
use support::scratch::Scratch;

/// kubeadm starts the first control plane on what an export brought.
#[test]
fn a_node_of_an_export_becomes_a_cluster() {
    let mut draft = design::draft("single");
    draft.set_text(Field::KubernetesVersion, images::version());
    let scratch = Scratch::new("single");
    let export = Export::of_draft("single", &draft, scratch.path());
    let cluster = Cluster::of(&export);
    let machine = cluster.machine("cp-1");
    machine.bring(&export.folder, "/root/export");
    machine.sh("cd /root/export && ./install.sh").good();
    machine.sh("cd /root/export && kubeadm init --config kubeadm/cp-1.yaml").good();
    let nodes = machine.sh("kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --output name").good();
    assert_eq!(nodes.trim(), "node/cp-1", "{}", cluster.logs());
}
