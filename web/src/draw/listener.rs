//! The one kind of listener that the page has.

use web_sys::Event;
use yew::virtual_dom::{Listener, ListenerKind};

use super::Dispatch;
use crate::state::Action;

/// Reads an event, and sends on what it means.
pub(crate) type Hear = fn(&Event, &Dispatch);

/// What an event does.
pub(super) enum What {
    /// Always this.
    Do(Action),
    /// What is read from it.
    Read(Hear),
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
        match &self.what {
            What::Do(action) => self.dispatch.emit(action.clone()),
            What::Read(read) => read(&event, &self.dispatch),
        }
    }

    fn passive(&self) -> bool {
        false
    }
}
