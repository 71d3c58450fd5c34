//! The connections between components as `verify.sh` tries them: all of them, or what one node has of them.

use std::fmt::Write as _;
use std::net::IpAddr;

use kubepki_core::catalog::row::Eku;
use kubepki_core::check::{ConnectionLine, Half, Part};
use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::sorted::SortedSet;
use kubepki_core::spec::San;

use super::tree::{Tree, holds};

/// Nodes are named up to here; beyond, they are counted.
const MOST_NAMED: usize = 4;

/// The lines of a plan, with the part that each node takes in each.
pub(super) struct Connecting<'a> {
    pub(super) tree: &'a Tree<'a>,
    pub(super) lines: &'a [ConnectionLine],
    pub(super) parts: &'a [Vec<Part>],
    /// The node whose bundle it is.
    pub(super) only: Option<usize>,
}

impl Connecting<'_> {
    fn is_told(&self, node: usize) -> bool {
        self.only.is_none_or(|only| only == node)
    }

    fn node_of(&self, file: usize) -> Option<usize> {
        match self.tree.pki.plan.files[file].root {
            Root::Node(node) => Some(node),
            Root::OfflineCa => None,
        }
    }

    fn names(&self, nodes: &[usize]) -> String {
        let all = &self.tree.pki.plan.spec.nodes;
        match nodes.len() {
            0..=MOST_NAMED => nodes.iter().map(|&node| all[node].name.as_str()).collect::<Vec<_>>().join(", "),
            many => format!("{many} nodes"),
        }
    }

    /// The table: a row for each line, then what single nodes have of it, then what all of them have together.
    pub(super) fn table(&self) -> String {
        let mut out = String::new();
        for (number, (line, parts)) in self.lines.iter().zip(self.parts).enumerate() {
            let ConnectionLine { row, shown, issuer, eku, callers, .. } = line;
            let who = self.names(callers);
            let _ = writeln!(
                out,
                "line|{number}|{} → {}|{shown} signed by {issuer}, {}|{who}|{}",
                row.caller,
                row.server,
                eku.word(),
                parts.len()
            );
            self.node_rows(&mut out, number, line, parts);
            let both = |half: &&Half| {
                [half.file, half.anchor].iter().all(|&file| self.node_of(file).is_some_and(|node| self.is_told(node)))
            };
            for half in line.halves.iter().filter(both) {
                let role = if self.id(half.file) == *shown { "shown" } else { "other" };
                let anchor = &self.tree.pki.plan.files[half.anchor];
                let _ = writeln!(out, "half|{number}|{role}|{}", self.half(half, anchor));
            }
        }
        out
    }

    /// What each node has of a line, checked with its own files alone.
    fn node_rows(&self, out: &mut String, number: usize, line: &ConnectionLine, parts: &[Part]) {
        let plan = &self.tree.pki.plan;
        // By node: what it shows, and what it checks the other side with.
        let mut shows = vec![Vec::<&Half>::new(); plan.spec.nodes.len()];
        let mut trusts = vec![SortedSet::default(); plan.spec.nodes.len()];
        for half in &line.halves {
            if let Some(node) = self.node_of(half.file) {
                let same = |one: &&&Half| (one.file, one.eku, &one.names) == (half.file, half.eku, &half.names);
                if !shows[node].iter().any(|one| same(&one)) {
                    shows[node].push(half);
                }
            }
            if let Some(node) = self.node_of(half.anchor) {
                trusts[node].insert(half.anchor);
            }
        }
        for part in parts.iter().filter(|part| self.is_told(part.node)) {
            let (shows, trusts) = (&shows[part.node], &trusts[part.node]);
            if shows.is_empty() && trusts.is_empty() {
                continue;
            }
            let folder = self.tree.folder(part.node);
            let state = if part.within { "within" } else { "half" };
            let side = self.side(shows, trusts);
            let _ = writeln!(out, "part|{number}|{folder}|{state}|{side}|{}", self.names(&part.others));
            if part.within {
                continue;
            }
            for half in shows {
                let file = &plan.files[half.file];
                let anchor = match file.content.holding {
                    Holding::Kubeconfig => Some(file),
                    _ => plan.certs[file.content.cert].issuer.and_then(|ca| self.tree.anchor(file.root, ca)),
                };
                if let Some(anchor) = anchor {
                    let _ = writeln!(out, "side|{number}|shown|{}", self.half(half, anchor));
                }
            }
            for &anchor in trusts.iter() {
                let file = &plan.files[anchor];
                let _ = writeln!(out, "trust|{number}|other|-|{}|{}", form(file), self.tree.path(file));
            }
        }
    }

    /// What a node's side of a line is, in words.
    fn side(&self, shows: &[&Half], trusts: &SortedSet<usize>) -> String {
        let plan = &self.tree.pki.plan;
        let mut words: Vec<String> = Vec::new();
        let certs: SortedSet<usize> = shows.iter().map(|half| plan.files[half.file].content.cert).collect();
        for &index in certs.iter() {
            let cert = &plan.certs[index];
            let issuer = cert.issuer.map_or(cert.row.id, |issuer| plan.certs[issuer].row.id);
            let of = shows.iter().filter(|half| plan.files[half.file].content.cert == index);
            let ekus: Vec<&str> =
                of.map(|half| half.eku).collect::<SortedSet<_>>().iter().map(|eku| eku.word()).collect();
            words.push(format!("{} signed by {issuer}, {}", cert.row.id, ekus.join(" and ")));
        }
        if words.is_empty() {
            let ids: Vec<&str> = trusts.iter().map(|&file| self.id(file)).collect();
            words.push(format!("checks with {}", ids.join(", ")));
        }
        words.join("; ")
    }

    fn id(&self, file: usize) -> &'static str {
        let plan = &self.tree.pki.plan;
        plan.certs[plan.files[file].content.cert].row.id
    }

    fn half(&self, half: &Half, anchor: &PlannedFile) -> String {
        let file = &self.tree.pki.plan.files[half.file];
        let purpose = match half.eku {
            Eku::ServerAuth => "sslserver",
            Eku::ClientAuth => "sslclient",
        };
        let names: Vec<String> = half
            .names
            .iter()
            .map(|name| match name {
                San::Dns(name) => format!("DNS:{name}"),
                San::Ip(address) => format!("IP:{address}"),
            })
            .collect();
        let (path, anchor_path) = (self.tree.path(file), self.tree.path(anchor));
        format!("{purpose}|{}|{path}|{}|{anchor_path}|{}", form(file), form(anchor), names.join(","))
    }

    /// One line for each server certificate that some connection shows.
    pub(super) fn ports(&self) -> String {
        let plan = &self.tree.pki.plan;
        let mut seen = vec![Vec::new(); plan.files.len()];
        let mut out = String::new();
        for line in self.lines {
            for half in line.halves.iter().filter(|half| half.eku == Eku::ServerAuth) {
                let file = &plan.files[half.file];
                let Root::Node(index) = file.root else { continue };
                if !self.is_told(index) || seen[half.file].contains(&line.port) {
                    continue;
                }
                seen[half.file].push(line.port);
                let node = &plan.spec.nodes[index];
                // etcd shows its certificate to whoever has one of its CA; a peer's is its own.
                let client = line.row.client.shows.iter().find_map(|id| self.tree.kept(file.root, id));
                let pem = |holding| client.and_then(|held| holds(held, holding));
                let address = match node.advertise() {
                    IpAddr::V6(address) => format!("[{address}]"),
                    address => address.to_string(),
                };
                let _ = writeln!(
                    out,
                    "{}@{}|{address}|{}|{}|{}|{}",
                    line.row.server.split(' ').next().unwrap_or_default(),
                    node.name,
                    line.port,
                    self.tree.path(file),
                    self.tree.path_or_dash(pem(Holding::Certificate)),
                    self.tree.path_or_dash(pem(Holding::PrivateKey)),
                );
            }
        }
        out
    }
}

/// Where the certificate is in a file.
fn form(file: &PlannedFile) -> &'static str {
    if file.content.holding == Holding::Kubeconfig { "kubeconfig" } else { "pem" }
}
