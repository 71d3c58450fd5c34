//! The middle: tabs, what is going on, the view, and what is worth knowing.

use kubepki_core::view::ViewId;
use wasm_bindgen::JsCast;
use web_sys::Event;
use yew::Html;

use super::findings::{findings, picture_notices};
use super::icon;
use super::strip::{strip, worker_lost};
use crate::browser;
use crate::draw::{Dispatch, El, el, group, join};
use crate::state::{Action, AppState, Dialog};
use crate::views::picture;

/// Draws the middle.
pub(crate) fn stage(state: &AppState, dispatch: &Dispatch) -> El {
    let view = el("div", "view")
        .set("role", "tabpanel")
        .set("id", "view")
        .set("data-view", state.view.word())
        .set("aria-labelledby", &tab_id(state.view))
        .maybe("aria-busy", state.is_drawing().then_some("true"))
        .keyed(dispatch, |event, _| browser::walk(event.unchecked_ref()))
        .node(match &state.plan {
            Some(plan) => picture(state, plan, dispatch),
            None => group(vec![empty(dispatch).done()]),
        });
    el("main", "stage").set("data-state", state.phase().word()).add(tabs(state, dispatch)).add(
        el("div", "scroll")
            .maybe_add(worker_lost(state, dispatch))
            .maybe_add(strip(state, dispatch))
            .maybe_add(picture_notices(state, dispatch))
            .add(view)
            .maybe_add(findings(state, dispatch)),
    )
}

/// What there is instead of a picture while no node is named.
fn empty(dispatch: &Dispatch) -> El {
    let text = "A PKI follows from the machines of a cluster. Name one, paste a list, or start from a preset.";
    el("div", "empty").add(el("h2", "").text("No nodes yet")).add(el("p", "").text(text)).add(
        el("p", "buttons")
            .add(El::button("", dispatch, Action::AddNode).text("Add the first node"))
            .add(El::button("", dispatch, Action::Show(Dialog::Nodes)).text("Paste a list")),
    )
}

fn tab_id(view: ViewId) -> String {
    join(&["tab-", view.word()])
}

/// The tabs, one a view, and what can be done with the picture.
fn tabs(state: &AppState, dispatch: &Dispatch) -> El {
    let drawn: Vec<Html> = ViewId::ALL.iter().map(|view| tab(state, *view, dispatch).done()).collect();
    let tool = |action, test, title, word| {
        El::button("quiet", dispatch, action)
            .test(test)
            .label(title)
            .set("title", title)
            .node(icon(if test == "embed" { test } else { "save" }))
            .add(el("span", "").text(word))
    };
    let there = state.plan.is_some();
    let embed = there.then(|| tool(Action::Embed, "embed", "Embed this", "Embed"));
    let save = there.then(|| tool(Action::SavePicture, "save-svg", "Save the picture", "Picture"));
    el("div", "tabs")
        .add(el("div", "").set("role", "tablist").label("Views").keyed(dispatch, key).nodes(drawn))
        .maybe_add(embed)
        .maybe_add(save)
}

fn tab(state: &AppState, view: ViewId, dispatch: &Dispatch) -> El {
    let chosen = view == state.view;
    El::button("", dispatch, Action::Open(view))
        .set("role", "tab")
        .id(&tab_id(view))
        .state("aria-selected", chosen)
        .maybe("aria-controls", chosen.then_some("view"))
        .set("tabindex", if chosen { "0" } else { "-1" })
        .text(view.title())
}

/// The arrow keys walk the tabs, and open each.
fn key(event: &Event, dispatch: &Dispatch) {
    let all = ViewId::ALL;
    let here = browser::id_of(event);
    let Some(at) = all.iter().position(|view| tab_id(*view) == here) else { return };
    let next = match browser::key_of(event.unchecked_ref()).as_str() {
        "ArrowRight" => (at + 1) % all.len(),
        "ArrowLeft" => (at + all.len() - 1) % all.len(),
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return,
    };
    event.prevent_default();
    dispatch.emit(Action::Open(all[next]));
    dispatch.emit(Action::Focus(tab_id(all[next])));
}
