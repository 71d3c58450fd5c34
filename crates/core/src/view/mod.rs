//! Views: a plan turned into plain values that page, command line and embedding draw alike. No markup, no pixels but
//! those of [`svg`], and never a second source of truth.

pub mod act;
pub mod address;
pub mod by_hand;
pub mod cis;
pub mod commands;
pub mod connections;
pub mod connections_table;
pub mod drawing;
pub mod export;
pub mod files;
pub mod flags;
pub mod hierarchy;
pub mod inspector;
pub mod page;
pub mod pager;
pub mod search;
pub mod selection;
pub mod svg;
pub mod text;
pub mod timeline;
pub mod words;

pub use pager::Pager;
pub use selection::{Related, Selection};

/// The views there are. Ids are used alike by page, command line and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewId {
    /// Signed by, certificate, held by.
    Hierarchy,
    /// Who calls whom, proven how, checked against what.
    Connections,
    /// One connection, step by step.
    Handshake,
    /// Each node's tree.
    Files,
    /// Each component's flags.
    Flags,
    /// How long each certificate lives.
    Timeline,
    /// How to make and check the same by hand.
    Commands,
    /// A benchmark's checks, with their state here.
    Cis,
}

impl ViewId {
    /// All of them, in the order of the tabs.
    pub const ALL: &[Self] = &[
        Self::Hierarchy,
        Self::Connections,
        Self::Handshake,
        Self::Files,
        Self::Flags,
        Self::Timeline,
        Self::Commands,
        Self::Cis,
    ];

    /// Id and label of each.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Hierarchy => ("hierarchy", "Hierarchy"),
            Self::Connections => ("connections", "Connections"),
            Self::Handshake => ("handshake", "Handshake"),
            Self::Files => ("files", "Files"),
            Self::Flags => ("flags", "Flags & manifests"),
            Self::Timeline => ("timeline", "Timeline"),
            Self::Commands => ("commands", "Commands"),
            Self::Cis => ("cis", "CIS"),
        }
    }

    /// Its id.
    pub fn word(self) -> &'static str {
        self.names().0
    }

    /// The tab's label.
    pub fn title(self) -> &'static str {
        self.names().1
    }

    /// Whether the page draws it from the plan itself; all others are drawn by its worker.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Hierarchy | Self::Files)
    }

    /// The view of an id.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|view| view.word() == word)
    }
}
