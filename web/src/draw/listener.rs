//! The one kind of listener that the page has.

use web_sys::Event;
use yew::virtual_dom::{Listener, ListenerKind};

use super::Dispatch;
use crate::state::Action;

/// What an event does.
pub(super) enum What {
    /// Always this.
    Do(Action),
    /// What is read from it, if anything.
    Read(fn(&Event) -> Option<Action>),
}

/// A listener.
pub(super) struct On {
    pub(super) kind: ListenerKind,
    pub(super) dispatch: Dispatch,
    pub(super) what: What,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: Event) {
        let action = match &self.what {
            What::Do(action) => Some(action.clone()),
            What::Read(read) => read(&event),
        };
        if let Some(action) = action {
            self.dispatch.emit(action);
        }
    }

    fn passive(&self) -> bool {
        false
    }
}
