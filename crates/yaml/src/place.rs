//! Where the fields of a design stand in the texts they were read from.

use kubepki_core::diag::{Diagnostic, Position};

use crate::finding::Finding;
use crate::text::Index;

/// A place in one of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the text.
    pub file: String,
    /// Where in it.
    pub position: Position,
    /// What the field is called there, such as `ClusterConfiguration.networking.serviceSubnet`; empty when it is called
    /// as in a design.
    pub called: String,
}

/// Places by path of the design field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Which of the places a path has. Paths of nodes do not come sorted, and there are tens of thousands.
    by_path: Index,
    places: Vec<Place>,
    /// Whether nodes come from elsewhere, so that they stand nowhere.
    no_nodes: bool,
}

impl Places {
    /// Remembers where a field stands. The whole design is the empty path.
    pub(crate) fn put(&mut self, path: impl Into<String>, place: Place) {
        let path = path.into();
        match self.by_path.get(path.as_str()) {
            Some(index) => self.places[*index] = place,
            None => {
                self.by_path.insert(path, self.places.len());
                self.places.push(place);
            }
        }
    }

    /// Forgets the nodes: others were taken in their place.
    pub(crate) fn without_nodes(&mut self) {
        self.no_nodes = true;
    }

    /// Where a field stands; where it would stand, if it does not: the place of what it belongs to.
    pub fn of(&self, path: &str) -> Option<&Place> {
        if self.no_nodes && path.split('.').next() == Some("nodes") {
            return None;
        }
        let mut path = path;
        loop {
            if let Some(index) = self.by_path.get(path) {
                return self.places.get(*index);
            }
            path = match path.rsplit_once('.') {
                Some((head, _)) => head,
                None if path.is_empty() => return None,
                None => "",
            };
        }
    }

    /// Whether the very field stands in a text.
    pub fn names(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// A finding about the design as one about the text.
    pub(crate) fn locate(&self, mut diagnostic: Diagnostic) -> Finding {
        let Some(place) = self.of(&diagnostic.field) else { return Finding { file: String::new(), diagnostic } };
        if !place.called.is_empty() && self.names(&diagnostic.field) {
            diagnostic.field.clone_from(&place.called);
        }
        diagnostic.position = Some(place.position);
        Finding { file: place.file.clone(), diagnostic }
    }
}
