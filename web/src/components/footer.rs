//! The footer: what there is, how it stands, the clock, and Generate.

use kubepki_core::Severity;
use yew::{Callback, Html, InputEvent, classes, html};

use super::{Dispatch, act, count, icon, join};
use crate::browser;
use crate::state::{Action, Activity, AppState, Phase, WorkerState, keys_target, minute};

/// Draws the footer.
pub(crate) fn footer(state: &AppState, dispatch: &Dispatch) -> Html {
    html! {
        <footer class="bottom">
            { totals(state, dispatch) }
            { keys_ahead(state, dispatch) }
            <p class="state" data-testid="state" role="status">{ words(state) }</p>
            { clock(state, dispatch) }
            { generate(state, dispatch) }
        </footer>
    }
}

/// How many of everything, and how many findings.
fn totals(state: &AppState, dispatch: &Dispatch) -> Html {
    let Some(plan) = &state.plan else { return html! { <p class="totals">{ "Nothing planned" }</p> } };
    let findings: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .map(|(severity, word)| (state.derived.count(severity), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| count(number, word))
        .chain(advice(state.derived.count(Severity::Advice)))
        .collect();
    html! {
        <p class="totals">
            <b>{ count(plan.certificate_count(), "certificate") }</b>
            <span>{ count(plan.key_count(), "key") }</span>
            <span>{ count(plan.ca_count(), "CA") }</span>
            if !findings.is_empty() {
                <button type="button" class="text" onclick={act(dispatch, Action::Focus("findings".to_owned()))}>
                    { findings.join(" · ") }
                </button>
            }
        </p>
    }
}

fn advice(number: usize) -> Option<String> {
    match number {
        0 => None,
        1 => Some("1 piece of advice".to_owned()),
        _ => Some(join(&[&number.to_string(), " pieces of advice"])),
    }
}

/// `keys ready: 3 of 36`, with a switch.
fn keys_ahead(state: &AppState, dispatch: &Dispatch) -> Html {
    let target = state.plan.as_ref().map_or(0, |plan| keys_target(plan));
    let text =
        join(&["keys ready: ", &(state.keys.ready as usize).min(target).to_string(), " of ", &target.to_string()]);
    let send = dispatch.clone();
    let onchange = Callback::from(move |event: yew::Event| send.emit(Action::KeysAhead(browser::checked(&event))));
    html! {
        <div class="ahead">
            <label class="switch" title="Keys are made while you look around, in this tab alone, and wiped when they are not used.">
                <input type="checkbox" role="switch" data-testid="keys-ahead" checked={state.keys.on} {onchange} />
                { "Make keys ahead" }
            </label>
            <span data-testid="keys-ready">{ text }</span>
        </div>
    }
}

/// The state in words.
fn words(state: &AppState) -> String {
    if !state.said.is_empty() {
        return state.said.clone();
    }
    match (state.phase(), state.issued()) {
        (Phase::Empty, _) => "No node yet".to_owned(),
        (Phase::Planned, _) => "Planned; nothing is made yet".to_owned(),
        (Phase::Invalid, _) => join(&[&count(state.derived.count(Severity::Error), "error"), " to mend"]),
        (Phase::Working, _) => match &state.worker {
            WorkerState::Ready { .. } => "Making the PKI".to_owned(),
            _ => "Waiting for the worker to load".to_owned(),
        },
        (Phase::Cancelled, _) => "Cancelled; nothing was kept".to_owned(),
        (Phase::Failed, _) => "Failed; nothing was kept".to_owned(),
        (Phase::Issued, Some(issued)) => {
            join(&["Issued ", &minute(issued.issued_at)[11..], " UTC, read back and verified"])
        }
        (Phase::Stale, _) | (Phase::Issued, None) => "issued from an earlier design".to_owned(),
    }
}

/// The issue time, in UTC.
fn clock(state: &AppState, dispatch: &Dispatch) -> Html {
    let send = dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| send.emit(Action::TypeTime(browser::text_of(&event))));
    let odd = state.clock.finding();
    html! {
        <div class={classes!("clock", odd.is_some().then_some("odd"))}>
            <label for="issue-time">{ "Issue time" }</label>
            <input type="text" id="issue-time" data-testid="issue-time" autocomplete="off" spellcheck="false" size="16"
                aria-invalid={state.clock.time().is_err().to_string()} aria-describedby={odd.is_some().then_some("clock-odd")}
                value={state.clock.text()} {oninput} />
            <span class="unit">{ "UTC" }</span>
            if state.clock.typed.is_some() {
                <button type="button" class="quiet" data-testid="issue-time-now" aria-label="Take this machine's clock"
                    title="Take this machine's clock" onclick={act(dispatch, Action::TypeTime(String::new()))}>{ icon("undo") }</button>
            }
        </div>
    }
}

/// Generate: the next step, until there is something to export.
fn generate(state: &AppState, dispatch: &Dispatch) -> Html {
    let again = state.issued().is_some();
    let working = matches!(state.activity, Activity::Working(_));
    let text = match (working, again) {
        (true, _) => "Generating…",
        (false, true) => "Make a new PKI…",
        (false, false) => "Generate",
    };
    html! {
        <button type="button" class={classes!("big", (!again).then_some("filled"))} data-testid="generate"
            disabled={!state.can_generate()} onclick={act(dispatch, Action::Generate)}>{ text }</button>
    }
}
