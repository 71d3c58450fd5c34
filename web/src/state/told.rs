//! What the worker and the browser told: the import, the last download, the worker's health.

use kubepki_core::spec::Draft;
use kubepki_worker::Finding;

/// How the worker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// It is being fetched or started.
    Loading,
    /// It is up.
    Ready {
        /// Whether the platform does RSA.
        webcrypto: bool,
    },
    /// It could not be fetched, or it stopped; it can be started again.
    Broken(String),
}

/// The import: a text that was dropped, chosen or pasted.
#[derive(Debug, Default)]
pub(crate) struct Import {
    /// What is typed into the text area.
    pub(crate) text: String,
    /// What is typed into the dialog for node lists.
    pub(crate) nodes: String,
    /// The number of the text that is being read.
    pub(crate) pending: Option<Pending>,
    /// The number of the next one.
    pub(crate) next: u32,
    /// What it turned out to be; empty when it was refused.
    pub(crate) kind: String,
    /// Whether it was refused.
    pub(crate) refused: bool,
    /// What there is to say about it.
    pub(crate) findings: Vec<Finding>,
    /// Whether files are being dragged over the page.
    pub(crate) dragged: bool,
}

/// A text that is being read.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Its number.
    pub(crate) id: u32,
    /// Whether it is a list of nodes.
    pub(crate) nodes_only: bool,
    /// The design it was read against.
    pub(crate) base: std::rc::Rc<Draft>,
}

/// A file that was handed to the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// Its name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The `blob:` address it can be had from again.
    pub(crate) url: String,
}
