//! Where a document is being read.

use kubepki_core::diag::Position;
use kubepki_core::snippet::kubeadm::Api;

use super::kind::Kind;
use crate::place::Place;
use crate::tree::Node;

/// A value of a document that is being read.
pub(crate) struct Spot<'a> {
    pub(crate) file: &'a str,
    pub(crate) kind: Kind,
    /// The version of kubeadm's API; nothing for the kubelet's.
    pub(crate) api: Option<Api>,
    /// Dotted path in the document, with indexes.
    pub(crate) path: &'a str,
    pub(crate) node: &'a Node,
}

impl Spot<'_> {
    /// As findings name it.
    pub(crate) fn called(&self) -> String {
        match self.path.is_empty() {
            true => self.kind.word().to_owned(),
            false => format!("{}.{}", self.kind.word(), self.path),
        }
    }

    /// Its place.
    pub(crate) fn place(&self) -> Place {
        self.place_of(self.node.at)
    }

    /// The place of something inside it.
    pub(crate) fn place_of(&self, position: Position) -> Place {
        Place { file: self.file.to_owned(), position, called: self.called() }
    }

    /// Its text; empty when it is none.
    pub(crate) fn text(&self) -> &str {
        self.node.text().unwrap_or_default()
    }
}
