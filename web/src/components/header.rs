//! The header: mark, search, what concerns the whole page, and Export.

use kubepki_core::view::selection::TRUST;

use super::icon;
use super::icon::mark;
use super::search::search;
use crate::browser;
use crate::draw::{Dispatch, El, Kind, el};
use crate::state::{Action, AppState, Dialog, Pane, Theme, WorkerState};

/// Draws the header.
pub(crate) fn header(state: &AppState, dispatch: &Dispatch) -> El {
    let design = state.pane == Pane::Design;
    let other = if design { Pane::Picture } else { Pane::Design };
    let theme_words = match state.theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let theme = el("button", "tool").set("type", "button").on(Kind::Click, dispatch, |_, send| {
        send.emit(Action::Theme { system_dark: browser::is_dark() });
    });
    let act = |action| El::button("tool", dispatch, action);
    let name = el("span", "").text("KubePKI").add(el("span", "wide").text(" Workbench"));
    let export = El::button(
        if state.issued().is_some() { "big filled" } else { "big" },
        dispatch,
        Action::Export("whole".to_owned()),
    );
    let learns = !state.guide.is_empty();
    let learn = Action::Link((if learns { "&g=" } else { "&g=learn" }).to_owned());
    let learn = El::button("tool learn", dispatch, learn)
        .test("mode-learn")
        .label("Learn")
        .set("title", "Lessons and labs")
        .state("aria-pressed", learns)
        .node(icon("learn"))
        .add(el("span", "wide").text("Learn"));
    el("header", "top")
        .add(el("h1", "name").add(mark()).add(name))
        .add(search(state, dispatch))
        .add(network(state, dispatch))
        .add(
            el("div", "tools")
                .add(learn)
                .add(tool(act(Action::Undo).disabled(!state.can_undo()), "undo", "Undo"))
                .add(tool(act(Action::Redo).disabled(!state.history.can_redo()), "redo", "Redo"))
                .add(tool(act(Action::CopyLink), "copy-link", "Copy link"))
                .add(tool(theme, "theme", theme_words))
                .add(tool(act(Action::Show(Dialog::Keys)), "keys", "Keyboard")),
        )
        .add(export.test("export-zip").disabled(state.issued().is_none()).text("Export…"))
        .add(
            El::button("big to-design", dispatch, Action::Front(other)).state("aria-pressed", design).text(if learns {
                "Guide"
            } else {
                "Design"
            }),
        )
}

fn tool(button: El, name: &str, title: &str) -> El {
    let picture = if name == "copy-link" { "link" } else { name };
    button.test(name).label(title).set("title", title).node(icon(picture))
}

/// Whether the page can reach the network, in words; why is told by what it opens.
fn network(state: &AppState, dispatch: &Dispatch) -> El {
    let (class, text) = match (&state.worker, state.locked) {
        (_, true) => ("pill good", "No network used"),
        (WorkerState::Broken(_), false) => ("pill bad", "Not loaded"),
        (_, false) => ("pill", "Loading"),
    };
    El::button(class, dispatch, Action::Choose(TRUST.to_owned()))
        .test("trust")
        .set("title", "Why, and how far")
        .text(text)
}
