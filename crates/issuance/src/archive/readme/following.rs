//! The steps that lead from here to a cluster: the runbook, or one node's part of it.

use std::fmt::Write as _;

use kubepki_core::Plan;

use crate::archive::runbook::{self, Fact, Step};
use crate::archive::selection::Selection;

pub(super) fn following(out: &mut String, plan: &Plan, selection: Selection) {
    let all = runbook::steps(plan, selection);
    out.push_str("## Step by step\n\n");
    let Some(node) = selection.node() else {
        out.push_str(
            "The steps stand in the order of time, across all machines. A step is done on the machines that its heading names, as root; its check ends with exit status 0 when it worked, and the next step builds on that. Each block of commands can be copied as it stands, and stops where something fails when it is run with `sh -eu`.\n\n\
             Where a block begins with `export NODE=$(uname -n)`, the machine is called as the node is in the design. Where it is called otherwise, put the node's name there.\n\n",
        );
        for step in &all {
            runbook::step(out, step, &all, plan, None);
        }
        return;
    };
    let name = &plan.spec.nodes[node].name;
    let _ = write!(
        out,
        "These are {name}'s steps, under the numbers that they have among those of the whole cluster. A step is done as root; its check ends with exit status 0 when it worked, and the next step builds on that.\n\n"
    );
    for (at, step) in all.iter().enumerate().filter(|(_, step)| step.on.machines().contains(&node)) {
        let own = runbook::of_node(step, plan, node);
        runbook::step(out, &own, &all, plan, wait(&all[..at], step, plan, node));
    }
}

/// What must be done elsewhere first: steps before this one that it needs and that are not this node's.
fn wait(before: &[Step], step: &Step, plan: &kubepki_core::Plan, node: usize) -> Option<String> {
    let elsewhere = |one: &&Step| {
        let needed = step.needs.iter().any(|fact| *fact != Fact::Bundles && one.gives.contains(fact));
        needed && one.on.machines() != [node]
    };
    let others: Vec<String> = before
        .iter()
        .filter(elsewhere)
        .map(|one| format!("step {} ({})", one.number, runbook::place_and_title(one, plan)))
        .collect();
    (!others.is_empty()).then(|| format!("Before it: {}.", others.join("; ")))
}
