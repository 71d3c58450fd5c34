//! Whether everything that was promised is there and runs.

use kubepki_core::plan::{Holding, Root};
use kubepki_core::spec::Host;

use crate::stage::Stage;

/// Each API server says so by itself, at its own address.
pub(crate) fn api_servers_are_ready(stage: &Stage) {
    for (node, _) in stage.control_planes() {
        let said = stage.kubectl(&format!("--server {} get --raw /readyz", stage.url(node))).good();
        assert_eq!(said, "ok", "{}", node.name);
    }
}

/// All nodes of the design, and no other; Ready where there is a network plugin.
pub(crate) fn nodes_are_there(stage: &Stage) {
    let said = stage.kubectl("get nodes --output name").good();
    let mut wanted: Vec<String> = stage.with_kubelets().map(|(node, _)| format!("node/{}", node.name)).collect();
    wanted.sort();
    assert_eq!(said.lines().collect::<Vec<_>>(), wanted);
    let ready = if stage.scenario.network { "True" } else { "False" };
    let states =
        r#"get nodes --output jsonpath='{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}'"#;
    stage.until("nodes are Ready as they should be", 90, states, |said| said.lines().all(|line| line == ready));
}

/// As many members as the design has, each healthy.
pub(crate) fn etcd_is_whole(stage: &Stage) {
    let spec = stage.spec();
    let members: Vec<usize> = (0..spec.nodes.len()).filter(|&node| spec.is_etcd_member(&spec.nodes[node])).collect();
    let plan = &stage.export.plan;
    let of = |id: &str, holding, node: usize| {
        let mut files =
            plan.files.iter().filter(|file| file.root == Root::Node(node) && file.content.holding == holding);
        files.find(|file| plan.certs[file.content.cert].row.id == id).map(|file| file.path.clone())
    };
    let pair = |node| {
        ["etcd-healthcheck-client", "apiserver-etcd-client", "etcd-server"]
            .into_iter()
            .find_map(|id| Some((of(id, Holding::Certificate, node)?, of(id, Holding::PrivateKey, node)?)))
    };
    let first = members[0];
    let (certificate, key) = pair(first).expect("a member has a client's pair");
    let ca = plan.flags.iter().find_map(|flag| match &flag.value {
        kubepki_core::plan::FlagValue::Set(value)
            if flag.node == first && flag.row.component == "etcd" && flag.row.name == "trusted-ca-file" =>
        {
            Some(value.clone())
        }
        _ => None,
    });
    let ca = ca.expect("etcd checks its clients");
    let endpoints: Vec<String> =
        members.iter().map(|&node| format!("https://{}:2379", Host::Address(spec.nodes[node].advertise()))).collect();
    let machine = &stage.cluster.machines[first];
    let etcdctl = format!("ETCDCTL_API=3 etcdctl --cacert {ca} --cert {certificate} --key {key}");
    let listed = machine.sh(&format!("{etcdctl} --endpoints {} member list", endpoints[0])).good();
    assert_eq!(listed.lines().filter(|line| line.contains(", started, ")).count(), members.len(), "{listed}");
    for &node in &members {
        assert!(listed.contains(&format!(" {},", spec.nodes[node].name)), "{}: {listed}", spec.nodes[node].name);
    }
    let healthy = machine.sh(&format!("{etcdctl} --endpoints {} endpoint health 2>&1", endpoints.join(","))).good();
    assert_eq!(healthy.matches("is healthy").count(), members.len(), "{healthy}");
}
