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

/// What can happen to an element, of all that can.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A dialog is to be closed.
    Cancel,
    /// Something was chosen.
    Change,
    /// It was clicked.
    Click,
    /// It, or something in it, got the focus.
    FocusIn,
    /// It, or something in it, lost the focus.
    FocusOut,
    /// Something was typed.
    Input,
    /// A key was pressed.
    KeyDown,
}

/// A listener.
pub(super) struct On {
    pub(super) kind: Kind,
    pub(super) dispatch: Dispatch,
    pub(super) what: What,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        // Yew's own kinds are ninety, and a copy of one looks at each.
        match self.kind {
            Kind::Cancel => ListenerKind::oncancel,
            Kind::Change => ListenerKind::onchange,
            Kind::Click => ListenerKind::onclick,
            Kind::FocusIn => ListenerKind::onfocusin,
            Kind::FocusOut => ListenerKind::onfocusout,
            Kind::Input => ListenerKind::oninput,
            Kind::KeyDown => ListenerKind::onkeydown,
        }
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
