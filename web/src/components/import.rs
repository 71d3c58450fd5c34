//! The import: files chosen or dropped, or a text pasted; applied at once.

use yew::{Callback, Event, Html, InputEvent, html};

use super::findings::finding;
use super::{Dispatch, act, icon, join};
use crate::browser;
use crate::state::{Action, AppState};

/// Draws the import, and what the last one turned out to be.
pub(crate) fn import(state: &AppState, dispatch: &Dispatch) -> Html {
    let send = dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| send.emit(Action::TypeImport(browser::text_of(&event))));
    let send = dispatch.clone();
    let onchange = Callback::from(move |event: Event| browser::read_chosen(&event, &send));
    let blank = state.import.text.trim().is_empty();
    let busy = state.import.pending.is_some();
    html! {
        <div class="import">
            <textarea id="import-text" data-testid="import-text" rows="2" maxlength="1048577" spellcheck="false" aria-label="kubeadm YAML or a design file"
                placeholder="Paste kubeadm YAML or a design, or drop files anywhere" value={state.import.text.clone()} {oninput} />
            <p class="buttons">
                <button type="button" data-testid="import-apply" disabled={blank || busy} onclick={act(dispatch, Action::ReadText)}>
                    { if busy { "Reading…" } else { "Apply" } }
                </button>
                <label class="button">
                    <input type="file" class="sr" data-testid="import" multiple={true} accept=".yaml,.yml,.json,.txt,.conf" {onchange} />
                    { "Choose files…" }
                </label>
            </p>
            { outcome(state, dispatch) }
        </div>
    }
}

fn outcome(state: &AppState, dispatch: &Dispatch) -> Html {
    let import = &state.import;
    if import.findings.is_empty() {
        return Html::default();
    }
    let list = html! {
        <ul class="findings">{ for import.findings.iter().map(|one| finding(&one.diagnostic, Some(&one.file), None, dispatch)) }</ul>
    };
    let dismiss = html! {
        <button type="button" class="quiet" aria-label="Dismiss" onclick={act(dispatch, Action::DismissImport)}>{ icon("close") }</button>
    };
    if import.refused {
        html! {
            <div class="outcome bad" data-testid="import-errors" role="alert">
                <div class="head"><b>{ "Refused; the design is as it was" }</b>{ dismiss }</div>{ list }
            </div>
        }
    } else {
        html! {
            <div class="outcome" data-testid="import-notes">
                <div class="head"><b>{ join(&["Read ", &import.kind]) }</b>{ dismiss }</div>{ list }
            </div>
        }
    }
}
