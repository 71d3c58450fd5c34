//! The search: finds anything by any name people use for it.

use wasm_bindgen::JsCast;
use web_sys::Event;

use super::icon;
use crate::browser;
use crate::draw::{Dispatch, El, el, join};
use crate::state::{Action, AppState};

/// Draws the search field and what it finds.
pub(crate) fn search(state: &AppState, dispatch: &Dispatch) -> El {
    let open = !state.query.trim().is_empty();
    let active = open.then(|| hit_id(state.hit));
    let input = el("input", "")
        .set("type", "text")
        .id("search")
        .set("role", "combobox")
        .label("Find a certificate, flag or file")
        .set("placeholder", "Find a certificate or log line")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .value(&state.query)
        .state("aria-expanded", open)
        .maybe("aria-controls", open.then_some("hits"))
        .set("aria-autocomplete", "list")
        .maybe("aria-activedescendant", active.as_deref())
        .typed(dispatch, |event, send| send.emit(Action::Query(browser::text_of(event))))
        .keyed(dispatch, key);
    el("div", "search")
        .set("role", "search")
        .node(icon("find"))
        .add(input)
        .add(el("kbd", "").set("aria-hidden", "true").text("/"))
        .maybe_add(open.then(|| el("div", "hits").add(hits(state, dispatch))))
}

fn hit_id(index: usize) -> String {
    join(&["hit-", &index.to_string()])
}

fn hits(state: &AppState, dispatch: &Dispatch) -> El {
    let option = |index, action| {
        el("li", "")
            .set("id", &hit_id(index))
            .set("role", "option")
            .state("aria-selected", index == state.hit)
            .click(dispatch, action)
    };
    let drawn = state.hits.iter().enumerate().map(|(index, hit)| {
        option(index, Action::GoTo(hit.selection))
            .test("hit")
            .add(el("b", "").text(&hit.label))
            .add(el("span", "").text(&hit.detail))
            .done()
    });
    // What a log says is known to the worker alone: it is asked when this is taken.
    let message = option(state.hits.len(), Action::Explain)
        .test("explain")
        .add(el("b", "").text("Explain it as a message"))
        .add(el("span", "").text("what components print, and on which connection"));
    el("ul", "").set("id", "hits").set("role", "listbox").label("Found").nodes(drawn.collect()).add(message)
}

/// The arrow keys walk what is found, Enter goes there, Esc empties the field; with nothing in it, Esc is the page's.
fn key(event: &Event, dispatch: &Dispatch) {
    let blank = browser::text_of(event).trim().is_empty();
    let action = match browser::key_of(event.unchecked_ref()).as_str() {
        "ArrowDown" => Action::MoveHit(1),
        "ArrowUp" => Action::MoveHit(-1),
        "Enter" => Action::TakeHit,
        "Escape" if !blank => Action::Query(String::new()),
        _ => return,
    };
    event.prevent_default();
    dispatch.emit(action);
}
