//! Connections of a plan: for every row of [`CONNECTIONS`] which file is shown, and which file it is checked with.
//! `verify.sh` runs exactly these checks; the page shows the same lines before any key exists.

use std::fmt;

use super::Rule;
use crate::catalog::connections::{Anchor, CONNECTIONS, ConnectionRow, Reach};
use crate::catalog::row::Eku;
use crate::diag::Diagnostic;
use crate::plan::{Holding, Plan, Root};
use crate::sorted::{SortedMap, SortedSet};
use crate::spec::{ClusterSpec, Lifetime, Node, San};

/// One certificate checked by whoever it is shown to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Half {
    /// Index into [`Plan::files`]: the certificate, or the kubeconfig that holds it.
    pub file: usize,
    /// Index into [`Plan::files`]: the CA certificate, or the kubeconfig that holds a copy of it.
    pub anchor: usize,
    /// The usage it must have.
    pub eku: Eku,
    /// The names it must answer to, as they are dialled; none for clients.
    pub names: Vec<San>,
}

/// One kind of connection in a plan, over all its nodes.
#[derive(Clone, Debug)]
pub struct ConnectionLine {
    /// Its row.
    pub row: &'static ConnectionRow,
    /// Id of the certificate that the line names: the caller's, or the server's when the caller shows none.
    pub shown: &'static str,
    /// Id of the CA that signed it.
    pub issuer: &'static str,
    /// The usage it must have.
    pub eku: Eku,
    /// How long it is valid.
    pub lifetime: Lifetime,
    /// The port that listens.
    pub port: u16,
    /// Whether the caller checks the server with a file of this PKI.
    pub server_checked: bool,
    /// The nodes that call, as indexes into the design.
    pub callers: Vec<usize>,
    /// Every check behind the line. Each file that takes part is in at least one of them; with many nodes not every
    /// caller is paired with every server, for all copies of a CA are the same bytes.
    pub halves: Vec<Half>,
}

impl fmt::Display for ConnectionLine {
    /// `kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca, clientAuth, 365 days`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, shown, issuer, eku, lifetime, .. } = self;
        write!(out, "{} → {}  {shown} signed by {issuer}, {}, {lifetime}", row.caller, row.server, eku.word())
    }
}

/// The connections of a plan. With a node, only what that node's own files can show.
pub fn connections(plan: &Plan, node: Option<usize>) -> Vec<ConnectionLine> {
    let nodes: Vec<usize> = node.map_or_else(|| (0..plan.spec.nodes.len()).collect(), |node| vec![node]);
    among(plan, &nodes)
}

/// The connections among these nodes, which are in order.
fn among(plan: &Plan, nodes: &[usize]) -> Vec<ConnectionLine> {
    let held = Held::of(plan, nodes);
    CONNECTIONS.iter().filter_map(|row| line(plan, &held, row, nodes)).collect()
}

fn line(plan: &Plan, held: &Held<'_>, row: &'static ConnectionRow, nodes: &[usize]) -> Option<ConnectionLine> {
    let spec = &plan.spec;
    let on = |runs: fn(&ClusterSpec, &Node) -> bool| -> Vec<usize> {
        nodes.iter().copied().filter(|&index| runs(spec, &spec.nodes[index])).collect()
    };
    let (callers, servers) = (on(row.calls), on(row.serves));
    let reach = (row.reach)(spec);
    let server_checked = (row.server_checked)(spec);
    let mut halves = SortedSet::default();
    let mut named = None;
    for (caller, server) in pairs(reach, &callers, &servers) {
        if let Some((cert, half)) = caller.and_then(|caller| client_half(held, row, caller, server)) {
            named.get_or_insert((cert, Eku::ClientAuth));
            halves.insert(half);
        }
        let checked = match (caller, server) {
            (Some(caller), _) if reach == Reach::Kubeconfig => kubeconfig_halves(plan, held, row, caller, &servers),
            (_, Some(server)) if server_checked => server_half(plan, held, row, caller, server).into_iter().collect(),
            _ => Vec::new(),
        };
        for (cert, half) in checked {
            if row.client.shows.is_empty() {
                named.get_or_insert((cert, Eku::ServerAuth));
            }
            halves.insert(half);
        }
    }
    let (cert, eku) = named?;
    let planned = &plan.certs[cert];
    let callers = callers
        .into_iter()
        .filter(|&node| row.client.shows.is_empty() || row.client.shows.iter().any(|id| held.cert(id, node).is_some()));
    Some(ConnectionLine {
        row,
        shown: planned.row.id,
        issuer: planned.issuer.map_or(planned.row.id, |issuer| plan.certs[issuer].row.id),
        eku,
        lifetime: planned.lifetime,
        port: row.port.unwrap_or(spec.bind_port),
        server_checked,
        callers: callers.collect(),
        halves: halves.into_vec(),
    })
}

/// Who is checked with whom, so that every caller and every server takes part at least once, and a node that is both
/// with itself where it dials itself: what it has of a connection can be checked without another node.
fn pairs(reach: Reach, callers: &[usize], servers: &[usize]) -> Vec<(Option<usize>, Option<usize>)> {
    let most = callers.len().max(servers.len());
    let nth = |list: &[usize], index: usize| (!list.is_empty()).then(|| list[index % list.len()]);
    let in_turn = |count: usize| (0..count).map(|index| (nth(callers, index), nth(servers, index)));
    let itself = |node: &usize| (Some(*node), Some(*node));
    let both = || callers.iter().filter(|node| servers.contains(node)).map(itself);
    match reach {
        Reach::Loopback | Reach::Service => callers.iter().map(itself).collect(),
        Reach::Kubeconfig => in_turn(callers.len()).chain(both()).collect(),
        Reach::Every => in_turn(most).chain(both()).collect(),
        Reach::Others => (0..most).map(|index| (nth(callers, index), nth(servers, index + 1))).collect(),
    }
}

/// What the caller shows, and the server's copy of the CA; the caller's own where the server's is not in the plan.
fn client_half(held: &Held<'_>, row: &ConnectionRow, caller: usize, server: Option<usize>) -> Option<(usize, Half)> {
    let embedded = row.server_side.anchor == Anchor::Embedded;
    let holding = if embedded { Holding::Kubeconfig } else { Holding::Certificate };
    let (cert, file) = held.first(row.client.shows, caller, holding)?;
    let anchor = held.anchor(row.client.anchor, server, Some(caller))?;
    Some((cert, Half { file, anchor, eku: Eku::ClientAuth, names: Vec::new() }))
}

/// What the server shows, the caller's copy of the CA, and the names that are dialled.
fn server_half(
    plan: &Plan,
    held: &Held<'_>,
    row: &ConnectionRow,
    caller: Option<usize>,
    server: usize,
) -> Option<(usize, Half)> {
    let (cert, file) = held.first(row.server_side.shows, server, Holding::Certificate)?;
    let anchor = held.anchor(row.server_side.anchor, caller, Some(server))?;
    let spec = &plan.spec;
    let advertise = spec.nodes[server].advertise();
    let names = match (row.reach)(spec) {
        Reach::Loopback => vec![San::Ip(spec.nodes[server].loopback())],
        Reach::Service => vec![San::Dns("kubernetes.default.svc".to_owned()), San::Ip(spec.service_address())],
        Reach::Kubeconfig | Reach::Every | Reach::Others => vec![San::Ip(advertise)],
    };
    Some((cert, Half { file, anchor, eku: Eku::ServerAuth, names }))
}

/// The API servers that a kubeconfig may reach, checked with the CA inside it.
fn kubeconfig_halves(
    plan: &Plan,
    held: &Held<'_>,
    row: &ConnectionRow,
    caller: usize,
    servers: &[usize],
) -> Vec<(usize, Half)> {
    let spec = &plan.spec;
    let Some((cert, anchor)) = held.first(row.client.shows, caller, Holding::Kubeconfig) else { return Vec::new() };
    let Some(url) = plan.certs[cert].server.as_deref() else { return Vec::new() };
    let half = |(server, name)| {
        let (cert, file) = held.first(row.server_side.shows, server, Holding::Certificate)?;
        Some((cert, Half { file, anchor, eku: Eku::ServerAuth, names: vec![name] }))
    };
    behind(spec, url, servers).into_iter().filter_map(half).collect()
}

/// The API servers that may answer at a kubeconfig's URL, each with the name that is dialled.
pub(super) fn behind(spec: &ClusterSpec, url: &str, servers: &[usize]) -> Vec<(usize, San)> {
    let local = servers.iter().copied().find(|&server| spec.local_url(&spec.nodes[server]) == url);
    match (local, &spec.endpoint) {
        (Some(server), _) => vec![(server, San::Ip(spec.nodes[server].advertise()))],
        (None, Some(endpoint)) => servers.iter().map(|&server| (server, endpoint.host.to_san())).collect(),
        (None, None) => Vec::new(),
    }
}

/// Where each node keeps what, for quick look-ups.
pub(super) struct Held<'a> {
    plan: &'a Plan,
    certs: SortedMap<(&'static str, Option<usize>), usize>,
    files: SortedMap<(usize, usize, Holding), usize>,
}

impl<'a> Held<'a> {
    pub(super) fn of(plan: &'a Plan, nodes: &[usize]) -> Self {
        let here = |node: &usize| nodes.binary_search(node).is_ok();
        let certs = plan.certs.iter().enumerate().filter(|(_, cert)| cert.node.as_ref().is_none_or(here));
        let certs = certs.map(|(index, cert)| ((cert.row.id, cert.node), index)).collect();
        let files = plan.files.iter().enumerate().filter_map(|(index, file)| match file.root {
            Root::Node(node) if here(&node) => Some(((node, file.content.cert, file.content.holding), index)),
            Root::Node(_) | Root::OfflineCa => None,
        });
        Self { plan, certs, files: files.collect() }
    }

    /// The certificate of an id that a node uses.
    fn cert(&self, id: &'static str, node: usize) -> Option<usize> {
        self.certs.get(&(id, Some(node))).or_else(|| self.certs.get(&(id, None))).copied()
    }

    /// The first of these certificates that a node has in this form: its index and its file's.
    pub(super) fn first(&self, ids: &[&'static str], node: usize, holding: Holding) -> Option<(usize, usize)> {
        ids.iter().filter_map(|id| self.cert(id, node)).find_map(|cert| {
            let file = *self.files.get(&(node, cert, holding))?;
            Some((cert, file))
        })
    }

    /// The file that a side checks with: on the node that checks, else the same CA's copy on the other node.
    fn anchor(&self, anchor: Anchor, at: Option<usize>, other: Option<usize>) -> Option<usize> {
        let Anchor::File(ids) = anchor else { return None };
        // One CA for all stands in for the one that is not in the plan.
        let id = ids.iter().find(|id| self.plan.certs.iter().any(|cert| cert.row.id == **id))?;
        [at, other]
            .into_iter()
            .flatten()
            .find_map(|node| self.first(&[*id], node, Holding::Certificate))
            .map(|found| found.1)
    }
}

/// Why a check would fail, when it would.
enum Refusal {
    /// Signed by the first CA, checked against the second.
    Issuer(&'static str, &'static str),
    /// Lacks this usage.
    Usage(Eku),
    /// Does not name what is dialled.
    Name(San),
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuer(signer, anchor) => write!(out, "is signed by {signer} and checked against {anchor}"),
            Self::Usage(eku) => write!(out, "lacks {}", eku.word()),
            Self::Name(name) => write!(out, "does not name {name}"),
        }
    }
}

impl Half {
    fn refusal(&self, plan: &Plan) -> Option<Refusal> {
        let cert = &plan.certs[plan.files[self.file].content.cert];
        let anchor = plan.files[self.anchor].content.cert;
        // A kubeconfig holds a copy of its issuer's certificate.
        let anchor = plan.certs[anchor].issuer.unwrap_or(anchor);
        match cert.issuer {
            Some(issuer) if issuer != anchor => {
                Some(Refusal::Issuer(plan.certs[issuer].row.id, plan.certs[anchor].row.id))
            }
            _ if !cert.ekus.contains(&self.eku) => Some(Refusal::Usage(self.eku)),
            _ => self.names.iter().find(|name| !cert.sans.contains(name)).cloned().map(Refusal::Name),
        }
    }
}

/// Two nodes of every sort: what holds among them holds among all, for rows know no single node.
fn sample(plan: &Plan) -> Vec<usize> {
    let mut seen = SortedMap::default();
    let sort = |node: &Node| (node.control_plane, node.etcd, node.worker, node.advertise().is_ipv4());
    let nodes = plan.spec.nodes.iter().enumerate().filter(|(_, node)| {
        let count = seen.or_insert(sort(node), 0);
        *count += 1;
        *count <= 2
    });
    nodes.map(|(index, _)| index).collect()
}

fn refused(plan: &Plan) -> Option<Diagnostic> {
    let mut field = None;
    let mut found = Vec::new();
    for line in among(plan, &sample(plan)) {
        for half in &line.halves {
            let Some(refusal) = half.refusal(plan) else { continue };
            let id = plan.certs[plan.files[half.file].content.cert].row.id;
            let what = format!("{} → {}, where {id} {refusal}", line.row.caller, line.row.server);
            if !found.contains(&what) {
                found.push(what);
            }
            field.get_or_insert(match refusal {
                Refusal::Issuer(..) | Refusal::Usage(_) => {
                    ("apiServer.clientPairs", "choose apiServer.clientPairs: own, or trust: single")
                }
                Refusal::Name(_) => ("etcd.serverCertSANs", "add the names there"),
            });
        }
    }
    let (field, hint) = field?;
    let message = format!("these connections would be refused: {}", found.join("; "));
    Some(Diagnostic::warning("", field, message).with_hint(hint))
}

pub(super) static RULES: &[Rule] = &[
    // Each side of a connection can be verified with the CA, the usage and the name that the other side asks for.
    Rule {
        id: "connection-refused",
        source: "RFC 5280 6.1, 4.2.1.12 and 4.2.1.6",
        find: |plan, _| refused(plan),
        #[cfg(test)]
        failing: |draft| {
            draft.set_text(crate::spec::Field::Layout, "course");
            draft.set_text(crate::spec::Field::Start, "manual");
            draft.set_text(crate::spec::Field::ApiServerClientPairs, "serving");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Field, parse, preset::PRESETS, preset::Preset};

    fn plan_of(draft: &crate::Draft) -> Plan {
        crate::plan::plan(&parse(draft).0.expect("no errors"))
    }

    #[test]
    fn the_line_of_the_issue_reads_as_promised() {
        let plan = plan_of(&Preset::named("ha-stacked").expect("preset").draft());
        let lines = connections(&plan, None);
        let line = lines.iter().find(|line| line.row.id == "kube-apiserver->etcd").expect("line");
        assert_eq!(
            line.to_string(),
            "kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca, clientAuth, 365 days"
        );
        assert_eq!((line.callers.len(), line.halves.len(), line.port), (3, 6, 2379));
    }

    #[test]
    fn every_server_answers_to_the_names_it_is_called_by_and_has_the_usage() {
        for preset in PRESETS {
            for start in ["kubeadm", "manual"] {
                let mut draft = preset.draft();
                draft.set_text(Field::Start, start);
                draft.set_text(Field::KubeletServing, "clusterCA");
                // The course layout is started by hand alone.
                let Some(spec) = parse(&draft).0 else { continue };
                let plan = crate::plan::plan(&spec);
                for line in connections(&plan, None) {
                    for half in &line.halves {
                        let refusal = half.refusal(&plan).map(|refusal| refusal.to_string());
                        assert_eq!(refusal, None, "{}: {}", preset.name, line.row.id);
                    }
                }
            }
        }
    }

    #[test]
    fn every_file_with_a_leaf_takes_part() {
        for preset in PRESETS {
            let plan = plan_of(&preset.draft());
            let used: SortedSet<usize> =
                connections(&plan, None).iter().flat_map(|line| line.halves.iter().map(|half| half.file)).collect();
            for (index, cert) in plan.certs.iter().enumerate().filter(|(_, cert)| cert.issuer.is_some()) {
                let files = plan.files.iter().enumerate().filter(|(_, file)| file.content.cert == index);
                assert!(files.into_iter().any(|(file, _)| used.contains(&file)), "{}: {}", preset.name, cert.row.id);
            }
        }
    }

    #[test]
    fn one_node_alone_is_checked_with_its_own_files() {
        let plan = plan_of(&Preset::named("ha-stacked").expect("preset").draft());
        for line in connections(&plan, Some(1)) {
            for half in &line.halves {
                assert_eq!(plan.files[half.file].root, Root::Node(1), "{}", line.row.id);
                assert_eq!(plan.files[half.anchor].root, Root::Node(1), "{}", line.row.id);
            }
        }
        assert!(connections(&plan, Some(3)).is_empty(), "kubeadm workers get no files");
    }
}
