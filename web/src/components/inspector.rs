//! The right pane: the selected thing, in plain sentences first.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::facts::CertFacts;
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::view::inspector::{FileLine, Inspection, inspect};
use kubepki_core::view::{Related, Selection};
use kubepki_worker::Export;
use yew::{Callback, Event, Html, html};

use super::issued::{issued_facts, validity};
use super::{Dispatch, act, icon, join};
use crate::browser;
use crate::state::{Action, AppState};

/// Most lines of a list; what is beyond is counted.
const MOST: usize = 12;
/// Most siblings to choose from.
const MOST_SIBLINGS: usize = 200;

/// Draws the pane.
pub(crate) fn inspector(state: &AppState, dispatch: &Dispatch) -> Html {
    let inside = match (&state.plan, state.selection) {
        (Some(plan), Some(selection)) => selected(state, plan, selection, dispatch),
        _ => welcome(state, dispatch),
    };
    html! { <aside class="inspector" data-testid="inspector" aria-label="What is selected">{ inside }</aside> }
}

/// Nothing is selected: where to begin.
fn welcome(state: &AppState, dispatch: &Dispatch) -> Html {
    let first = state.draft == std::rc::Rc::new(PRESETS[1].draft());
    html! {
        <div class="welcome">
            <h2>{ if first { "Every certificate of a Kubernetes cluster" } else { "Nothing is selected" } }</h2>
            <p>{ "Select a card, a file or a flag: here you read what it is, who shows it, and who checks it against what. Everything related lights up." }</p>
            <ul>
                <li><button type="button" class="text" data-testid="begin" onclick={act(dispatch, Action::Focus("clusterName".to_owned()))}>
                    { "Make a PKI for my cluster" }</button></li>
                <li><button type="button" class="text" data-testid="begin-import" onclick={act(dispatch, Action::Focus("import-text".to_owned()))}>
                    { "I have a kubeadm file" }</button></li>
            </ul>
            <p class="muted">{ "Keys are made in this tab and leave it only when you export them. " }<kbd>{ "?" }</kbd>{ " lists the keys." }</p>
        </div>
    }
}

fn selected(state: &AppState, plan: &Rc<Plan>, selection: Selection, dispatch: &Dispatch) -> Html {
    let it = inspect(plan, selection);
    // What was issued, where this certificate is among it.
    let issued = state.issued().and_then(|issued| {
        let index = issued.plan.find_key(&plan.key_of(it.cert?))? as u32;
        Some((issued, index))
    });
    let facts = issued.and_then(|(issued, index)| issued.facts.get(&index).cloned());
    let read_back = facts.clone().filter(|_| state.is_current() && matches!(selection, Selection::Cert(_)));
    let kind = it.kind.map(|kind| html! { <i class="dot" data-kind={kind.word()} /> });
    html! {
        <>
            <div class="top-line">
                <p class="context">{ &it.context }</p>
                <button type="button" class="quiet" data-testid="inspector-close" aria-label="Close" title="Close (Esc)"
                    onclick={act(dispatch, Action::Select(None))}>{ icon("close") }</button>
            </div>
            <div class="title"><h2>{ kind }{ &it.title }</h2>{ siblings(&it, selection, dispatch) }</div>
            { for it.sentences.iter().map(|one| html! { <p class="sentence">{ one }</p> }) }
            { names(&it, read_back.as_deref()) }
            { usages(&it, read_back.as_deref()) }
            { for read_back.iter().map(|facts| validity(facts, state.clock.now)) }
            { checked(&it) }
            { files(state, &it, dispatch) }
            { lines("Flags that name it", &it.flags, dispatch) }
            { lines(if it.kind == Some(kubepki_core::catalog::row::Kind::Ca) { "It signs" } else { "Belongs to" }, &it.links, dispatch) }
            { details(&it, read_back.as_deref()) }
            { for facts.iter().map(|facts| issued_facts(facts, state.is_current(), dispatch)) }
            { by_hand(&it, dispatch) }
            <p class="source">{ "From " }{ it.source }</p>
            <p class="related sr">{ related(plan, selection) }</p>
        </>
    }
}

/// The same on other nodes.
fn siblings(it: &Inspection, selection: Selection, dispatch: &Dispatch) -> Html {
    if it.siblings.len() < 2 {
        return Html::default();
    }
    let at = it.siblings.iter().position(|(_, one)| *one == selection).unwrap_or_default();
    let from = at.saturating_sub(MOST_SIBLINGS / 2);
    let shown: Vec<(String, Selection)> = it.siblings.iter().skip(from).take(MOST_SIBLINGS).cloned().collect();
    let chosen = shown.iter().position(|(_, one)| *one == selection).unwrap_or_default() as u32;
    let (send, all) = (dispatch.clone(), shown.clone());
    let onchange = Callback::from(move |event: Event| {
        let chosen = browser::text_of(&event);
        if let Some((_, selection)) = all.iter().find(|(node, _)| *node == chosen) {
            send.emit(Action::Select(Some(*selection)));
        }
    });
    html! {
        <select class="sibling" data-testid="sibling" aria-label="Node" ~selectedIndex={chosen} {onchange}>
            { for shown.iter().map(|(node, one)| html! { <option value={node.clone()} selected={*one == selection}>{ node }</option> }) }
        </select>
    }
}

fn names(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    let bare = |san: &String| {
        san.split_once(':')
            .filter(|(kind, _)| matches!(*kind, "DNS" | "IP"))
            .map_or(san.clone(), |(_, rest)| rest.to_owned())
    };
    let names: Vec<String> = match facts {
        Some(facts) => facts.sans.iter().map(bare).collect(),
        None => it.names.clone(),
    };
    chips("Names it answers to", &names)
}

fn usages(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    let usages: Vec<String> = match facts {
        Some(facts) => facts.ekus.iter().chain(&facts.key_usage).cloned().collect(),
        None => it.usages.iter().rev().cloned().collect(),
    };
    chips("Use", &usages)
}

/// A heading with words below it.
fn chips(title: &'static str, words: &[String]) -> Html {
    if words.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 class="caps">{ title }</h3>
            <ul class="chips">{ for words.iter().map(|word| html! { <li data-word={word.clone()}><code>{ word }</code></li> }) }</ul>
        </>
    }
}

fn checked(it: &Inspection) -> Html {
    if it.checked.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 class="caps">{ "Who relies on it" }</h3>
            <ul class="relies">
                { for it.checked.iter().map(|(who, against)| html! { <li><b>{ who }</b>{ " checks it with " }<span>{ against }</span></li> }) }
            </ul>
        </>
    }
}

/// Its files; each can be saved alone once there is something in it.
fn files(state: &AppState, it: &Inspection, dispatch: &Dispatch) -> Html {
    if it.files.is_empty() {
        return Html::default();
    }
    let issued = state.issued().filter(|_| state.is_current());
    let line = |file: &FileLine| {
        let save = match (issued, file.selection) {
            (Some(_), Selection::File(index)) => html! {
                <button type="button" class="quiet" aria-label={join(&["Save ", &file.name])} title={join(&["Save this ", file.holds])}
                    onclick={act(dispatch, Action::Export(Export::File(index as u32)))}>{ icon("save") }</button>
            },
            _ => Html::default(),
        };
        html! {
            <li>
                <button type="button" class="line" onclick={act(dispatch, Action::GoTo(file.selection))}>
                    <code>{ &file.name }</code><span>{ file.holds }</span>
                </button>
                <code class="mode">{ &file.mode }</code>
                { save }
            </li>
        }
    };
    html! {
        <>
            <h3 class="caps">{ "Where it goes" }</h3>
            <ul class="plates">{ for it.files.iter().take(MOST).map(line) }{ more(it.files.len()) }</ul>
        </>
    }
}

fn lines(title: &'static str, all: &[(String, Selection)], dispatch: &Dispatch) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 class="caps">{ title }</h3>
            <ul class="plates">
                { for all.iter().take(MOST).map(|(text, selection)| html! {
                    <li><button type="button" class="line" onclick={act(dispatch, Action::GoTo(*selection))}><code>{ text }</code></button></li>
                }) }
                { more(all.len()) }
            </ul>
        </>
    }
}

fn more(length: usize) -> Html {
    match length.saturating_sub(MOST) {
        0 => Html::default(),
        more => html! { <li class="more">{ join(&["and ", &more.to_string(), " more"]) }</li> },
    }
}

/// Facts with a label: as planned, or as read back.
fn details(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    let rows: Vec<(&str, String)> = match facts {
        Some(facts) => [
            ("Subject", &facts.subject),
            ("Issuer", &facts.issuer),
            ("Key", &facts.key),
            ("Signature", &facts.signature),
        ]
        .into_iter()
        .map(|(label, text)| (label, text.clone()))
        .chain(it.facts.iter().filter(|(label, _)| *label == "Dials").map(|(label, text)| (*label, text.clone())))
        .collect(),
        None => it.facts.clone(),
    };
    table(if facts.is_some() { "As read back" } else { "Details" }, &rows)
}

/// Labels and texts.
pub(super) fn table(title: &'static str, rows: &[(&str, String)]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 class="caps">{ title }</h3>
            <dl class="facts">
                { for rows.iter().map(|(label, text)| html! { <div><dt>{ *label }</dt><dd><code>{ text }</code></dd></div> }) }
            </dl>
        </>
    }
}

fn by_hand(it: &Inspection, dispatch: &Dispatch) -> Html {
    html! {
        <>
            { for it.by_hand.iter().map(|recipe| html! {
                <details class="recipe">
                    <summary class="caps">{ join(&["Make it yourself with ", recipe.tool]) }</summary>
                    <button type="button" class="quiet" aria-label={join(&["Copy the ", recipe.tool, " commands"])}
                        onclick={act(dispatch, Action::Copy("commands", recipe.text.clone()))}>{ icon("copy") }</button>
                    <pre tabindex="0">{ &recipe.text }</pre>
                </details>
            }) }
        </>
    }
}

/// What is related, in words.
fn related(plan: &Plan, selection: Selection) -> String {
    let related = Related::to(plan, selection);
    let numbers = [(related.certs.len(), "certificate"), (related.files.len(), "file"), (related.flags.len(), "flag")];
    let parts: Vec<String> = numbers.iter().map(|(number, word)| super::count(*number, word)).collect();
    join(&["Related and marked in every view: ", &parts.join(", "), "."])
}
