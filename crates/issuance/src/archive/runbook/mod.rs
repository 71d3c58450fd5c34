//! What to do with an export, step by step in time order across machines: one list, from which `README.md`, the end of
//! `install.sh` and what the page shows before there is an export are made, and which a test follows literally.
//!
//! # How the steps stand in `README.md`
//!
//! The section `## Step by step` holds the steps and nothing else behind its first paragraphs. A step is:
//!
//! ````text
//! ### 7. On each of w-1, w-2: join as workers
//!
//! Sentences for people: why, and what to look at.
//!
//! First set `TOKEN` to what step 6 printed: `TOKEN=…`.
//!
//! ```sh
//! export NODE=$(uname -n)
//! …
//! ```
//!
//! What it prints is `TOKEN` in later steps.
//!
//! Check: the node has registered.
//!
//! ```sh
//! timeout 120 sh -c 'until …; do sleep 2; done'
//! ```
//! ````
//!
//! - **Where**, up to the first `: `. `Here` is the folder in which the export lies. `On cp-1` is one machine; `On each of
//!   a, b` any order: the commands on all of them, then the checks on all of them; `On a, then b, then c` one after the
//!   other, each checked before the next begins. More than eight machines are counted (`On each of 950 machines`),
//!   and the paragraph that begins `The machines are ` names them, ending in a full stop.
//! - **Commands**: the `sh` block before the check, for root in a login shell, from the home folder; each block stands alone.
//!   There is none where nothing needs to be done but to see. A program runs it with `sh -eu`.
//! - **What it prints**: standard output, without the line break, is the value that later steps know by that name. Whoever
//!   follows sets it as a variable before the commands of steps that begin with `First set`, and before checks.
//! - **Check**: the paragraph that begins `Check: `, and its `sh` block, which ends with exit status 0 when the step worked.
//!   What takes time waits for it, with a bound.
//! - `export NODE=$(uname -n)` begins a block that is the same on several machines; where a machine is called otherwise than the
//!   node in the design, the node's name belongs there. A node's own bundle names the node instead.
//!
//! A bundle's README has the steps of its node alone, under the numbers that they have in the whole.

mod by_hand;
mod carrying;
mod ending;
mod etcd;
mod kubeadm;
mod place;
mod step;
mod text;

use kubepki_core::Plan;
use kubepki_core::spec::Start;

use super::selection::Selection;
use super::steps::{NOBODY_SIGNS, cut_off};

use step::Scene;

pub(super) use step::of_node;
pub use step::{Fact, On, Step};
pub(super) use text::{place_and_title, step};

/// Every step that leads from an export to its cluster. They follow from the plan alone, and can be told before there are
/// keys. A selection that is one node's has the steps of the whole, in which those of the node are to be found by
/// [`On::machines`].
pub fn runbook(plan: &Plan, selection: Selection) -> Vec<Step> {
    steps(&selection.plan_to_start(plan), selection)
}

/// The same from the plan that components are started by.
pub(super) fn steps(started: &Plan, selection: Selection) -> Vec<Step> {
    if selection == Selection::CaKeys {
        return Vec::new();
    }
    let scene = Scene { plan: started, selection };
    let mut steps = carrying::steps(&scene);
    steps.extend(etcd::hosts(&scene));
    steps.extend(match scene.spec().start {
        Start::Kubeadm => kubeadm::steps(&scene),
        Start::Manual => by_hand::steps(&scene),
    });
    steps.extend(ending::steps(&scene));
    for (index, step) in steps.iter_mut().enumerate() {
        step.number = index + 1;
    }
    steps
}

/// What comes next on a node once its files are in place: a line for each step, the next one with its commands; never none.
pub(super) fn after_installation(steps: &[Step], plan: &Plan, node: usize) -> Vec<String> {
    let installs = steps.iter().position(|step| step.gives.contains(&Fact::Installed(node)));
    let mut later =
        steps.iter().skip(installs.map_or(0, |at| at + 1)).filter(|step| step.on.machines().contains(&node)).peekable();
    let mut lines = Vec::new();
    if cut_off(plan).contains(&node) {
        let name = &plan.spec.nodes[node].name;
        lines.push(format!(
            "{name} cannot join as it is, for nobody signs the certificate that its kubelet requests; README.md says what is needed, under {NOBODY_SIGNS:?}"
        ));
    }
    if let Some(next) = later.next() {
        let own = of_node(next, plan, node);
        lines.push(format!("step {} of README.md: {}", own.number, own.title));
        lines.extend(own.commands.iter().map(|line| format!("    {line}")));
    }
    if later.peek().is_some() {
        lines.push("Then, each with its commands and the check that it worked in README.md:".to_owned());
    }
    lines.extend(later.map(|step| format!("step {}: {}", step.number, step.title)));
    lines
}
