//! `docs/ATLAS.md`, written from the data: this test holds it to what the command prints.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use kubepki_core::catalog::connections::{CONNECTIONS, named};
use kubepki_rehearsal::Handshake;
use kubepki_rehearsal::atlas::{Log, version};
use kubepki_rehearsal::fault::{Fault, faults};

use super::{calls, wrong};

const HEAD: &str = "# What the components print

Every fault that `kubepki break` can put into a cluster, on each connection on which it was recorded: what the real components
printed at both ends, and whether they started. `…` stands for what is another at each run; the names and addresses are those of
the presets. The command prints the same, `kubepki faults --log expired:apiserver`; `kubepki explain` says of each line what it
means. A line that is printed only with a higher verbosity says so. How soon the first line stood there is counted from when the
component, or the one that it speaks of, was started on the files with the fault, or from when the command was given.

This file is written from the recording: `UPDATE_GOLDEN=1 cargo test -p kubepki-cli atlas` writes it again.
";

/// Faults that come out alike on a connection.
struct Alike {
    call: Handshake,
    faults: Vec<Fault>,
}

/// The anchor of a fault on a connection.
fn anchor(fault: &Fault, connection: &str) -> String {
    format!("{}.{}", fault.id().replace(':', "-"), connection.replace("->", "-"))
}

fn printed(out: &mut String, end: &str, log: &Log) {
    let Log { component, version, ends, lines, .. } = log;
    let soon = log.how_soon();
    let then = match (lines.is_empty(), *ends) {
        (true, true) => " prints nothing, and ends.".to_owned(),
        (true, false) => " prints nothing.".to_owned(),
        (false, true) => format!(" prints{soon}, and ends:"),
        (false, false) => format!(" prints{soon}:"),
    };
    let _ = writeln!(out, "\n{end}, {component} {version},{then}");
    if !lines.is_empty() {
        out.push_str("\n```text\n");
        for line in lines {
            let more = if line.verbosity == 0 { String::new() } else { format!("(with --v={}) ", line.verbosity) };
            let _ = writeln!(out, "{more}{}", line.text);
        }
        out.push_str("```\n");
    }
}

/// The whole page.
fn page() -> String {
    let mut of_connection: BTreeMap<&str, Vec<Alike>> = BTreeMap::new();
    let mut index = String::new();
    for fault in faults() {
        let mut links = Vec::new();
        for call in calls(&fault) {
            links.push(format!("[{}](#{})", call.connection.replace("->", " → "), anchor(&fault, call.connection)));
            let known = of_connection.entry(call.connection).or_default();
            let said =
                |one: &Handshake| (one.client.log.clone(), one.server.log.clone(), one.http_status, one.answer.clone());
            match known.iter_mut().find(|one| said(&one.call) == said(&call)) {
                Some(alike) => alike.faults.push(fault),
                None => known.push(Alike { call, faults: vec![fault] }),
            }
        }
        if !links.is_empty() {
            let mend = fault.kind.mend.steps(fault.target).join("; ").replace('|', "\\|");
            let (id, title, file) = (fault.id(), fault.title(), wrong(&fault));
            let _ = writeln!(index, "| `{id}` | {title} | {file} | {} | {mend} |", links.join(", "));
        }
    }
    let mut out = HEAD.to_owned();
    let _ = writeln!(out, "Recorded from Kubernetes {} and etcd {}.", version("kube-apiserver"), version("etcd"));
    out.push_str("\n## The faults\n\n| fault | what is wrong | the file | where it shows | what mends it |\n|---|---|---|---|---|\n");
    out.push_str(&index);
    for row in CONNECTIONS {
        let Some(all) = of_connection.get(row.id) else { continue };
        let _ = writeln!(out, "\n## {}", named(row.id));
        for Alike { call, faults } in all {
            let titles: Vec<String> = faults.iter().map(|fault| format!("`{}`", fault.id())).collect();
            let _ = writeln!(out, "\n### {}\n", titles.join(", "));
            let anchors = faults.iter().map(|fault| format!("<a id=\"{}\"></a>", anchor(fault, row.id)));
            let _ = writeln!(out, "{}", anchors.collect::<Vec<_>>().join("\n"));
            let logs = [("The caller", &call.client.log), ("The server", &call.server.log)];
            for (end, log) in logs.into_iter().chain([("The one who asked", &call.answer)]) {
                log.iter().for_each(|log| printed(&mut out, end, log));
            }
            if let Some(status) = call.http_status {
                let _ = writeln!(out, "\nThe server answers HTTP {status}.");
            }
        }
    }
    out
}

/// Compares a text with a file of the repository. `UPDATE_GOLDEN=1` rewrites it.
pub(super) fn check(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if fs::read_to_string(&file).unwrap_or_default() == text {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&file, text).expect("the file can be written");
        return;
    }
    panic!("{path} is not what the recording gives: run `UPDATE_GOLDEN=1 cargo test -p kubepki-cli atlas` and commit");
}

#[test]
fn the_page_is_what_was_recorded_and_every_link_in_it_leads_somewhere() {
    let page = page();
    for (at, _) in page.match_indices("](#") {
        let target = page[at + 3..].split(')').next().unwrap_or_default();
        assert_eq!(page.matches(&format!("<a id=\"{target}\"></a>")).count(), 1, "{target}");
    }
    check("docs/ATLAS.md", &page);
}
