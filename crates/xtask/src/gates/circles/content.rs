//! What is read of a module.

use std::collections::BTreeSet;

/// One name of a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) path: Path,
    /// What it is called here: its last word, what `as` says, or `*` for all that is there.
    pub(super) name: String,
    /// Whether it is handed on: `pub use`.
    pub(super) public: bool,
}

/// A path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) words: Vec<String>,
    pub(super) line: usize,
    pub(super) then: Then,
}

/// What follows a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// `(`: it is called.
    Call,
    /// `!`: it is a macro.
    Macro,
    Else,
}

/// What stands in a module.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) items: BTreeSet<String>,
    pub(super) uses: Vec<Use>,
    pub(super) paths: Vec<Path>,
    /// Macros by example that it defines.
    pub(super) macros: Vec<String>,
    /// Modules with their content in this file.
    pub(super) inline: Vec<(String, Content)>,
    /// Modules in files of their own.
    pub(super) declared: Vec<Declared>,
}

/// `mod name;`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: String,
    /// Files that attributes name, beside the one that declares it.
    pub(super) named: Vec<String>,
    /// Whether it may be in the file of its own name as well.
    pub(super) usual: bool,
}
