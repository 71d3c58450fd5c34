//! etcd where it runs apart from the control plane, before any API server.

use kubepki_core::plan::Holding;
use kubepki_core::spec::{EtcdMode, Host};

use super::step::{Fact, On, Scene, Step, until};

/// Starts the members that are services of their own, all together: alone none has a majority.
pub(super) fn hosts(scene: &Scene<'_>) -> Option<Step> {
    let spec = scene.spec();
    let members = scene.nodes(|node| spec.is_etcd_member(&spec.nodes[node]) && scene.has_unit(node, "etcd"));
    if members.is_empty() {
        return None;
    }
    let apart = spec.etcd_mode == EtcdMode::External;
    let step = Step::new(On::Each(members.clone()), "start etcd")
        .why(if members.len() > 1 {
            "Start it on all of them before you check: a member alone waits for the others. The program is expected in /usr/local/bin."
        } else {
            "The program is expected in /usr/local/bin."
        })
        .run(scene.at_bundle(&members, [
            "cp manifests/$NODE/etcd.service /etc/systemd/system/",
            "systemctl daemon-reload",
            "systemctl enable etcd",
            "systemctl start --no-block etcd",
        ]));
    let (needs, gives) = (step.of_each(Fact::Installed), step.of_each(Fact::Etcd));
    let whole =
        if apart { "this member answers, and the cluster has a leader" } else { "etcd answers, and has a leader" };
    Some(step.check(whole, healthy(scene, &members)).needs(needs).gives(gives))
}

/// Waits on members until etcd is healthy: it answers so when there is a leader.
pub(super) fn healthy(scene: &Scene<'_>, members: &[usize]) -> Vec<String> {
    let spec = scene.spec();
    // All members have the same files, but for names with a number in them: those of the first are looked up there.
    let id = ["etcd-healthcheck-client", "apiserver-etcd-client", "etcd-server"];
    let pair = |node: usize| {
        id.into_iter().find_map(|id| {
            Some((scene.file(id, Holding::Certificate, node)?, scene.file(id, Holding::PrivateKey, node)?))
        })
    };
    let Some(&first) = members.first() else { return Vec::new() };
    let (certificate, key) = pair(first).unwrap_or_default();
    let ca = scene.flag(first, "etcd", "trusted-ca-file").unwrap_or_default();
    let url = format!("https://{}:2379/health", Host::Address(spec.nodes[first].loopback()));
    let call = format!("curl -sf --cacert {ca} --cert {certificate} --key {key} {url} >/dev/null");
    vec![until(180, &call)]
}
