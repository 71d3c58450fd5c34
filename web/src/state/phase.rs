//! The states of the page, as `data-state` on `<main>` names them.

use super::{Activity, AppState};

/// A state of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There is no node.
    Empty,
    /// There is a plan, and nothing is issued.
    Planned,
    /// The design has errors.
    Invalid,
    /// It is issuing.
    Working,
    /// It was cancelled.
    Cancelled,
    /// It could not be done.
    Failed,
    /// Issued from the design as it stands.
    Issued,
    /// Issued from an earlier design.
    Stale,
}

impl Phase {
    /// The word in `data-state`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Planned => "planned",
            Self::Invalid => "invalid",
            Self::Working => "working",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Issued => "issued",
            Self::Stale => "stale",
        }
    }
}

impl AppState {
    /// The state of the page.
    pub(crate) fn phase(&self) -> Phase {
        match &self.activity {
            Activity::Working(_) => return Phase::Working,
            Activity::Cancelled => return Phase::Cancelled,
            Activity::Failed(_) => return Phase::Failed,
            Activity::Idle => {}
        }
        if self.lab.is_some() {
            Phase::Planned
        } else if self.draft.nodes.is_empty() {
            Phase::Empty
        } else if self.derived.plan.is_none() {
            Phase::Invalid
        } else if self.issued().is_none() {
            Phase::Planned
        } else if self.is_current() {
            Phase::Issued
        } else {
            Phase::Stale
        }
    }

    /// Whether Generate can be pressed.
    pub(crate) fn can_generate(&self) -> bool {
        self.derived.plan.is_some() && self.clock.time().is_ok() && !matches!(self.activity, Activity::Working(_))
    }
}
