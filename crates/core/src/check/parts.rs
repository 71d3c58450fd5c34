//! What each node has to do with a connection: what can be said of it by whoever reads that node's files alone.

use super::connections::{ConnectionLine, Held, behind};
use crate::catalog::connections::Reach;
use crate::plan::{Holding, Plan};
use crate::sorted::SortedMap;

/// The part that one node takes in a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The node, as an index into the design.
    pub node: usize,
    /// Whether a caller there dials a server there: both sides of that one can be read on the node.
    pub within: bool,
    /// The other nodes that it dials or is dialled by, in order.
    pub others: Vec<usize>,
}

/// The parts that nodes take in each of these connections, in the order of the design: who dials whom, and not only the
/// pairs that [`ConnectionLine::halves`] needs to check every file once.
pub fn parts(plan: &Plan, lines: &[ConnectionLine]) -> Vec<Vec<Part>> {
    let nodes: Vec<usize> = (0..plan.spec.nodes.len()).collect();
    let held = Held::of(plan, &nodes);
    lines.iter().map(|line| of_line(plan, &held, line)).collect()
}

fn of_line(plan: &Plan, held: &Held<'_>, line: &ConnectionLine) -> Vec<Part> {
    let (spec, row) = (&plan.spec, line.row);
    let nodes = spec.nodes.iter().enumerate();
    let servers: Vec<usize> = nodes.filter(|(_, node)| (row.serves)(spec, node)).map(|(index, _)| index).collect();
    let mut parts = SortedMap::default();
    for &caller in &line.callers {
        for server in dialled(plan, held, line, caller, &servers) {
            for (node, other) in [(caller, server), (server, caller)] {
                let part = parts.or_insert(node, Part { node, within: false, others: Vec::new() });
                match node == other {
                    true => part.within = true,
                    false => part.others.push(other),
                }
            }
        }
    }
    let mut parts: Vec<Part> = parts.iter().map(|(_, part)| part.clone()).collect();
    for part in &mut parts {
        part.others.sort_unstable();
        part.others.dedup();
    }
    parts
}

/// The servers that a caller may reach.
fn dialled(plan: &Plan, held: &Held<'_>, line: &ConnectionLine, caller: usize, servers: &[usize]) -> Vec<usize> {
    match (line.row.reach)(&plan.spec) {
        Reach::Loopback | Reach::Service => vec![caller],
        Reach::Every => servers.to_vec(),
        Reach::Others if servers == [caller] => vec![caller],
        Reach::Others => servers.iter().copied().filter(|&server| server != caller).collect(),
        Reach::Kubeconfig => {
            let shown = held.first(line.row.client.shows, caller, Holding::Kubeconfig);
            let url = shown.and_then(|(cert, _)| plan.certs[cert].server.as_deref());
            let found = url.map(|url| behind(&plan.spec, url, servers)).unwrap_or_default();
            found.into_iter().map(|(server, _)| server).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::connections;
    use crate::plan::{Root, plan};
    use crate::spec::{Field, parse, preset::PRESETS, preset::Preset};

    fn told(plan: &Plan, id: &str) -> Vec<(usize, bool, Vec<usize>)> {
        let lines = connections(plan, None);
        let index = lines.iter().position(|line| line.row.id == id).expect("a connection of the plan");
        parts(plan, &lines)[index].iter().map(|part| (part.node, part.within, part.others.clone())).collect()
    }

    #[test]
    fn who_dials_whom_is_known_of_every_node() {
        let mut draft = Preset::named("ha-stacked").expect("preset").draft();
        draft.set_text(Field::Start, "manual");
        draft.set_text(Field::KubeletClient, "issued");
        let plan = plan(&parse(&draft).0.expect("no errors"));
        // Three control planes, one worker. A control plane's kubelet dials its own API server, a worker's any.
        assert_eq!(told(&plan, "etcd->etcd")[1], (1, false, vec![0, 2]));
        assert_eq!(told(&plan, "kube-apiserver->etcd")[1], (1, true, vec![]));
        assert_eq!(told(&plan, "kubelet->kube-apiserver")[0], (0, true, vec![3]));
        assert_eq!(told(&plan, "kubelet->kube-apiserver")[3], (3, false, vec![0, 1, 2]));
        assert_eq!(told(&plan, "kube-apiserver->kubelet")[3], (3, false, vec![0, 1, 2]));
        assert_eq!(
            told(&plan, "super-admin->kube-apiserver"),
            [(0, true, vec![1, 2]), (1, false, vec![0]), (2, false, vec![0])]
        );
    }

    #[test]
    fn what_a_node_has_within_itself_is_checked_with_its_own_files() {
        for preset in PRESETS {
            let plan = plan(&parse(&preset.draft()).0.expect("no errors"));
            let lines = connections(&plan, None);
            for (line, parts) in lines.iter().zip(parts(&plan, &lines)) {
                for part in parts.iter().filter(|part| part.within) {
                    let here = |file: usize| plan.files[file].root == Root::Node(part.node);
                    let found = line.halves.iter().any(|half| here(half.file) && here(half.anchor));
                    assert!(found, "{}: {} on {}", preset.name, line.row.id, part.node);
                }
            }
        }
    }
}
