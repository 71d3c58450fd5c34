//! The header: mark, search, what concerns the whole page, and Export.

use kubepki_worker::Export;
use yew::{Html, classes, html};

use super::icon::{icon, mark};
use super::search::search;
use super::{Dispatch, act};
use crate::browser;
use crate::state::{Action, AppState, Dialog, Pane, Theme, WorkerState};

/// Draws the header.
pub(crate) fn header(state: &AppState, dispatch: &Dispatch) -> Html {
    let filled = state.issued().is_some();
    let design = state.pane == Pane::Design;
    let other = if design { Pane::Picture } else { Pane::Design };
    let theme = match state.theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let system_dark = browser::is_dark();
    html! {
        <header class="top">
            <h1 class="name">{ mark() }<span>{ "KubePKI" }<span class="wide">{ " Workbench" }</span></span></h1>
            { search(state, dispatch) }
            { network(state) }
            <div class="tools">
                { tool("undo", "Undo", state.history.can_undo(&state.draft), dispatch, Action::Undo) }
                { tool("redo", "Redo", state.history.can_redo(), dispatch, Action::Redo) }
                { tool("copy-link", "Copy link", true, dispatch, Action::CopyLink) }
                { tool("theme", theme, true, dispatch, Action::Theme { system_dark }) }
                { tool("keys", "Keyboard", true, dispatch, Action::Show(Dialog::Keys)) }
            </div>
            <button type="button" class={classes!("big", filled.then_some("filled"))} data-testid="export-zip"
                disabled={state.issued().is_none()} onclick={act(dispatch, Action::Export(Export::Zip))}>{ "Export…" }</button>
            <button type="button" class="big to-design" aria-pressed={design.to_string()}
                onclick={act(dispatch, Action::Front(other))}>{ "Design" }</button>
        </header>
    }
}

fn tool(name: &'static str, title: &'static str, enabled: bool, dispatch: &Dispatch, action: Action) -> Html {
    let picture = if name == "copy-link" { "link" } else { name };
    html! {
        <button type="button" class="tool" data-testid={name} aria-label={title} title={title} disabled={!enabled}
            onclick={act(dispatch, action)}>{ icon(picture) }</button>
    }
}

/// Whether the page can reach the network, in words.
fn network(state: &AppState) -> Html {
    let (kind, text) = match (&state.worker, state.locked) {
        (_, true) => ("good", "No network used"),
        (WorkerState::Broken(_), false) => ("bad", "Not loaded"),
        (_, false) => ("", "Loading"),
    };
    let why =
        if state.locked { "All is loaded. The page has locked itself: it can reach no network any more." } else { "" };
    html! { <p class={classes!("pill", kind)} title={why}>{ text }</p> }
}
