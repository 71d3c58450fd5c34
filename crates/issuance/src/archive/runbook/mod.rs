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
mod text;

use kubepki_core::Plan;
use kubepki_core::spec::{ClusterSpec, Start};

use super::selection::Selection;
use super::steps::{NOBODY_SIGNS, cut_off};

pub(super) use text::{place_and_title, step};

/// So many machines are named in a step's heading.
pub(super) const MOST_NAMED: usize = 8;

/// Where a step is done. Machines are indices of the design's nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// In the folder where the export lies.
    Here,
    /// On these machines, in any order: first the commands on all of them, then the checks.
    Each(Vec<usize>),
    /// On one after the other, each checked before the next.
    Turn(Vec<usize>),
}

impl On {
    /// The machines.
    pub fn machines(&self) -> &[usize] {
        match self {
            Self::Here => &[],
            Self::Each(machines) | Self::Turn(machines) => machines,
        }
    }
}

/// What is so once a step is done, and what another step needs to be so. Numbers are the design's nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Each node's bundle is made.
    Bundles,
    /// A node's bundle lies on it.
    Carried(usize),
    /// A node's files are in place.
    Installed(usize),
    /// The name of the endpoint is known on a node.
    Endpoint(usize),
    /// An etcd member runs with the others.
    Etcd(usize),
    /// A node's kubelet has what it shows to the API server, or what it asks for that with.
    Credential(usize),
    /// A node's API server answers.
    Answers(usize),
    /// Who may do what is bound.
    Bound,
    /// The token that joins was made.
    Token,
    /// The API server takes the token.
    TokenTaken,
    /// A node has registered.
    Registered(usize),
    /// Kubelets have asked for serving certificates.
    ServingAsked,
    /// Kubelets serve with certificates of the cluster CA.
    ServingSigned,
    /// Nobody needs what leads to super-admin rights or lies on nodes a second time.
    Standing,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// Where it is done.
    pub on: On,
    /// What it does, as an imperative.
    pub title: String,
    /// Paragraphs for people.
    pub why: Vec<String>,
    /// Lines of POSIX shell; none where nothing needs to be done.
    pub commands: Vec<String>,
    /// The name under which later steps know what it prints.
    pub prints: Option<&'static str>,
    /// The name of what it takes of an earlier step.
    pub takes: Option<&'static str>,
    /// What shows that it worked: a sentence without its full stop.
    pub shows: String,
    /// Lines of POSIX shell that end with exit status 0 when it worked.
    pub check: Vec<String>,
    /// What must be so before.
    pub needs: Vec<Fact>,
    /// What is so afterwards.
    pub gives: Vec<Fact>,
}

impl Step {
    fn new(on: On, title: impl Into<String>) -> Self {
        Self {
            number: 0,
            on,
            title: title.into(),
            why: Vec::new(),
            commands: Vec::new(),
            prints: None,
            takes: None,
            shows: String::new(),
            check: Vec::new(),
            needs: Vec::new(),
            gives: Vec::new(),
        }
    }

    fn why(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    fn run(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.commands.extend(lines.into_iter().map(Into::into));
        self
    }

    fn check(mut self, shows: impl Into<String>, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.shows = shows.into();
        self.check = lines.into_iter().map(Into::into).collect();
        self
    }

    fn needs(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.needs.extend(facts);
        self
    }

    fn gives(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.gives.extend(facts);
        self
    }

    /// The same on each machine: what a fact is of each of them.
    fn of_each(&self, fact: fn(usize) -> Fact) -> Vec<Fact> {
        self.on.machines().iter().copied().map(fact).collect()
    }
}

/// The step as it is done on one of its machines alone, with the node's name in it.
pub(super) fn of_node(step: &Step, plan: &Plan, node: usize) -> Step {
    let name = &plan.spec.nodes[node].name;
    let named = |lines: &[String]| match lines.first().is_some_and(|first| first == NODE) {
        true => with_name(&lines[1..], name),
        false => lines.to_vec(),
    };
    Step { on: On::Each(vec![node]), commands: named(&step.commands), check: named(&step.check), ..step.clone() }
}

fn with_name(lines: &[String], name: &str) -> Vec<String> {
    lines.iter().map(|line| line.replace("$NODE", name)).collect()
}

/// Begins a block that is the same on several machines.
const NODE: &str = "export NODE=$(uname -n)";

/// Waits until a command succeeds, so many seconds and no longer. The command holds no single quote.
fn until(seconds: u32, command: &str) -> String {
    format!("timeout {seconds} sh -c 'until {command}; do sleep 2; done'")
}

/// What steps are made from.
struct Scene<'a> {
    plan: &'a Plan,
    selection: Selection,
}

impl Scene<'_> {
    fn spec(&self) -> &ClusterSpec {
        &self.plan.spec
    }

    fn name(&self, node: usize) -> &str {
        &self.spec().nodes[node].name
    }

    fn nodes(&self, which: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.spec().nodes.len()).filter(|&node| which(node)).collect()
    }

    fn control_planes(&self) -> Vec<usize> {
        self.nodes(|node| self.spec().nodes[node].control_plane)
    }

    /// Lines that are run in the folder of a node's unpacked bundle.
    fn at_bundle(&self, machines: &[usize], lines: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
        let own = self.bundle(machines);
        let enter = std::iter::once(format!("cd ~/{own}"));
        self.named(machines, enter.chain(lines.into_iter().map(Into::into)))
    }

    /// Lines that name the node as `$NODE`, as they are on these machines.
    fn named(&self, machines: &[usize], lines: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
        let lines: Vec<String> = lines.into_iter().map(Into::into).collect();
        if !lines.iter().any(|line| line.contains("$NODE")) {
            return lines;
        }
        match machines {
            [one] => with_name(&lines, self.name(*one)),
            _ => std::iter::once(NODE.to_owned()).chain(lines).collect(),
        }
    }

    /// The name of a node's bundle, without its ending: `prod-eu-pki-$NODE` for several.
    fn bundle(&self, machines: &[usize]) -> String {
        match machines {
            [one] => Selection::Node(*one).name(self.plan),
            _ => format!("{}-pki-$NODE", self.spec().cluster_name),
        }
    }
}

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
