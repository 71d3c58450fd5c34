//! What to do with an export: the sections of `README.md` that follow from the plan alone, and that the page shows before
//! there is an export.

use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::snippet::kubeadm;
use kubepki_core::spec::{ClusterSpec, Start};

use super::absent::absent;
use super::facts::Doing;
use super::following::following;
use super::signing::nobody_signs;
use crate::archive::selection::Selection;

/// What to do with an export that is made of a plan, issued at a time (Unix seconds): word for word what its `README.md` says
/// from what to know beforehand to how to check it. Empty for CA keys apart, with which nothing is started.
pub fn what_to_do(plan: &Plan, selection: Selection, issued_at: i64) -> String {
    let mut out = String::new();
    doing(&mut out, &Doing { plan, started: &selection.plan_to_start(plan), issued_at, selection });
    out
}

pub(super) fn doing(out: &mut String, doing: &Doing<'_>) {
    let Doing { plan, started, selection, .. } = *doing;
    if selection == Selection::CaKeys {
        return;
    }
    nobody_signs(out, doing);
    own_file(out, &plan.spec);
    absent(out, started);
    following(out, started, selection);
    checking(out, &plan.spec, selection);
}

/// What to know where the design was read from the user's own kubeadm file, and that file sets more.
fn own_file(out: &mut String, spec: &ClusterSpec) {
    let Some(left_out) = kubeadm::left_out(spec) else { return };
    let run = match spec.start {
        Start::Kubeadm => {
            "Run `kubeadm init` and `kubeadm join` with your own file: `--config YOUR-OWN-FILE.yaml`. `kubeadm/NODE.yaml` is there to compare, and lacks all of this."
        }
        Start::Manual => "The manifests lack all of this: put in what you need before you start them.",
    };
    let _ = write!(
        out,
        "## Your own kubeadm file\n\nThis design does not hold all that your file says: {left_out}. {run}\n\n"
    );
}

/// How the same script checks what is installed, and what ends soon.
fn checking(out: &mut String, spec: &ClusterSpec, selection: Selection) {
    let node = &spec.nodes[selection.node().unwrap_or(spec.init_node())].name;
    out.push_str("## How to check it, now and later\n\n```sh\n");
    let mut row = |command: &str, what: &str| {
        let _ = writeln!(out, "{command:<36} # {what}");
    };
    match selection.node() {
        Some(_) => row("./verify.sh", "what lies here"),
        None => {
            row("./verify.sh", "everything here, every connection");
            row(&format!("./verify.sh --node {node}"), "one node's files alone");
        }
    }
    row(&format!("./verify.sh --node {node} --root /"), &format!("on {node}: what is installed there, renewed or not"));
    row("./verify.sh --live", "and what the running ports present");
    row("./verify.sh --warn 60", "and what ends within 60 days; 30 unless said, 0 for none");
    out.push_str(
        "```\n\n\
         It says `ok` only of what it read. `half` is a connection of which one side was read; the end names what was not checked, and what would check it. Exit status: 0 everything that was read holds; 1 something does not; 2 wrong usage, or no openssl; 3 everything holds, but a certificate ends within the days of `--warn`.\n\n",
    );
}
