//! What the sections of a README are made from.

use kubepki_core::Plan;

use crate::archive::selection::Selection;

/// Nodes are listed up to here; beyond, they are counted.
pub(super) const MOST_NODES: usize = 50;

/// What the sections are made from.
#[derive(Clone, Copy)]
pub(super) struct Doing<'a> {
    /// The design's plan.
    pub(super) plan: &'a Plan,
    /// The plan that components are started by.
    pub(super) started: &'a Plan,
    /// When the certificates are issued, Unix seconds.
    pub(super) issued_at: i64,
    pub(super) selection: Selection,
}
