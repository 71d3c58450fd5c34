//! The footer: what there is, how it stands, the clock, and Generate.

use kubepki_core::Severity;
use kubepki_core::spec::Field;

use super::icon;
use crate::browser;
use crate::draw::{Dispatch, El, count, el, join};
use crate::state::{Action, Activity, AppState, Phase, WorkerState, keys_target, minute};

/// Draws the footer.
pub(crate) fn footer(state: &AppState, dispatch: &Dispatch) -> El {
    if state.lab.is_some() {
        return lab(state, dispatch);
    }
    el("footer", "bottom")
        .add(totals(state, dispatch))
        .add(keys_ahead(state, dispatch))
        .add(status(state))
        .add(clock(state, dispatch))
        .add(generate(state, dispatch))
}

/// In a lab: that this is another cluster than the user's, and the way back.
fn lab(state: &AppState, dispatch: &Dispatch) -> El {
    let name = state.draft.text(Field::ClusterName);
    let leave = El::button("big", dispatch, Action::Link("&g=".to_owned())).test("leave-lab").text("Leave the lab");
    let words = el("b", "").text("Sample cluster of this lab");
    el("footer", "bottom")
        .add(el("p", "totals").add(words).add(el("span", "").texts(&["your design “", name, "” is kept"])))
        .add(el("p", "state").test("state").set("role", "status").text(&state.said))
        .add(leave)
}

/// How many of everything, and how many findings.
fn totals(state: &AppState, dispatch: &Dispatch) -> El {
    let Some(plan) = &state.plan else { return el("p", "totals").text("Nothing planned") };
    let mut findings = Vec::new();
    for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        match state.derived.count(severity) {
            0 => {}
            number => findings.push(count(number, word)),
        }
    }
    match state.derived.count(Severity::Advice) {
        0 => {}
        1 => findings.push("1 piece of advice".to_owned()),
        number => findings.push(join(&[&number.to_string(), " pieces of advice"])),
    }
    let button = (!findings.is_empty())
        .then(|| El::button("text", dispatch, Action::Focus("findings".to_owned())).text(&findings.join(" · ")));
    el("p", "totals")
        .add(el("b", "").text(&count(plan.certificate_count(), "certificate")))
        .add(el("span", "").text(&count(plan.key_count(), "key")))
        .add(el("span", "").text(&count(plan.ca_count(), "CA")))
        .maybe_add(button)
}

/// A switch, and `keys ready: 3 of 36` for as long as nothing is issued: then the keys are in use.
fn keys_ahead(state: &AppState, dispatch: &Dispatch) -> El {
    let target = state.plan.as_ref().map_or(0, |plan| keys_target(plan));
    let ready = (state.keys.ready as usize).min(target).to_string();
    let switch = el("input", "")
        .set("type", "checkbox")
        .set("role", "switch")
        .test("keys-ahead")
        .checked(state.keys.on)
        .changed(dispatch, |event, send| send.emit(Action::KeysAhead(browser::checked(event))));
    let label = el("label", "switch")
        .set("title", "Keys are made while you look around, in this tab alone, and wiped when they are not used.");
    let count = || {
        let words = ["keys ready: ", &ready, " of ", &target.to_string()];
        el("span", "").test("keys-ready").texts(&words)
    };
    el("div", "ahead").add(label.add(switch).text("Make keys ahead")).maybe_add(state.issued().is_none().then(count))
}

/// How it stands, on one line: what of it has no room is there to be pointed at.
fn status(state: &AppState) -> El {
    let words = words(state);
    el("p", "state").test("state").set("role", "status").set("title", &words).text(&words)
}

/// What is said of a PKI that the design has moved on from.
const STALE: &str = "issued from an earlier design";

/// The state in words.
fn words(state: &AppState) -> String {
    // That the PKI is of an earlier design is never out of sight.
    match (state.said.as_str(), state.phase()) {
        ("", _) => {}
        (said, Phase::Stale) => return join(&[said, " · ", STALE]),
        (said, _) => return said.to_owned(),
    }
    let words = match (state.phase(), state.issued()) {
        (Phase::Empty, _) => "No node yet",
        (Phase::Planned, _) => "Planned; nothing is made yet",
        (Phase::Invalid, _) => return join(&[&count(state.derived.count(Severity::Error), "error"), " to mend"]),
        (Phase::Working, _) => match &state.worker {
            WorkerState::Ready { .. } => "Making the PKI",
            _ => "Waiting for the worker to load",
        },
        (Phase::Cancelled, _) => "Cancelled; nothing was kept",
        (Phase::Failed, _) => "Failed; nothing was kept",
        (Phase::Issued, Some(issued)) => {
            return join(&["Issued ", &minute(issued.issued_at)[11..], " UTC, read back and verified"]);
        }
        (Phase::Stale, _) | (Phase::Issued, None) => STALE,
    };
    words.to_owned()
}

/// The issue time, in UTC.
fn clock(state: &AppState, dispatch: &Dispatch) -> El {
    let odd = state.clock.finding().is_some();
    let input = el("input", "")
        .set("type", "text")
        .id("issue-time")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("size", "16")
        .state("aria-invalid", state.clock.time().is_err())
        .value(&state.clock.text())
        .typed(dispatch, |event, send| send.emit(Action::TypeTime(browser::text_of(event))));
    let back = state.clock.typed.is_some().then(|| {
        El::button("quiet", dispatch, Action::TypeTime(String::new()))
            .test("issue-time-now")
            .label("Take this machine's clock")
            .set("title", "Take this machine's clock")
            .node(icon("undo"))
    });
    el("div", if odd { "clock odd" } else { "clock" })
        .add(el("label", "").set("for", "issue-time").text("Issue time"))
        .add(input)
        .add(el("span", "unit").text("UTC"))
        .maybe_add(back)
}

/// Generate: the next step, until there is something to export.
fn generate(state: &AppState, dispatch: &Dispatch) -> El {
    let again = state.issued().is_some();
    let working = matches!(state.activity, Activity::Working(_));
    let text = match (working, again) {
        (true, _) => "Generating…",
        (false, true) => "Make a new PKI…",
        (false, false) => "Generate",
    };
    El::button(if again { "text" } else { "big filled" }, dispatch, Action::Generate)
        .test("generate")
        .disabled(!state.can_generate())
        .text(text)
}
