//! A node of a list.

use kubepki_core::diag::{Diagnostic, Position};
use kubepki_core::spec::parse::MOST_NODES;

/// A node of a list, and where its parts stand.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(super) file: String,
    pub(super) at: Option<Position>,
    pub(super) name: (String, Option<Position>),
    pub(super) addresses: Vec<(String, Option<Position>)>,
    /// Empty when the list says nothing of them.
    pub(super) roles: Vec<(String, Option<Position>)>,
}

impl Listed {
    /// Every place in it.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Position> {
        let lists = self.addresses.iter_mut().chain(&mut self.roles).map(|(_, at)| at);
        [&mut self.at, &mut self.name.1].into_iter().chain(lists).flatten()
    }
}

/// The rule that a list beyond the limit breaks.
pub(super) const TOO_MANY: &str = "nodes-too-many";

/// The finding for more nodes than are planned.
pub(super) fn too_many(at: Position) -> Diagnostic {
    Diagnostic::error(TOO_MANY, "nodes", format!("more than {MOST_NODES} nodes; at most {MOST_NODES} are planned"))
        .with_hint("the largest cluster that Kubernetes supports has 5000")
        .at(at)
}
