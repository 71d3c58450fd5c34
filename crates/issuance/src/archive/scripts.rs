//! `install.sh` and `verify.sh`: committed scripts, with this PKI's tables put in.

mod connecting;
mod renewing;
mod tree;

use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::catalog::row::Form;
use kubepki_core::check::{connections, parts};
use kubepki_core::plan::{FlagValue, Root};

use super::runbook;
use super::selection::Selection;
use crate::pki::Pki;
use connecting::Connecting;
use renewing::Renewing;
use tree::Tree;

const INSTALL: &str = include_str!("scripts/install.sh");
const VERIFY: &str = include_str!("scripts/verify.sh");

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
    for (index, file) in plan.files.iter().enumerate().filter(|(_, file)| selection.holds(pki, file)) {
        let Root::Node(node) = file.root else { continue };
        let row = plan.certs[file.content.cert].row;
        let guard = if row.is_ca() || row.form == Form::KeyPair { "ca" } else { "-" };
        let (node, mode, owner) = (&plan.spec.nodes[node].name, file.mode, file.owner);
        let _ = writeln!(files, "{node}|{mode:04o}|{owner}|{guard}|{}|{}", readers[index].join(","), file.path);
    }
    let started = selection.started_plan(pki);
    let steps = runbook::steps(&started, selection);
    let mut next = String::new();
    for (index, node) in plan.spec.nodes.iter().enumerate() {
        if selection.node().is_none_or(|only| only == index) {
            for line in runbook::after_installation(&steps, &started, index) {
                let _ = writeln!(next, "{}|{line}", node.name);
            }
        }
    }
    let cluster = plan.spec.cluster_name.clone();
    filled(INSTALL, &[("@CLUSTER@", cluster), ("@FILES@", files), ("@NEXT@", next)])
}

/// How a certificate of a whole export is renewed once it has ended, by its index.
pub fn renewed_how(plan: &Plan, cert: usize) -> String {
    Renewing::new(plan, Selection::Whole, plan.spec.ca_keys).way(cert)
}

/// The script that checks the archive's own tree.
pub(super) fn verify(pki: &Pki, selection: Selection) -> String {
    let plan = &pki.plan;
    let tree = Tree::of(pki, selection);
    let lines = connections(plan, None);
    let connecting = Connecting { tree: &tree, lines: &lines, parts: &parts(plan, &lines), only: selection.node() };
    let mut renewing = Renewing::new(plan, selection, selection.started_ca_keys(pki));
    let certs = tree.certs(&mut renewing);
    filled(
        VERIFY,
        &[
            ("@NAME@", selection.name(plan)),
            ("@BUNDLE@", selection.node().map(|node| plan.spec.nodes[node].name.clone()).unwrap_or_default()),
            ("@NODES@", plan.spec.nodes.iter().map(|node| format!("{}\n", node.name)).collect()),
            ("@CAS@", tree.cas()),
            ("@MODES@", tree.modes()),
            ("@RENEWALS@", renewing.table()),
            ("@CERTS@", certs),
            ("@PAIRS@", tree.pairs()),
            ("@CONNECTIONS@", connecting.table()),
            ("@PORTS@", connecting.ports()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_the_scripts_is_filled_once() {
        for (script, marks) in [
            (INSTALL, &["@CLUSTER@", "@FILES@", "@NEXT@"][..]),
            (
                VERIFY,
                &[
                    "@NAME@",
                    "@BUNDLE@",
                    "@NODES@",
                    "@CAS@",
                    "@MODES@",
                    "@RENEWALS@",
                    "@CERTS@",
                    "@PAIRS@",
                    "@CONNECTIONS@",
                    "@PORTS@",
                ][..],
            ),
        ] {
            for mark in marks {
                assert_eq!(script.matches(mark).count(), 1, "{mark}");
            }
        }
    }
}
