//! The strip above the picture: what is going on, and what can be done about it.

use yew::{Html, html};

use super::bundles::bundles;
use super::{Dispatch, act, count, join};
use crate::state::{Action, Activity, AppState, Issued, Phase, Work, WorkerState, differences, minute};

/// Most differences that are listed.
const MOST: usize = 8;

/// Draws what is going on; nothing while all there is to do is to design.
pub(crate) fn strip(state: &AppState, dispatch: &Dispatch) -> Html {
    let broken = matches!(state.worker, WorkerState::Broken(_)) && !matches!(state.activity, Activity::Failed(_));
    html! {
        <>
            if broken { { failed("The worker is not running: nothing can be imported or generated until it is.", true, dispatch) } }
            { now(state, dispatch) }
        </>
    }
}

fn now(state: &AppState, dispatch: &Dispatch) -> Html {
    match (&state.activity, state.issued()) {
        (Activity::Working(work), _) => working(work, dispatch),
        (Activity::Failed(why), _) => failed(why, matches!(state.worker, WorkerState::Broken(_)), dispatch),
        (Activity::Cancelled, _) => html! {
            <section class="strip" aria-label="Cancelled"><p><b>{ "Cancelled." }</b>{ " Nothing was kept; the keys that were made are wiped." }</p></section>
        },
        (Activity::Idle, Some(issued)) => ready(state, issued, dispatch),
        (Activity::Idle, None) => Html::default(),
    }
}

fn working(work: &Work, dispatch: &Dispatch) -> Html {
    let total = (work.plan.key_count() + work.plan.certificate_count()) as u32;
    let total = if work.total > 0 { work.total } else { total };
    let step = if work.step.is_empty() { "starting" } else { &work.step };
    let left = match work.seconds_left() {
        Some(seconds) => join(&[", about ", &seconds.to_string(), " s left"]),
        None => String::new(),
    };
    let certificates = work.plan.certificate_count();
    let done = (u64::from(work.done) * certificates as u64 / u64::from(total.max(1))) as usize;
    let text = join(&[&done.to_string(), " of ", &count(certificates, "certificate"), ": ", step, &left]);
    html! {
        <section class="strip working" aria-label="Generating">
            <progress data-testid="progress" aria-label="Certificates and keys made" max={total.to_string()} value={work.done.to_string()} />
            <p>{ text }</p>
            <button type="button" data-testid="cancel" disabled={work.cancelling} onclick={act(dispatch, Action::Cancel)}>
                { if work.cancelling { "Stopping…" } else { "Cancel" } }
            </button>
        </section>
    }
}

fn failed(why: &str, restart: bool, dispatch: &Dispatch) -> Html {
    html! {
        <section class="strip bad" aria-label="Failed">
            <p role="alert"><b>{ "Failed." }</b>{ " " }{ why }</p>
            if restart {
                <button type="button" data-testid="restart" onclick={act(dispatch, Action::Restart)}>{ "Start the worker again" }</button>
            } else {
                <button type="button" data-testid="retry" onclick={act(dispatch, Action::Generate)}>{ "Try again" }</button>
            }
        </section>
    }
}

/// There is a PKI: when it was issued, whether the design has changed since, and each node's bundle.
fn ready(state: &AppState, issued: &Issued, dispatch: &Dispatch) -> Html {
    let stale = state.phase() == Phase::Stale || !state.is_current();
    let seconds = issued.milliseconds / 1000;
    let took = match seconds {
        0 => join(&[&issued.milliseconds.to_string(), " ms"]),
        _ => join(&[&seconds.to_string(), ".", &(issued.milliseconds % 1000 / 100).to_string(), " s"]),
    };
    let what = join(&[
        &count(issued.plan.certificate_count(), "certificate"),
        " for ",
        &issued.plan.spec.cluster_name,
        ", ",
        &minute(issued.issued_at),
        " UTC, made in ",
        &took,
        ", each read back and verified.",
    ]);
    let saved = state.saved.as_ref().map(|saved| {
        html! {
            <p class="saved">
                { join(&[&saved.name, " was handed to the browser (", &size(saved.size), "). Not there? Downloads may be blocked: "]) }
                <a href={saved.url.clone()} download={saved.name.clone()} data-testid="save-again">{ "save it again" }</a>{ "." }
            </p>
        }
    });
    html! {
        <section class={if stale { "strip stale" } else { "strip good" }} aria-label="The PKI">
            if stale { { changes(state, issued, dispatch) } }
            <p>{ what }</p>
            { bundles(state, issued, dispatch) }
            { saved }
        </section>
    }
}

/// What has changed since the PKI was issued.
fn changes(state: &AppState, issued: &Issued, dispatch: &Dispatch) -> Html {
    let found = differences(&issued.draft, &state.draft);
    let more = found.len().saturating_sub(MOST);
    html! {
        <div class="changes">
            <p><b>{ "This PKI was issued from an earlier design." }</b>{ " Export exports it as it was issued. Since then:" }</p>
            <ul>
                { for found.iter().take(MOST).map(|one| html! {
                    <li>{ &one.what }{ ": " }<code>{ &one.before }</code>{ " → " }<code>{ &one.after }</code></li>
                }) }
                if more > 0 { <li>{ join(&["and ", &more.to_string(), " more"]) }</li> }
            </ul>
            <button type="button" data-testid="back-to-issued" onclick={act(dispatch, Action::BackToIssued)}>{ "Back to the issued design" }</button>
        </div>
    }
}

/// A size for people: `812 bytes`, `14 KB`, `1.2 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes as usize, "byte"),
        1_000..1_000_000 => join(&[&(bytes / 1_000).to_string(), " KB"]),
        _ => join(&[&(bytes / 1_000_000).to_string(), ".", &(bytes % 1_000_000 / 100_000).to_string(), " MB"]),
    }
}
