//! The dialog that takes a list of nodes: what is wrong with it is marked at its line and said below.

use kubepki_core::diag::Severity;
use yew::Html;

use super::findings::{Place, finding, list};
use crate::browser;
use crate::draw::{Dispatch, El, count, el, group, join};
use crate::state::{Action, AppState};

/// As many lines are shown at least.
const LINES: usize = 9;
/// A line's height, as `form.css` has it.
const HEIGHT: usize = 18;
/// Above the first line, as `form.css` has it.
const ABOVE: usize = 6;

/// Draws what stands above the buttons.
pub(super) fn body(state: &AppState, dispatch: &Dispatch) -> Html {
    let import = &state.import;
    let code = |text| el("code", "").text(text);
    let help = el("p", "")
        .set("id", "nodes-help")
        .text("One node a line: ")
        .add(code("name address [role]"))
        .text("; or CSV; or what ")
        .add(code("kubectl get nodes -o json"))
        .text(" prints. They replace the nodes of the design; undo brings those back.");
    let wrong = import.lines.iter().any(|one| one.diagnostic.severity == Severity::Error);
    // As tall as its text, so that a mark stands behind its line wherever that is scrolled to.
    let rows = import.nodes.split('\n').count().max(LINES);
    let area = el("textarea", "mono")
        .number("rows", rows)
        .set("maxlength", "4194304")
        .test("node-paste-text")
        .label("List of nodes")
        .set("aria-describedby", if wrong { "nodes-wrong nodes-help" } else { "nodes-help" })
        .state("aria-invalid", wrong)
        .set("spellcheck", "false")
        .set("wrap", "off")
        .set("placeholder", "cp-1 10.0.0.11 control-plane\nw-1 10.0.0.21 worker")
        .value(&import.nodes)
        .typed(dispatch, |event, send| send.emit(Action::TypeNodes(browser::text_of(event))));
    let lines = import.lines.iter().filter_map(|one| one.diagnostic.position).map(|at| at.line as usize);
    let mark = |line: usize| {
        let mark = el("rect", "flaw").number("y", ABOVE + (line - 1) * HEIGHT).number("height", HEIGHT);
        mark.set("width", "100%").done()
    };
    let marks = el("svg", "marks").set("aria-hidden", "true").nodes(lines.map(mark).collect());
    let found = import.lines.iter().map(|one| finding(&one.diagnostic, Place::Line, None, dispatch));
    let said = (!import.lines.is_empty()).then(|| {
        let title = el("p", "").add(el("b", "").text("Not taken; the design is as it was."));
        let said = el("div", "outcome bad").set("id", "nodes-wrong").set("role", "alert").test("node-paste-errors");
        said.add(title).add(list(found.collect())).done()
    });
    group(vec![help.done(), el("div", "listing").add(marks).add(area).done(), said.unwrap_or_default()])
}

/// Takes what is good of a list that was refused.
pub(super) fn good_lines(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let good = state.import.good.as_ref()?;
    let words = match good.count {
        1 => "Take the good line".to_owned(),
        more => join(&["Take the ", &count(more as usize, "good line")]),
    };
    Some(El::button("", dispatch, Action::TakeGood).test("node-paste-good").text(&words))
}
