//! Dialogs: native ones, each with one confirming button.

use kubepki_core::plan::Holding;
use kubepki_worker::PARTS;
use yew::Html;

use super::nodes_dialog;
use crate::draw::{Dispatch, El, Kind, count, el, group, join, tree};
use crate::state::{Action, AppState, Dialog, DrawnDialog};

/// Draws the dialog that is open. [`crate::browser::Browser::settle_dialog`] then puts it above everything else.
pub(crate) fn dialog(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let open = state.dialog.as_ref()?;
    let (title, body, confirm) = match open {
        Dialog::Keys => ("Keys", keys().done(), None),
        Dialog::MakeNew => ("Make a new PKI, with new CAs?", make_new(state), Some("Make a new PKI")),
        Dialog::Preset(_) => ("Start from a preset?", preset().done(), Some("Replace the design")),
        Dialog::Drawn(it) => (it.title, drawn(it, dispatch), None),
        Dialog::Nodes => ("Paste a list of nodes", nodes_dialog::body(state, dispatch), Some("Take these nodes")),
        Dialog::Text(_, text) => ("Copy this text", uncopied(text), None),
    };
    let (is_list, reading) = (*open == Dialog::Nodes, state.import.pending.is_some());
    let blank = is_list && (reading || state.import.nodes.trim().is_empty());
    let close = El::button("", dispatch, Action::Close).test("close");
    let confirm_button = |text| {
        let text = if is_list && reading { "Reading…" } else { text };
        El::button("filled", dispatch, Action::Confirm).test("confirm").disabled(blank).text(text)
    };
    let awaited = matches!(open, Dialog::Drawn(it) if it.awaited.is_some());
    Some(
        el("dialog", "")
            .set("aria-labelledby", "dialog-title")
            .maybe("aria-busy", awaited.then_some("true"))
            // Esc: the browser would close it behind our back.
            .on(Kind::Cancel, dispatch, |event, send| {
                event.prevent_default();
                send.emit(Action::Close);
            })
            .add(el("h2", "").set("id", "dialog-title").text(title))
            .node(body)
            .maybe_add((!matches!(open, Dialog::Drawn(..))).then(|| {
                el("p", "buttons end")
                    .add(close.text(if confirm.is_some() { "Not now" } else { "Close" }))
                    .maybe_add(nodes_dialog::good_lines(state, dispatch).filter(|_| is_list))
                    .maybe_add(confirm.map(confirm_button))
            })),
    )
}

fn keys() -> El {
    let rows = [
        ("/", "find anything"),
        ("← ↑ → ↓", "walk the picture: issuer, certificates, files, flags"),
        ("Enter", "select"),
        ("Esc", "clear the selection, close what is open"),
        ("Ctrl Z, Ctrl Shift Z", "undo, redo (Cmd on a Mac)"),
        ("?", "this list"),
    ];
    let row = |(keys, what)| {
        let keys = el("dt", "").add(el("kbd", "").text(keys));
        el("div", "").add(keys).add(el("dd", "").text(what)).done()
    };
    el("dl", "shortcuts").nodes(rows.into_iter().map(row).collect())
}

fn paragraph(text: &str) -> El {
    el("p", "").text(text)
}

fn uncopied(text: &str) -> Html {
    let area = el("textarea", "mono").set("rows", "8").set("readonly", "").label("Text to copy").value(text);
    group(vec![paragraph("The browser did not let the page copy. Copy it from here:").done(), area.done()])
}

/// What a new PKI would break.
fn make_new(state: &AppState) -> Html {
    let Some(issued) = state.issued() else { return Html::default() };
    let nodes: Vec<&str> = issued.plan.spec.nodes.iter().map(|node| node.name.as_str()).collect();
    let kubeconfigs = issued.plan.files.iter().filter(|file| file.content.holding == Holding::Kubeconfig);
    let mut names: Vec<&str> = kubeconfigs.filter_map(|file| file.path.rsplit('/').next()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    let breaks = join(&[
        "New CAs sign everything anew. Where the PKI of now is already installed, these would stop trusting each other until all are replaced: ",
        &few(&nodes),
        ", and ",
        &count(all, "kubeconfig"),
        " (",
        &few(&names),
        "). Tokens signed with the old sa.key are refused as well.",
    ]);
    let warning = state.is_precious().then(|| {
        let lead = el("b", "").text("Its keys were never exported.");
        el("p", "warn").add(lead).text(" They exist in this tab alone.").done()
    });
    group(vec![
        paragraph(&breaks).done(),
        warning.unwrap_or_default(),
        paragraph("Undo brings the old PKI back, for as long as this tab is open.").done(),
    ])
}

fn preset() -> El {
    paragraph(
        "The PKI you made was never exported. It stays, marked as issued from an earlier design, and undo brings the design back; but it is gone when this tab is closed.",
    )
}

/// The first few of a list, the rest counted.
fn few(all: &[&str]) -> String {
    let shown = all[..all.len().min(5)].join(", ");
    match all.len().saturating_sub(5) {
        0 => shown,
        more => join(&[&shown, " and ", &more.to_string(), " more"]),
    }
}

/// What the worker drew, and what it says to what is typed or under way.
fn drawn(it: &DrawnDialog, dispatch: &Dispatch) -> Html {
    let (above, below) = it.lines.split_once(PARTS).unwrap_or_default();
    let told = el("p", "").set("role", "status").text(&it.told).done();
    group(vec![tree(above, dispatch), told, tree(below, dispatch)])
}
