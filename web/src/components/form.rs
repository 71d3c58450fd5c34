//! What the form of a design shows.

use std::rc::Rc;

use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::Draft;

use crate::draw::Dispatch;
use crate::state::{AppState, Derived, Pager};

/// What the form shows.
#[derive(Clone)]
pub(super) struct Form {
    /// The design as it is being typed.
    pub(super) draft: Rc<Draft>,
    /// What follows from it: the errors are shown at their fields.
    pub(super) derived: Rc<Derived>,
    /// The page of each long list.
    pub(super) pages: Rc<SortedMap<Pager, usize>>,
    /// One sentence on the field that has the focus.
    pub(super) help: &'static str,
    /// Where actions go.
    pub(super) dispatch: Dispatch,
}

impl Form {
    pub(super) fn of(state: &AppState, dispatch: &Dispatch) -> Self {
        Self {
            draft: state.draft.clone(),
            derived: state.derived.clone(),
            pages: state.pages.clone(),
            help: state.help,
            dispatch: dispatch.clone(),
        }
    }
}
