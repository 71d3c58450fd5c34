//! The import: files chosen or dropped, or a text pasted; applied at once.

use super::findings::{Place, finding, list};
use super::icon;
use crate::browser;
use crate::draw::{Dispatch, El, el};
use crate::state::{Action, AppState};

/// Draws the import, and what the last one turned out to be.
pub(crate) fn import(state: &AppState, dispatch: &Dispatch) -> El {
    let blank = state.import.text.trim().is_empty();
    let busy = state.import.pending.is_some();
    let area = el("textarea", "")
        .id("import-text")
        .set("rows", "2")
        .set("maxlength", "1048577")
        .set("spellcheck", "false")
        .label("kubeadm YAML or a design file")
        .set("placeholder", "Paste kubeadm YAML, a design, an error or a certificate, or drop files")
        .value(&state.import.text)
        .typed(dispatch, |event, send| send.emit(Action::TypeImport(browser::text_of(event))));
    let apply = El::button("", dispatch, Action::ReadText).test("import-apply").disabled(blank || busy).text(if busy {
        "Reading…"
    } else {
        "Apply"
    });
    let choose = el("input", "")
        .set("type", "file")
        .test("import")
        .set("multiple", "")
        .set("accept", ".yaml,.yml,.json,.txt,.conf,.crt,.pem,.log")
        .changed(dispatch, browser::read_chosen);
    el("div", "import")
        .add(area)
        .add(el("p", "buttons").add(apply).add(el("label", "button").add(choose).text("Choose files…")))
        .maybe_add(outcome(state, dispatch))
}

fn outcome(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let import = &state.import;
    if import.findings.is_empty() {
        return None;
    }
    let found = import.findings.iter().map(|one| finding(&one.diagnostic, Place::Text(&one.file), None, dispatch));
    let dismiss = El::button("quiet", dispatch, Action::DismissImport).label("Dismiss").node(icon("close"));
    let (outcome, title) = if import.refused {
        let outcome = el("div", "outcome bad").test("import-errors").set("role", "alert");
        (outcome, el("b", "").text("Refused; the design is as it was"))
    } else {
        (el("div", "outcome").test("import-notes"), el("b", "").texts(&["Read ", &import.kind]))
    };
    Some(outcome.add(el("div", "head").add(title).add(dismiss)).add(list(found.collect())))
}
