//! A network of pods: the plugin `bridge` on each machine, and routes between them. It stands for whichever plugin an operator
//! chooses, and is there before the cluster is.

use std::net::IpAddr;

use kubepki_core::spec::Node;
use serde_json::json;

use crate::stage::Stage;

/// The part of the pods' ranges that a node with this number has, one of each family.
fn ranges(stage: &Stage, number: usize) -> Vec<String> {
    let first = &stage.spec().nodes[0];
    let chosen: Vec<String> = stage.spec().pod_subnets.iter().map(ToString::to_string).collect();
    let default = |address: &IpAddr| if address.is_ipv6() { "fd00:10:244::/56" } else { "10.244.0.0/16" }.to_owned();
    let whole = if chosen.is_empty() { vec![default(&first.advertise())] } else { chosen };
    whole.iter().map(|range| part(range, number)).collect()
}

/// `10.244.0.0/16` gives `10.244.3.0/24` to the machine with number 3, `fd00:10:244::/56` gives it `fd00:10:244:3::/64`.
fn part(range: &str, number: usize) -> String {
    let address: IpAddr =
        range.split('/').next().and_then(|text| text.parse().ok()).expect("a range begins with an address");
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            format!("{a}.{b}.{number}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{number:x}::/64")
        }
    }
}

/// The address of a node in the family of a range.
fn towards(node: &Node, range: &str) -> IpAddr {
    let of_family = |address: &&IpAddr| address.is_ipv6() == range.contains("::");
    *node.addresses.iter().find(of_family).expect("a node has an address of each family")
}

/// Configures the plugin on every machine with a kubelet.
pub(crate) fn plug_in(stage: &Stage) {
    for (number, (node, machine)) in stage.machines().enumerate() {
        if !node.has_kubelet() {
            continue;
        }
        let ranges: Vec<_> = ranges(stage, number).into_iter().map(|subnet| json!([{ "subnet": subnet }])).collect();
        let routes = ranges.iter().map(|range| match range.to_string().contains("::") {
            true => json!({ "dst": "::/0" }),
            false => json!({ "dst": "0.0.0.0/0" }),
        });
        let routes: Vec<_> = routes.collect();
        let plugin = json!({
            "type": "bridge", "bridge": "pods", "isGateway": true, "hairpinMode": true,
            "ipam": { "type": "host-local", "ranges": ranges, "routes": routes },
        });
        let list = json!({ "cniVersion": "1.0.0", "name": "pods", "plugins": [plugin] });
        machine.write("/etc/cni/net.d/10-pods.conflist", list.to_string());
        // CoreDNS asks somebody about names that are none of the cluster's; nobody serves them there.
        machine.write("/etc/resolv.conf", format!("nameserver {}\n", node.advertise()));
        for (other, (peer, _)) in stage.machines().enumerate().filter(|(other, _)| *other != number) {
            for range in self::ranges(stage, other) {
                let via = towards(peer, &range);
                let family = if via.is_ipv6() { "-6" } else { "-4" };
                machine.sh(&format!("ip {family} route add {range} via {via} dev eth0 onlink")).good();
            }
        }
    }
}

/// Where kubeadm did not start the cluster, it adds kube-proxy and CoreDNS, with the command of the README.
pub(crate) fn serve(stage: &Stage) {
    let readme = stage.readme();
    let named = readme.split('`').find(|quoted| quoted.starts_with("kubeadm init phase addon all "));
    if let Some(command) = named {
        stage.first().sh(command).good();
    }
    leave_conntrack_alone(stage);
}

/// The last minor release whose kube-proxy ends where it may not set how many connections the kernel tracks. No namespace of
/// networks may; the command is what makers of clusters in containers do about it (kind: pkg/cluster/internal/kubeadm/config.go).
const SETS_CONNTRACK: u16 = 36;

fn leave_conntrack_alone(stage: &Stage) {
    if stage.spec().version.minor > SETS_CONNTRACK {
        return;
    }
    let kubectl = format!("kubectl --kubeconfig {} --namespace kube-system", stage.admin());
    stage
        .first()
        .sh(&format!(
            "{kubectl} get configmap kube-proxy --output yaml | sed 's/maxPerCore: null/maxPerCore: 0/' | {kubectl} apply --filename - \
             && {kubectl} delete pods --selector k8s-app=kube-proxy --wait=false"
        ))
        .good();
}
