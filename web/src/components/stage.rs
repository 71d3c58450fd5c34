//! The middle: tabs, what is going on, the view, and what is worth knowing.

use kubepki_core::view::{ViewId, svg};
use yew::{Callback, Html, KeyboardEvent, html};

use super::findings::{findings, picture_notices};
use super::strip::strip;
use super::{Dispatch, Same, act, icon, join};
use crate::browser;
use crate::state::{Action, AppState, Phase};
use crate::views::Picture;

/// Draws the middle.
pub(crate) fn stage(state: &AppState, dispatch: &Dispatch) -> Html {
    let phase = state.phase();
    html! {
        <main class="stage" data-state={phase.word()}>
            { tabs(state, dispatch) }
            <div class="scroll">
                { strip(state, dispatch) }
                { picture_notices(state, dispatch) }
                <div class="view" role="tabpanel" id="view" data-view={state.view.word()} aria-labelledby={join(&["tab-", state.view.word()])}
                    onkeydown={Callback::from(|event: KeyboardEvent| browser::walk(&event))}>
                    { view(state, dispatch) }
                </div>
                { findings(state, dispatch) }
            </div>
        </main>
    }
}

fn view(state: &AppState, dispatch: &Dispatch) -> Html {
    let Some(plan) = &state.plan else { return empty(dispatch) };
    html! {
        <Picture view={state.view} plan={Same(plan.clone())} selection={state.selection} unfolded={state.unfolded.clone()}
            pages={state.pages.clone()} verified={state.phase() == Phase::Issued} dispatch={dispatch.clone()} />
    }
}

/// What there is instead of a picture while no node is named.
fn empty(dispatch: &Dispatch) -> Html {
    html! {
        <div class="empty">
            <h2>{ "No nodes yet" }</h2>
            <p>{ "A PKI follows from the machines of a cluster. Name one, paste a list, or start from a preset." }</p>
            <p class="buttons">
                <button type="button" onclick={act(dispatch, Action::AddNode)}>{ "Add the first node" }</button>
                <button type="button" onclick={act(dispatch, Action::Show(crate::state::Dialog::Nodes))}>{ "Paste a list" }</button>
            </p>
        </div>
    }
}

/// The tabs, one a view, and what can be done with the picture.
fn tabs(state: &AppState, dispatch: &Dispatch) -> Html {
    let at = ViewId::ALL.iter().position(|view| *view == state.view).unwrap_or_default();
    let send = dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let next = match browser::key_of(&event).as_str() {
            "ArrowRight" => (at + 1) % ViewId::ALL.len(),
            "ArrowLeft" => (at + ViewId::ALL.len() - 1) % ViewId::ALL.len(),
            "Home" => 0,
            "End" => ViewId::ALL.len() - 1,
            _ => return,
        };
        browser::prevent(&event);
        let view = ViewId::ALL[next];
        send.emit(Action::Open(view));
        send.emit(Action::Focus(join(&["tab-", view.word()])));
    });
    let save = state.plan.as_ref().map(|plan| {
        let name = join(&[&plan.spec.cluster_name, "-", state.view.word(), ".svg"]);
        let (plan, view, send) = (plan.clone(), state.view, dispatch.clone());
        let onclick = Callback::from(move |_| send.emit(Action::SaveText(name.clone(), svg::svg(&plan, view))));
        html! {
            <button type="button" class="quiet" data-testid="save-svg" aria-label="Save the picture" title="Save the picture" {onclick}>{ icon("save") }<span>{ "Picture" }</span></button>
        }
    });
    html! {
        <div class="tabs">
            <div role="tablist" aria-label="Views" {onkeydown}>
                { for ViewId::ALL.iter().map(|view| {
                    let chosen = *view == state.view;
                    let id = join(&["tab-", view.word()]);
                    html! {
                        <button type="button" role="tab" id={id.clone()} data-testid={id} aria-selected={chosen.to_string()}
                            aria-controls={chosen.then_some("view")} tabindex={if chosen { "0" } else { "-1" }}
                            onclick={act(dispatch, Action::Open(*view))}>{ view.title() }</button>
                    }
                }) }
            </div>
            { save }
        </div>
    }
}
