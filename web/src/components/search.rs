//! The search: finds anything by any name people use for it.

use yew::{Callback, Html, InputEvent, KeyboardEvent, html};

use super::{Dispatch, act, icon, join};
use crate::browser;
use crate::state::{Action, AppState};

/// Draws the search field and what it finds.
pub(crate) fn search(state: &AppState, dispatch: &Dispatch) -> Html {
    let open = !state.query.trim().is_empty();
    let send = dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| send.emit(Action::Query(browser::text_of(&event))));
    let send = dispatch.clone();
    let (hits, at) = (state.hits.clone(), state.hit);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let action = match browser::key_of(&event).as_str() {
            "ArrowDown" => Action::MoveHit(at + 1),
            "ArrowUp" => Action::MoveHit(at.saturating_sub(1)),
            "Escape" if open => Action::Query(String::new()),
            "Enter" => match hits.get(at) {
                Some(hit) => Action::GoTo(hit.selection),
                None => return,
            },
            _ => return,
        };
        browser::prevent(&event);
        send.emit(action);
    });
    let active = (open && !state.hits.is_empty()).then(|| join(&["hit-", &state.hit.to_string()]));
    html! {
        <div class="search" role="search">
            { icon("find") }
            <input type="text" id="search" data-testid="search" role="combobox" aria-label="Find a certificate, flag or file"
                placeholder="Find a certificate, flag, file" autocomplete="off" spellcheck="false" value={state.query.clone()}
                aria-expanded={open.to_string()} aria-controls={open.then_some("hits")} aria-autocomplete="list"
                aria-activedescendant={active} {oninput} {onkeydown} />
            <kbd aria-hidden="true">{ "/" }</kbd>
            if open {
                <div class="hits">
                    <ul id="hits" role="listbox" aria-label="Found">
                        { for state.hits.iter().enumerate().map(|(index, hit)| html! {
                            <li id={join(&["hit-", &index.to_string()])} role="option" data-testid="hit"
                                aria-selected={(index == state.hit).to_string()}
                                onclick={act(dispatch, Action::GoTo(hit.selection))}>
                                <b>{ &hit.label }</b><span>{ &hit.detail }</span>
                            </li>
                        }) }
                        if state.hits.is_empty() {
                            <li role="option" aria-selected="false" aria-disabled="true" class="none">{ "Nothing has that name here." }</li>
                        }
                    </ul>
                </div>
            }
        </div>
    }
}
