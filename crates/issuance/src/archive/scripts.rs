//! `install.sh` and `verify.sh`: committed scripts, with this PKI's tables put in.

use std::fmt::Write as _;
use std::net::IpAddr;

use kubepki_core::catalog::row::{Eku, Form};
use kubepki_core::check::{ConnectionLine, Half, connections};
use kubepki_core::plan::{FlagValue, Holding, PlannedFile, Root};
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::San;

use super::entry::planned_path;
use super::selection::Selection;
use super::steps::{self, Step};
use crate::inspect::inspect;
use crate::pki::Pki;

const INSTALL: &str = include_str!("scripts/install.sh");
const VERIFY: &str = include_str!("scripts/verify.sh");
/// Callers of a connection are named up to here; beyond, counted.
const MOST_CALLERS: usize = 4;

/// A script with its tables in place of the marks. Every table is a quoted here-document, so nothing in it is code;
/// names are RFC 1123 and paths come from layouts, so nothing in it can end the document or hold a separator.
fn filled(script: &str, tables: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(script.len() + tables.iter().map(|(_, table)| table.len()).sum::<usize>());
    for line in script.split_inclusive('\n') {
        let mut line = line.to_owned();
        for (mark, table) in tables.iter().filter(|(mark, _)| script.contains(mark)) {
            if line.contains(mark) {
                line = line.replace(mark, table.trim_end());
            }
        }
        out.push_str(&line);
    }
    out
}

/// The script that puts a node's files in place.
pub(super) fn install(pki: &Pki, selection: Selection) -> String {
    let plan = &pki.plan;
    let mut readers = vec![Vec::<&str>::new(); plan.files.len()];
    for flag in plan.flags.iter().filter(|flag| matches!(flag.value, FlagValue::Set(_))) {
        if let Some(file) = flag.file
            && !readers[file].contains(&flag.row.component)
        {
            readers[file].push(flag.row.component);
        }
    }
    let mut files = String::new();
    for (index, file) in plan.files.iter().enumerate().filter(|(_, file)| selection.holds(plan, file)) {
        let Root::Node(node) = file.root else { continue };
        let row = plan.certs[file.content.cert].row;
        let guard = if row.is_ca() || row.form == Form::KeyPair { "ca" } else { "-" };
        let (node, mode, owner) = (&plan.spec.nodes[node].name, file.mode, file.owner);
        let _ = writeln!(files, "{node}|{mode:04o}|{owner}|{guard}|{}|{}", readers[index].join(","), file.path);
    }
    let mut next = String::new();
    for (index, steps) in steps::all(pki).iter().enumerate() {
        if selection.node().is_none_or(|only| only == index) {
            for Step::Say(line) | Step::Run(line) in steps {
                let _ = writeln!(next, "{}|{line}", plan.spec.nodes[index].name);
            }
        }
    }
    let cluster = plan.spec.cluster_name.clone();
    filled(INSTALL, &[("@CLUSTER@", cluster), ("@FILES@", files), ("@NEXT@", next)])
}

/// The script that checks the archive's own tree.
pub(super) fn verify(pki: &Pki, selection: Selection) -> String {
    let tree = Tree::of(pki, selection);
    let lines = connections(&pki.plan, selection.node());
    filled(
        VERIFY,
        &[
            ("@NAME@", selection.name(&pki.plan)),
            ("@CAS@", tree.cas()),
            ("@MODES@", tree.modes()),
            ("@CERTS@", tree.certs()),
            ("@PAIRS@", tree.pairs()),
            ("@CONNECTIONS@", tree.connections(&lines)),
            ("@PORTS@", tree.ports(&lines)),
        ],
    )
}

/// The files of one certificate in one root.
type Held<'a> = [&'a PlannedFile];

/// The file that holds this.
fn holds<'a>(held: &Held<'a>, holding: Holding) -> Option<&'a PlannedFile> {
    held.iter().rfind(|file| file.content.holding == holding).copied()
}

/// Where a file is, and whose it is.
fn whose(file: &PlannedFile) -> (Root, usize) {
    (file.root, file.content.cert)
}

/// Sorted files, one certificate's of one root after the other.
fn each<'s, 'a>(held: &'s Held<'a>) -> impl Iterator<Item = &'s Held<'a>> {
    held.chunk_by(|one, other| whose(one) == whose(other))
}

/// The planned files of a selection.
struct Tree<'a> {
    pki: &'a Pki,
    files: Vec<&'a PlannedFile>,
    /// The same, by where they are and whose.
    held: Vec<&'a PlannedFile>,
    /// Where a copy of each CA's certificate is.
    anchors: SortedMap<usize, &'a PlannedFile>,
}

impl<'a> Tree<'a> {
    fn of(pki: &'a Pki, selection: Selection) -> Self {
        let files: Vec<_> = pki.plan.files.iter().filter(|file| selection.holds(&pki.plan, file)).collect();
        let mut held = files.clone();
        held.sort_by_key(|file| whose(file));
        let mut anchors = SortedMap::default();
        for &file in &files {
            if file.content.holding == Holding::Certificate && pki.plan.certs[file.content.cert].row.is_ca() {
                anchors.or_insert(file.content.cert, file);
            }
        }
        Self { pki, files, held, anchors }
    }

    fn path(&self, file: &PlannedFile) -> String {
        planned_path(&self.pki.plan, file.root, &file.path)
    }

    fn held(&self, root: Root, cert: usize, holding: Holding) -> Option<&'a PlannedFile> {
        let here = &self.held[self.held.partition_point(|file| whose(file) < (root, cert))..];
        holds(&here[..here.partition_point(|file| whose(file) == (root, cert))], holding)
    }

    /// The files of the certificate with this id in a root.
    fn kept(&self, root: Root, id: &str) -> Option<&Held<'a>> {
        let here = &self.held[self.held.partition_point(|file| file.root < root)..];
        let mut here = each(&here[..here.partition_point(|file| file.root == root)]);
        here.find(|held| self.pki.plan.certs[held[0].content.cert].row.id == id)
    }

    /// A path, or a dash for none.
    fn path_or_dash(&self, file: Option<&PlannedFile>) -> String {
        file.map_or_else(|| "-".to_owned(), |file| self.path(file))
    }

    fn cas(&self) -> String {
        let mut out = String::new();
        for (index, cert) in self.pki.plan.certs.iter().enumerate().filter(|(_, cert)| cert.row.is_ca()) {
            if let Some(Ok(facts)) = self.pki.certs[index].der.as_deref().map(inspect) {
                let _ = writeln!(out, "{}|{}", cert.row.id, facts.fingerprint);
            }
        }
        out
    }

    fn modes(&self) -> String {
        self.files.iter().map(|file| format!("{:04o}|{}\n", file.mode, self.path(file))).collect()
    }

    fn certs(&self) -> String {
        let mut out = String::new();
        for held in each(&self.held) {
            let (root, cert) = whose(held[0]);
            let planned = &self.pki.plan.certs[cert];
            let Some(subject) = &planned.subject else { continue };
            let issuer = planned.issuer.map_or("-", |issuer| self.pki.plan.certs[issuer].row.id);
            let anchor = planned.issuer.and_then(|issuer| {
                self.held(root, issuer, Holding::Certificate).or_else(|| self.anchors.get(&issuer).copied())
            });
            // RFC 2253 begins at the end: the common name stands first.
            let mut name = format!("CN={}", subject.common_name);
            if !subject.organizations.is_empty() {
                let _ = write!(name, ",O={}", subject.organizations.join("+O="));
            }
            let usages: Vec<&str> = planned.ekus.iter().map(|eku| usage(*eku)).collect();
            let names: Vec<String> = planned.sans.iter().map(openssl_name).collect();
            let rest =
                format!("{issuer}|{}|{name}|{}|{}", self.path_or_dash(anchor), usages.join(", "), names.join(", "));
            let key = self.path_or_dash(holds(held, Holding::PrivateKey));
            let id = self.pki.plan.key_of(cert);
            if let Some(file) = holds(held, Holding::Certificate) {
                let _ = writeln!(out, "{id}|pem|{}|{key}|{rest}", self.path(file));
            }
            if let Some(file) = holds(held, Holding::Kubeconfig) {
                let _ = writeln!(out, "{id}|kubeconfig|{}|-|{rest}", self.path(file));
            }
        }
        out
    }

    fn pairs(&self) -> String {
        let pairs = each(&self.held).filter_map(|held| {
            let [public, private] = [holds(held, Holding::PublicKey)?, holds(held, Holding::PrivateKey)?];
            Some(format!("{}|{}\n", self.path(public), self.path(private)))
        });
        pairs.collect()
    }

    fn connections(&self, lines: &[ConnectionLine]) -> String {
        let mut out = String::new();
        for (number, line) in lines.iter().enumerate() {
            let ConnectionLine { row, shown, issuer, eku, .. } = line;
            let nodes = &self.pki.plan.spec.nodes;
            let who = match line.callers.len() {
                0..=MOST_CALLERS => {
                    line.callers.iter().map(|&node| nodes[node].name.as_str()).collect::<Vec<_>>().join(", ")
                }
                many => format!("{many} nodes"),
            };
            let _ = writeln!(
                out,
                "line|{number}|{} → {}  {shown} signed by {issuer}, {}|{who}",
                row.caller,
                row.server,
                eku.word()
            );
            for half in &line.halves {
                let _ = writeln!(out, "half|{number}|{}", self.half(half, shown));
            }
        }
        out
    }

    fn half(&self, half: &Half, shown: &str) -> String {
        let files = &self.pki.plan.files;
        let (file, anchor) = (&files[half.file], &files[half.anchor]);
        let role = if self.pki.plan.certs[file.content.cert].row.id == shown { "shown" } else { "other" };
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
        let form = |file: &PlannedFile| if file.content.holding == Holding::Kubeconfig { "kubeconfig" } else { "pem" };
        let (path, anchor_path) = (self.path(file), self.path(anchor));
        format!("{role}|{purpose}|{}|{path}|{}|{anchor_path}|{}", form(file), form(anchor), names.join(","))
    }

    /// One line for each server certificate that some connection shows.
    fn ports(&self, lines: &[ConnectionLine]) -> String {
        let plan = &self.pki.plan;
        let mut seen = vec![Vec::new(); plan.files.len()];
        let mut out = String::new();
        for line in lines {
            for half in line.halves.iter().filter(|half| half.eku == Eku::ServerAuth) {
                let file = &plan.files[half.file];
                let Root::Node(index) = file.root else { continue };
                if seen[half.file].contains(&line.port) {
                    continue;
                }
                seen[half.file].push(line.port);
                let node = &plan.spec.nodes[index];
                // etcd shows its certificate to whoever has one of its CA; a peer's is its own.
                let client = line.row.client.shows.iter().find_map(|id| self.kept(file.root, id));
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
                    self.path(file),
                    self.path_or_dash(pem(Holding::Certificate)),
                    self.path_or_dash(pem(Holding::PrivateKey)),
                );
            }
        }
        out
    }
}

/// An extended key usage as `openssl x509 -text` words it.
fn usage(eku: Eku) -> &'static str {
    match eku {
        Eku::ServerAuth => "TLS Web Server Authentication",
        Eku::ClientAuth => "TLS Web Client Authentication",
    }
}

/// A name as `openssl x509 -text` writes it: IPv6 as eight groups without shortening.
fn openssl_name(san: &San) -> String {
    match san {
        San::Dns(name) => format!("DNS:{name}"),
        San::Ip(IpAddr::V4(address)) => format!("IP Address:{address}"),
        San::Ip(IpAddr::V6(address)) => {
            let groups: Vec<String> = address.segments().iter().map(|group| format!("{group:X}")).collect();
            format!("IP Address:{}", groups.join(":"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_the_scripts_is_filled_once() {
        for (script, marks) in [
            (INSTALL, &["@CLUSTER@", "@FILES@", "@NEXT@"][..]),
            (VERIFY, &["@NAME@", "@CAS@", "@MODES@", "@CERTS@", "@PAIRS@", "@CONNECTIONS@", "@PORTS@"][..]),
        ] {
            for mark in marks {
                assert_eq!(script.matches(mark).count(), 1, "{mark}");
            }
        }
    }

    #[test]
    fn names_are_worded_as_openssl_words_them() {
        let name = openssl_name(&San::Ip("fd00::1".parse().expect("address")));
        assert_eq!(name, "IP Address:FD00:0:0:0:0:0:0:1");
    }
}
