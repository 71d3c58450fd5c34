//! `docs/EXPIRY.md`, written from what was measured when certificates ended; and that `explain` knows every line of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kubepki_core::catalog::expiry::{EXPIRIES, Effect, ExpiryRow, WATCHED};
use kubepki_core::catalog::messages::explain;

use kubepki_rehearsal::expiry::{Recorded, recorded, versions};

use super::page::check;

const HEAD: &str = "# When a certificate ends

What goes on and what stops at the moment when a certificate ends under a cluster that runs. Certificates of minutes were issued
for each case, the components started on them, and watched: what stands, what is new, the leases, and what is printed. A TLS
connection that stands is not looked at again, so a server's certificate ends unnoticed until a connection breaks, and with etcd a
client's as well. But the API server and the kubelet look at a client's certificate anew for every request: it counts for nothing
as soon as it has ended.
";

const TAIL: &str = "\
`…` stands for what is another at each run. `kubepki explain` says of each line what it means; `kubepki show timeline` says which
certificate of a design ends first, and what then happens.

This file is written from the recording: `UPDATE_GOLDEN=1 cargo test -p kubepki-cli atlas` writes it again.
";

/// The name and the address of the node in lines.
const NODE: (&str, [u8; 4]) = ("cp-1", [10, 0, 0, 11]);

/// The lines that were recorded of what somebody says in an effect.
fn said(row: &ExpiryRow, effect: &Effect, component: &str, words: &str) -> Vec<Recorded> {
    let of = |one: &Recorded| {
        row.ids.contains(&one.id)
            && one.moment == effect.moment
            && one.component == component
            && one.line.replace('\\', "").contains(words)
    };
    recorded().filter(of).collect()
}

fn page() -> String {
    let mut out = HEAD.to_owned();
    let _ = write!(
        out,
        "\nMeasured on {}. What goes on was watched for {WATCHED} seconds; \"at once\" is within five.\n\n{TAIL}",
        versions()
    );
    for row in EXPIRIES {
        let ids: Vec<String> = row.ids.iter().map(|id| format!("`{id}`")).collect();
        let when = if row.when.is_empty() { String::new() } else { format!(", where {}", row.when) };
        let _ = writeln!(out, "\n## {}{when}", ids.join(", "));
        for (moment, effects) in row.moments() {
            let _ = writeln!(out, "\n{}:\n", moment.words());
            let mut printed: Vec<Recorded> = Vec::new();
            for effect in effects {
                let _ = writeln!(out, "- {}", effect.sentence());
                let lines = effect.says.iter().flat_map(|(component, words)| said(row, effect, component, words));
                let new: Vec<_> = lines.filter(|one| !printed.contains(one)).collect();
                printed.extend(new);
            }
            let mut components: Vec<&str> = printed.iter().map(|one| one.component).collect();
            components.dedup();
            let mut told = BTreeSet::new();
            for component in components.into_iter().filter(|one| told.insert(*one)) {
                let of = printed.iter().filter(|one| one.component == component);
                let of = of.map(|one| one.filled(NODE.0, NODE.1.into()));
                let _ = writeln!(out, "\n{component} prints:\n\n```text\n{}\n```", of.collect::<Vec<_>>().join("\n"));
            }
        }
        let _ = writeln!(out, "\n{}", row.mend);
    }
    out
}

#[test]
fn the_page_is_what_was_recorded() {
    check("docs/EXPIRY.md", &page());
}

#[test]
fn whatever_is_said_to_be_printed_was_recorded_whole() {
    for row in EXPIRIES {
        for effect in row.effects {
            for (component, words) in effect.says {
                let is_there = !said(row, effect, component, words).is_empty();
                assert!(is_there, "{:?} {:?}: {component}: {words}", row.ids, effect.moment);
            }
        }
    }
}

#[test]
fn every_line_is_explained() {
    for one in recorded() {
        let line = one.filled(NODE.0, NODE.1.into());
        assert!(!explain(&line).is_empty(), "{} {:?}: {}: {line}", one.id, one.moment, one.component);
    }
}
