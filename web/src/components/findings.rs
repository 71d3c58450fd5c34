//! Findings: what is wrong, worth knowing, or was decided, each with its field, hint and source.

use kubepki_core::diag::{Diagnostic, Severity};

use super::icon;
use crate::draw::{Dispatch, El, count, el, join};
use crate::state::{Action, AppState, Phase};

/// Above the picture: errors, and what there is to say about the page itself.
pub(crate) fn picture_notices(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let platform = state.platform_findings();
    let invalid = state.phase() != Phase::Empty && state.derived.plan.is_none() && state.lab.is_none();
    if platform.is_empty() && state.notices.is_empty() && !invalid {
        return None;
    }
    let dismissible = |(index, one)| finding(one, Place::Form, Some(index), dispatch);
    let mut shown: Vec<El> = state.notices.iter().enumerate().map(dismissible).collect();
    shown.extend(platform.iter().map(|one| finding(one, Place::Form, None, dispatch)));
    if invalid {
        let errors = state.derived.findings.iter().filter(|one| one.severity == Severity::Error);
        shown.extend(errors.map(|one| finding(one, Place::Form, None, dispatch)));
    }
    let marked = match state.plan {
        Some(_) => "The picture below is of the last design without errors.",
        None => "There is a picture as soon as these are mended.",
    };
    let section = el("section", "notices").label("To look at first").add(list(shown));
    Some(section.maybe_add(invalid.then(|| el("p", "marked").text(marked))))
}

/// Below the picture: everything else.
pub(crate) fn findings(state: &AppState, dispatch: &Dispatch) -> Option<El> {
    let rest: Vec<&Diagnostic> = state.derived.findings.iter().filter(|one| one.severity != Severity::Error).collect();
    if rest.is_empty() || state.phase() == Phase::Empty || state.lab.is_some() {
        return None;
    }
    let title = join(&["Worth knowing: ", &count(rest.len(), "finding")]);
    Some(
        el("section", "worth")
            .set("id", "findings")
            .set("tabindex", "-1")
            .set("aria-labelledby", "worth-title")
            .add(el("h2", "caps").set("id", "worth-title").text(&title))
            .add(list(rest.into_iter().map(|one| finding(one, Place::Form, None, dispatch)).collect())),
    )
}

/// Findings, one below the other.
pub(crate) fn list(findings: Vec<El>) -> El {
    el("ul", "findings").nodes(findings.into_iter().map(El::done).collect())
}

/// Where what a finding is about stands.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// In the form.
    Form,
    /// In a text of this name, which is empty where it was pasted.
    Text(&'a str),
    /// In the one text that is on screen.
    Line,
}

/// One finding: with its place in a text, and dismissible where it has a place in the notices. Of a notice the place is
/// nothing to go and mend.
pub(crate) fn finding(one: &Diagnostic, place: Place<'_>, dismiss: Option<usize>, dispatch: &Dispatch) -> El {
    let at = one.position.filter(|_| one.severity != Severity::Notice).map(|position| {
        let (line, column) = (position.line.to_string(), position.column.to_string());
        let code = el("code", "place");
        match place {
            Place::Line => code.texts(&["line ", &line]),
            Place::Text("") | Place::Form => code.texts(&["pasted text:", &line, ":", &column]),
            Place::Text(file) => code.texts(&[file, ":", &line, ":", &column]),
        }
    });
    // In a text the path is the text's own: there is no field of the form to go to.
    let field = (!one.field.is_empty()).then(|| match place {
        Place::Form => Some(El::button("text", dispatch, Action::Focus(one.field.clone())).text(&one.field)),
        Place::Text(_) => Some(el("code", "").text(&one.field)),
        Place::Line => None,
    });
    let hint = (!one.hint.is_empty()).then(|| el("p", "hint").text(&one.hint));
    let source = (!one.source.is_empty()).then(|| el("span", "").text(&one.source));
    let words = el("div", "")
        .add(el("p", "").maybe_add(at).text(&one.message))
        .maybe_add(hint)
        .add(el("p", "source").maybe_add(field.flatten()).maybe_add(source));
    let dismiss =
        dismiss.map(|index| El::button("quiet", dispatch, Action::Dismiss(index)).label("Dismiss").node(icon("close")));
    el("li", "finding")
        .test("finding")
        .set("data-severity", one.severity.word())
        .set("data-rule", &one.rule)
        .add(el("span", "severity").text(one.severity.word()))
        .add(words)
        .maybe_add(dismiss)
}
