//! What a step is, and what steps are made from.

use kubepki_core::Plan;
use kubepki_core::spec::ClusterSpec;

use crate::archive::selection::Selection;

/// So many machines are named in a step's heading.
pub(in crate::archive) const MOST_NAMED: usize = 8;

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
    pub(super) fn new(on: On, title: impl Into<String>) -> Self {
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

    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    pub(super) fn run(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.commands.extend(lines.into_iter().map(Into::into));
        self
    }

    pub(super) fn check(
        mut self,
        shows: impl Into<String>,
        lines: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.shows = shows.into();
        self.check = lines.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn needs(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.needs.extend(facts);
        self
    }

    pub(super) fn gives(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.gives.extend(facts);
        self
    }

    /// The same on each machine: what a fact is of each of them.
    pub(super) fn of_each(&self, fact: fn(usize) -> Fact) -> Vec<Fact> {
        self.on.machines().iter().copied().map(fact).collect()
    }
}

/// The step as it is done on one of its machines alone, with the node's name in it.
pub(in crate::archive) fn of_node(step: &Step, plan: &Plan, node: usize) -> Step {
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
pub(super) fn until(seconds: u32, command: &str) -> String {
    format!("timeout {seconds} sh -c 'until {command}; do sleep 2; done'")
}

/// What steps are made from.
pub(super) struct Scene<'a> {
    pub(super) plan: &'a Plan,
    pub(super) selection: Selection,
}

impl Scene<'_> {
    pub(super) fn spec(&self) -> &ClusterSpec {
        &self.plan.spec
    }

    pub(super) fn name(&self, node: usize) -> &str {
        &self.spec().nodes[node].name
    }

    pub(super) fn nodes(&self, which: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.spec().nodes.len()).filter(|&node| which(node)).collect()
    }

    pub(super) fn control_planes(&self) -> Vec<usize> {
        self.nodes(|node| self.spec().nodes[node].control_plane)
    }

    /// Lines that are run in the folder of a node's unpacked bundle.
    pub(super) fn at_bundle(
        &self,
        machines: &[usize],
        lines: impl IntoIterator<Item = impl Into<String>>,
    ) -> Vec<String> {
        let own = self.bundle(machines);
        let enter = std::iter::once(format!("cd ~/{own}"));
        self.named(machines, enter.chain(lines.into_iter().map(Into::into)))
    }

    /// Lines that name the node as `$NODE`, as they are on these machines.
    pub(super) fn named(&self, machines: &[usize], lines: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
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
    pub(super) fn bundle(&self, machines: &[usize]) -> String {
        match machines {
            [one] => Selection::Node(*one).name(self.plan),
            _ => format!("{}-pki-$NODE", self.spec().cluster_name),
        }
    }
}
