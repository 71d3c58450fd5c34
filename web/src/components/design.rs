//! The left pane: what I want. Start from a preset or a text, then every field of the design.

use std::rc::Rc;

use kubepki_core::spec::Field;
use kubepki_core::spec::preset::PRESETS;
use wasm_bindgen::JsCast;
use web_sys::Event;
use yew::Html;

use super::field::field;
use super::form::Form;
use super::icon;
use super::import::import;
use super::node_table::node_table;
use crate::browser;
use crate::draw::{Dispatch, El, Kind, el, join, memo, tree};
use crate::state::{Action, AppState, SECTIONS};

/// Draws the pane.
pub(crate) fn design_pane(state: &AppState, dispatch: &Dispatch) -> El {
    let presets = PRESETS.iter().map(|preset| {
        El::button("preset", dispatch, Action::Preset(preset.name))
            .test(&join(&["preset-", preset.name]))
            .state("aria-pressed", *state.draft == preset.draft())
            .add(el("b", "").text(preset.title))
            .add(el("span", "").text(preset.subtitle))
            .done()
    });
    let start = el("div", "start")
        .add(el("h2", "caps").text("Start from"))
        .add(el("div", "presets").nodes(presets.collect()))
        .add(import(state, dispatch));
    let save = El::button("quiet", dispatch, Action::SaveDesign)
        .test("save-design")
        .node(icon("save"))
        .add(el("span", "").text("Design file"));
    if !state.guide.is_empty() {
        let guide = tree(state.drawn(2).unwrap_or_default(), dispatch);
        return el("section", "design guide").label("Guide").node(guide);
    }
    el("section", "design")
        .label("Design")
        .add(start)
        .node(Form::of(state, dispatch).draw())
        .add(el("p", "buttons").add(save))
}

impl Form {
    /// Draws it, unless it shows what it has shown before.
    fn draw(self) -> Html {
        let key = vec![
            Rc::as_ptr(&self.draft) as usize,
            Rc::as_ptr(&self.derived) as usize,
            Rc::as_ptr(&self.pages) as usize,
            self.help.as_ptr() as usize,
        ];
        memo(key, move || form(&self).done())
    }
}

/// The form. One listener for all its fields: each has its path for a name.
fn form(form: &Form) -> El {
    let sections = SECTIONS.iter().flat_map(|section| {
        // What an imported file sets is shown to whoever imported one.
        let shown = |one: &&Field| **one != Field::AlsoSets || !form.draft.list(Field::AlsoSets).is_empty();
        let fields = section.fields.iter().filter(shown).map(|one| field(form, *one).done()).collect();
        let drawn = el("section", "fields").add(el("h2", "caps").text(section.title)).nodes(fields);
        let nodes = section.nodes.then(|| node_table(form));
        [Some(drawn), nodes].into_iter().flatten().map(El::done)
    });
    let help = if form.help.is_empty() {
        "Every edit shows in the picture at once. Nothing typed is ever lost."
    } else {
        form.help
    };
    let send = &form.dispatch;
    el("div", "form")
        .typed(send, |event, send| {
            if let Some((path, text)) = browser::field_of(event) {
                send.emit(Action::Type(path, text));
            }
        })
        .keyed(send, |event, send| {
            if browser::key_of(event.unchecked_ref()) == "Enter" {
                leave(event, send);
            }
        })
        .on(Kind::FocusIn, send, |event, send| {
            send.emit(Action::Enter(browser::field_of(event).map(|(path, _)| path).unwrap_or_default()));
        })
        .on(Kind::FocusOut, send, leave)
        .nodes(sections.collect())
        .add(el("p", "help").set("aria-hidden", "true").text(help))
}

fn leave(event: &Event, dispatch: &Dispatch) {
    if browser::field_of(event).is_some() {
        dispatch.emit(Action::Leave);
    }
}
