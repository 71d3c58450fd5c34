//! Lists of nodes: lines, CSV, `kubectl get nodes` as table, JSON or YAML. They are put into the design as it stands.

mod good;
mod kubectl;
mod lines;
mod listed;

use kubepki_core::diag::{Diagnostic, Position};
use kubepki_core::spec::{Draft, NodeDraft};

use self::listed::{Listed, TOO_MANY};
use crate::finding::Finding;
use crate::load::load;
use crate::outcome::{Outcome, Source};
use crate::place::{Place, Places};
use crate::text::{Index, Limits, text};

pub use good::{GoodLines, good_lines};
pub(crate) use kubectl::is_nodes;

/// Longest list that is read, in bytes: 10,000 lines are well below, and `kubectl get nodes -o json` of some 300 nodes.
pub const LONGEST_LIST: usize = 4 * 1024 * 1024;

/// JSON has a line and an item in brackets for every value.
const LIST: Limits = Limits { bytes: LONGEST_LIST, items: 700_000 };

/// Reads lists of nodes into `base`. A list that names a control plane is the whole cluster and takes the place of the
/// nodes there are; any other list adds nodes, and replaces those of the same name.
pub fn read_nodes(texts: &[(&str, &[u8])], base: &Draft) -> Outcome {
    let mut outcome = Outcome { kind: "list of nodes".to_owned(), ..Outcome::default() };
    let mut listed = Vec::new();
    for &(file, bytes) in texts {
        let found = match text(bytes, LIST) {
            Ok(text) if kubectl::is_json(text) => kubectl::json(text, file, &mut listed),
            Ok(text) if !is_lines(text) => {
                let (documents, mut found) = load(text, kubectl::SKIP);
                found.extend(documents.iter().flat_map(|document| kubectl::nodes(&document.root, file, &mut listed)));
                found
            }
            Ok(text) => lines::nodes(text, file, &mut listed),
            Err(found) if found.rule.starts_with("text-too") => vec![found.with_hint(KUBECTL_HINT)],
            Err(found) => vec![*found],
        };
        outcome.add(file, found);
    }
    merge(outcome, listed, base).in_order(texts).finish()
}

/// Whether a list is written line by line, and is no document.
fn is_lines(text: &str) -> bool {
    !kubectl::is_json(text) && !text.contains("\nkind:") && !text.starts_with("kind:")
}

/// How to get a list that is short enough.
const KUBECTL_HINT: &str = "kubectl get nodes -o wide prints a table that is read as well";

/// Nodes that `kubectl` printed, in texts that were read as YAML already.
pub(crate) fn read_loaded(mut outcome: Outcome, sources: &[Source<'_>], base: &Draft) -> Outcome {
    let mut listed = Vec::new();
    for source in sources {
        for document in &source.documents {
            let found = kubectl::nodes(&document.root, source.file, &mut listed);
            outcome.add(source.file, found);
        }
    }
    merge(outcome, listed, base)
}

/// Puts listed nodes into a draft and checks them.
fn merge(mut outcome: Outcome, listed: Vec<Listed>, base: &Draft) -> Outcome {
    let count = listed.len();
    if outcome.findings.iter().any(|one| one.diagnostic.rule == TOO_MANY) {
        // The limit is what there is to say; half a list is not checked.
        return outcome;
    }
    outcome.kind = format!("list of {count} node{}", if count == 1 { "" } else { "s" });
    if count == 0 && !outcome.has_errors() {
        let found = Diagnostic::error("nodes-none", "nodes", "no node is in this list");
        let found = found.with_hint("one node a line: name address role").at(Position { line: 1, column: 1 });
        outcome.add("", vec![found]);
    }
    let mut draft = base.clone();
    let whole = listed.iter().any(|one| one.roles.iter().any(|(role, _)| role == "control-plane"));
    if whole {
        draft.nodes.clear();
    }
    let mut places = Places::default();
    let has_control_plane =
        |draft: &Draft| draft.nodes.iter().any(|node| node.roles.iter().any(|role| role == "control-plane"));
    let mut known = Index::new();
    for (index, node) in draft.nodes.iter().enumerate() {
        known.insert(node.name.clone(), index);
    }
    let mut needs_first = !whole && !has_control_plane(&draft);
    for one in listed {
        let mut roles: Vec<String> = one.roles.iter().map(|(role, _)| role.clone()).collect();
        if roles.is_empty() {
            let first = std::mem::take(&mut needs_first);
            roles.push(if first { "control-plane" } else { "worker" }.to_owned());
            if first {
                let message = format!("{} is taken as the control plane, for no node is one", one.name.0);
                let found = Diagnostic::notice("nodes-first-control-plane", "nodes", message);
                let found = found.with_hint("name the role behind the address: control-plane, etcd or worker");
                outcome.add(&one.file, vec![Diagnostic { position: one.at, ..found }]);
            }
        }
        let node = NodeDraft {
            name: one.name.0.clone(),
            addresses: one.addresses.iter().map(|(address, _)| address.clone()).collect(),
            roles,
        };
        // One of the design gives way to the first of its name; a second one is left to the check of names.
        let index = match known.remove(&node.name) {
            Some(index) => {
                draft.nodes[index] = node;
                index
            }
            None => {
                draft.nodes.push(node);
                draft.nodes.len() - 1
            }
        };
        remember(&mut places, index, &one);
    }
    outcome.check_named(draft, places);
    outcome
}

/// Remembers where the parts of a node stand.
fn remember(places: &mut Places, index: usize, one: &Listed) {
    let line = one.at.unwrap_or(Position { line: 1, column: 1 });
    let mut put = |path: String, position: Option<Position>| {
        let place = Place { file: one.file.clone(), position: position.unwrap_or(line), called: String::new() };
        places.put(path, place);
    };
    put(format!("nodes.{index}"), one.at);
    put(format!("nodes.{index}.name"), one.name.1);
    for (which, (_, position)) in one.addresses.iter().enumerate() {
        put(format!("nodes.{index}.addresses.{which}"), *position);
    }
    for (which, (_, position)) in one.roles.iter().enumerate() {
        put(format!("nodes.{index}.roles.{which}"), *position);
    }
}

impl Outcome {
    /// Checks a draft and keeps what is said of fields that stand in the texts.
    fn check_named(&mut self, draft: Draft, places: Places) {
        let (_, found) = kubepki_core::spec::parse(&draft);
        let said = found.into_iter().filter(|one| places.names(&one.field));
        let said: Vec<Finding> = said.map(|one| places.locate(one)).collect();
        self.findings.extend(said);
        self.draft = Some(draft);
        self.places = places;
    }
}
