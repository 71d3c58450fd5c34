//! The strip above the picture: what is going on, and what can be done about it.

use super::bundles::bundles;
use crate::draw::{Dispatch, El, count, el, join};
use crate::state::{Action, Activity, AppState, Difference, Issued, Phase, Work, WorkerState, differences, minute};

/// Most differences that are listed.
const MOST: usize = 8;

/// Draws what is going on; nothing while all there is to do is to design.
pub(crate) fn strip(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let broken = matches!(state.worker, WorkerState::Broken(_));
    match (&state.activity, state.issued()) {
        (Activity::Working(work), _) => Some(working(work, dispatch)),
        (Activity::Failed(why), _) => Some(failed(why, broken, dispatch)),
        (Activity::Cancelled, _) => {
            let text = " Nothing was kept; the keys that were made are wiped.";
            let words = el("p", "").add(el("b", "").text("Cancelled.")).text(text);
            Some(el("section", "strip").label("Cancelled").add(words))
        }
        (Activity::Idle, Some(issued)) => Some(ready(state, issued, dispatch)),
        (Activity::Idle, None) => None,
    }
}

/// Said as long as there is no worker, whatever else is going on.
pub(crate) fn worker_lost(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    match (&state.worker, &state.activity) {
        (WorkerState::Broken(_), Activity::Failed(_)) => None,
        (WorkerState::Broken(why), _) => {
            let why = join(&[why, " Nothing can be imported or generated until it runs again."]);
            Some(failed(&why, true, dispatch))
        }
        _ => None,
    }
}

fn working(work: &Work, dispatch: &Dispatch) -> El {
    let total = (work.plan.key_count() + work.plan.certificate_count()) as u32;
    let total = if work.total > 0 { work.total } else { total };
    let step = if work.step.is_empty() { "starting" } else { &work.step };
    let left = match work.seconds_left() {
        Some(seconds) => join(&[", about ", &seconds.to_string(), " s left"]),
        None => String::new(),
    };
    let certificates = work.plan.certificate_count();
    let done = (u64::from(work.done) * certificates as u64 / u64::from(total.max(1))) as usize;
    let progress = el("progress", "")
        .test("progress")
        .label("Certificates and keys made")
        .number("max", total as usize)
        .number("value", work.done as usize);
    let cancel = El::button("", dispatch, Action::Cancel)
        .test("cancel")
        .disabled(work.cancelling)
        .text(if work.cancelling { "Stopping…" } else { "Cancel" });
    el("section", "strip working")
        .label("Generating")
        .add(progress)
        .add(el("p", "").texts(&[&done.to_string(), " of ", &count(certificates, "certificate"), ": ", step, &left]))
        .add(cancel)
}

fn failed(why: &str, restart: bool, dispatch: &Dispatch) -> El {
    let button = if restart {
        El::button("", dispatch, Action::Restart).test("restart").text("Start the worker again")
    } else {
        El::button("", dispatch, Action::Generate).test("retry").text("Try again")
    };
    el("section", "strip bad")
        .label("Failed")
        .add(el("p", "").set("role", "alert").add(el("b", "").text("Failed.")).texts(&[" ", why]))
        .add(button)
}

/// There is a PKI: one line, with what was made, what has changed since, and each node's bundle folded behind it.
fn ready(state: &AppState, issued: &Issued, dispatch: &Dispatch) -> El {
    let stale = state.phase() == Phase::Stale || !state.is_current();
    let found = if stale { differences(&issued.draft, &state.draft) } else { Vec::new() };
    let milliseconds = issued.milliseconds;
    let took = match milliseconds / 1000 {
        0 => join(&[&milliseconds.to_string(), " ms"]),
        seconds => join(&[&seconds.to_string(), ".", &(milliseconds % 1000 / 100).to_string(), " s"]),
    };
    let number = issued.plan.certificate_count();
    let what = el("p", "").texts(&[
        &count(number, "certificate"),
        " for ",
        &issued.plan.spec.cluster_name,
        ", ",
        &minute(issued.issued_at),
        " UTC, made in ",
        &took,
        ", each read back and verified.",
    ]);
    let summary = match found.len() {
        0 => join(&[
            "Issued ",
            &minute(issued.issued_at)[11..],
            " UTC · ",
            &number.to_string(),
            " read back and verified",
        ]),
        differences => join(&["Issued from an earlier design · ", &count(differences, "difference")]),
    };
    let folded = el("details", "").add(el("summary", "").test("issued").text(&summary));
    let folded = folded.maybe_add(stale.then(|| changes(&found)));
    let back = stale
        .then(|| El::button("text", dispatch, Action::BackToIssued).test("back-to-issued").text("Back to that design"));
    let saved = state.saved.as_ref().filter(|saved| saved.pki == issued.pki).map(|saved| {
        let why =
            join(&[&saved.name, " (", &size(saved.size), ") was handed to the browser; downloads may be blocked."]);
        let again = el("a", "").set("href", &saved.url).set("download", &saved.name).test("save-again");
        el("p", "saved").set("title", &why).text("Not there? ").add(again.text("save it again"))
    });
    el("section", if stale { "strip stale" } else { "strip good" })
        .label("The PKI")
        .add(folded.add(what).add(bundles(state, issued, dispatch)))
        .maybe_add(saved)
        .maybe_add(back)
}

/// What has changed since the PKI was issued.
fn changes(found: &[Difference]) -> El {
    let code = |text: &str| el("code", "").text(text);
    let mut lines = Vec::new();
    for one in found.iter().take(MOST) {
        let line = el("li", "").texts(&[&one.what, ": "]).add(code(&one.before)).text(" → ").add(code(&one.after));
        lines.push(line.done());
    }
    match found.len().saturating_sub(MOST) {
        0 => {}
        more => lines.push(el("li", "").texts(&["and ", &more.to_string(), " more"]).done()),
    }
    let title = el("p", "").text("Export exports it as it was issued. Since then:");
    el("div", "changes").add(title).add(el("ul", "").nodes(lines))
}

/// A size for people: `812 bytes`, `14 KB`, `1.2 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes as usize, "byte"),
        1_000..1_000_000 => join(&[&(bytes / 1_000).to_string(), " KB"]),
        _ => join(&[&(bytes / 1_000_000).to_string(), ".", &(bytes % 1_000_000 / 100_000).to_string(), " MB"]),
    }
}
