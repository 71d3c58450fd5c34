//! Findings: what is wrong, worth knowing, or was decided, each with its field, hint and source.

use kubepki_core::diag::{Diagnostic, Severity};
use yew::{Html, html};

use super::{Dispatch, act, count, icon, join};
use crate::state::{Action, AppState, Phase};

/// Above the picture: errors, and what there is to say about the page itself.
pub(crate) fn picture_notices(state: &AppState, dispatch: &Dispatch) -> Html {
    let platform = state.platform_findings();
    let errors = || state.derived.findings.iter().filter(|one| one.severity == Severity::Error);
    let invalid = state.phase() != Phase::Empty && state.derived.plan.is_none();
    if platform.is_empty() && state.notices.is_empty() && !invalid {
        return Html::default();
    }
    html! {
        <section class="notices" aria-label="To look at first">
            <ul class="findings">
                { for state.notices.iter().enumerate().map(|(index, one)| finding(one, None, Some(index), dispatch)) }
                { for platform.iter().map(|one| html! {
                    <>{ finding(one, None, None, dispatch) }</>
                }) }
                if invalid { { for errors().map(|one| finding(one, None, None, dispatch)) } }
            </ul>
            if invalid {
                <p class="marked">{ if state.plan.is_some() { "The picture below is of the last design without errors." } else { "There is a picture as soon as these are mended." } }</p>
            }
        </section>
    }
}

/// Below the picture: everything else.
pub(crate) fn findings(state: &AppState, dispatch: &Dispatch) -> Html {
    let rest: Vec<&Diagnostic> = state.derived.findings.iter().filter(|one| one.severity != Severity::Error).collect();
    if rest.is_empty() || state.phase() == Phase::Empty {
        return Html::default();
    }
    html! {
        <section class="worth" id="findings" tabindex="-1" aria-labelledby="worth-title">
            <h2 id="worth-title" class="caps">{ join(&["Worth knowing: ", &count(rest.len(), "finding")]) }</h2>
            <ul class="findings">{ for rest.into_iter().map(|one| finding(one, None, None, dispatch)) }</ul>
        </section>
    }
}

/// One finding; in a text with its file and place, and dismissible where it has a place in the notices.
pub(crate) fn finding(one: &Diagnostic, file: Option<&str>, dismiss: Option<usize>, dispatch: &Dispatch) -> Html {
    let place = one.position.map(|position| {
        let (line, column) = (position.line.to_string(), position.column.to_string());
        let file = file.filter(|file| !file.is_empty()).unwrap_or("pasted text");
        html! { <code class="place">{ join(&[file, ":", &line, ":", &column]) }</code> }
    });
    // In a text the path is the text's own: there is no field of the form to go to.
    let field = (!one.field.is_empty()).then(|| match file {
        Some(_) => html! { <code>{ &one.field }</code> },
        None => html! {
            <button type="button" class="text" onclick={act(dispatch, Action::Focus(one.field.clone()))}>{ &one.field }</button>
        },
    });
    html! {
        <li class="finding" data-testid="finding" data-severity={one.severity.word()} data-rule={one.rule.to_string()}>
            <span class="severity">{ one.severity.word() }</span>
            <div>
                <p>{ place }{ &one.message }</p>
                if !one.hint.is_empty() { <p class="hint">{ &one.hint }</p> }
                <p class="source">
                    { field }
                    if !one.source.is_empty() { <span>{ &*one.source }</span> }
                </p>
            </div>
            if let Some(index) = dismiss {
                <button type="button" class="quiet" aria-label="Dismiss" onclick={act(dispatch, Action::Dismiss(index))}>{ icon("close") }</button>
            }
        </li>
    }
}
