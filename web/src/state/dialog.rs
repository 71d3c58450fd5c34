//! Dialogs, and what is said in those that the worker draws.

use std::rc::Rc;

use kubepki_core::spec::link as design_link;
use kubepki_core::view::act::Ask;
use kubepki_core::view::export::EXPORT;
use kubepki_core::view::selection::FORGET;
use kubepki_worker::{Part, Request};

use super::{AppState, Effect};

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// The list of keys.
    Keys,
    /// Asks before a new PKI is made.
    MakeNew,
    /// Asks before a preset replaces a design whose keys were never exported.
    Preset(&'static str),
    /// What the worker draws.
    Drawn(DrawnDialog),
    /// Takes a list of nodes.
    Nodes,
    /// Shows a text that the browser would not copy.
    Text(&'static str, String),
}

/// A dialog that the worker draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DrawnDialog {
    /// Its title.
    pub(crate) title: &'static str,
    /// What was drawn; empty until then.
    pub(crate) lines: Rc<str>,
    /// The number of the drawing that is awaited.
    pub(crate) awaited: Option<u32>,
    /// The PKI that it exports; 0 for none.
    pub(super) pki: u32,
    /// The number of the last question about what is typed in it.
    pub(super) secret: Option<u32>,
    /// The number of the export that it began.
    pub(super) export: Option<u32>,
    /// What is said in it.
    pub(crate) told: String,
}

impl AppState {
    /// The dialog that the worker draws, where that is open.
    pub(super) fn drawn_dialog(&mut self) -> Option<&mut DrawnDialog> {
        match &mut self.dialog {
            Some(Dialog::Drawn(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// Closes the dialog that the worker draws.
    pub(super) fn close_drawn(&mut self) {
        if self.drawn_dialog().is_some() {
            self.dialog = None;
        }
    }

    /// Has the worker draw a dialog, in the place of the one that is open: of an export, of what is on screen, or what asks
    /// before everything is forgotten.
    pub(super) fn ask_dialog(&mut self, selected: String, effects: &mut Vec<Effect>) {
        let id = self.number();
        let title = match selected.as_str() {
            FORGET => "Forget everything?",
            export if export.starts_with(EXPORT) => "Export",
            _ => "Embed this",
        };
        let issued = self.issued().map_or(0, |issued| issued.pki);
        let before = self.drawn_dialog().map(|open| (open.lines.clone(), open.pki, open.export));
        let (lines, pki, export) = before.unwrap_or(("".into(), issued, None));
        // What is exported is of the design that it was issued from.
        let issued = self.pkis.get(&pki).filter(|_| title == "Export");
        let of = issued.map_or(0, |_| pki);
        let design = design_link::encode(issued.map_or(self.shown(), |issued| &issued.draft));
        let (awaited, told) = (Some(id), String::new());
        self.dialog = Some(Dialog::Drawn(DrawnDialog { title, lines, awaited, pki, secret: None, export, told }));
        let (part, view, guide) = (Part::Dialog, self.view, String::new());
        effects.push(Effect::Post(Request::Draw { id, part, design, pki: of, view, selected, guide }));
    }

    /// Asks about what is typed into the dialog, or to draw a passphrase.
    pub(super) fn ask_secret(&mut self, ask: Ask, effects: &mut Vec<Effect>) {
        let id = self.number();
        if let Some(dialog) = self.drawn_dialog() {
            dialog.secret = Some(id);
        }
        effects.push(Effect::Post(Request::Secret { id, ask }));
    }
}
