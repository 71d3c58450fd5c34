//! The right pane: the selected thing, in plain sentences first.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::catalog::row::Kind;
use kubepki_core::facts::CertFacts;
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::view::inspector::{FileLine, Inspection, inspect, names_title};
use kubepki_core::view::selection::TRUST;
use kubepki_core::view::{Related, Selection, ViewId};
use yew::Html;

use super::facts::{heading, table};
use super::icon;
use super::issued::{issued_facts, validity};
use crate::browser;
use crate::draw::{Dispatch, El, count, el, group, join, tree};
use crate::state::{Action, AppState};

/// Most lines of a list; what is beyond is counted.
const MOST: usize = 12;
/// Most siblings to choose from.
const MOST_SIBLINGS: usize = 200;

/// Draws the pane.
pub(crate) fn inspector(state: &AppState, dispatch: &Dispatch) -> El {
    let inside = match (&state.plan, state.selection, state.sheet()) {
        (Some(plan), Some(selection), sheet) => {
            group(vec![selected(state, plan, selection, dispatch), tree(sheet.unwrap_or_default(), dispatch)])
        }
        (_, _, Some(sheet)) => group(vec![
            el("div", "top-line").add(el("p", "context")).add(close(dispatch)).done(),
            leaks(state),
            tree(sheet, dispatch),
        ]),
        _ => group(vec![welcome(state, dispatch).done()]),
    };
    el("aside", "inspector").test("inspector").label("What is selected").node(inside)
}

/// What the leak test found, above the sheet that has its button.
fn leaks(state: &AppState) -> Html {
    if state.leaks.is_empty() || state.selected.as_deref() != Some(TRUST) {
        return Html::default();
    }
    let line = |line: &str| {
        let (way, by) = line.split_once('=').unwrap_or((line, ""));
        let (class, words) = if by.is_empty() { ("fail", "NOT BLOCKED") } else { ("pass", "blocked by ") };
        let state = el("span", "state").text(&join(&[words, by]));
        el("li", class).text(&join(&[way, " "])).add(state)
    };
    let lines = state.leaks.lines().map(|one| line(one).done()).collect();
    let title = el("h3", "caps").text("What the leak test found");
    el("section", "leaks").test("leaks").add(title).add(el("ul", "short").nodes(lines)).done()
}

/// Nothing is selected: where to begin.
fn welcome(state: &AppState, dispatch: &Dispatch) -> El {
    let first = *state.draft == PRESETS[1].draft();
    let title = if first { "Every certificate of a Kubernetes cluster" } else { "Nothing is selected" };
    let text = "Select a card, a file or a flag to read what it is, who shows it, and who checks it.";
    let way = |test, action, text| el("li", "").add(El::button("text", dispatch, action).test(test).text(text));
    let field = |name: &str| Action::Focus(name.to_owned());
    let keys = el("p", "muted")
        .text("Keys are made in this tab and leave it only when you export them. ")
        .add(el("kbd", "").text("?"))
        .text(" lists the keys.");
    el("div", "welcome")
        .add(el("h2", "").text(title))
        .add(el("p", "").text(text))
        .add(
            el("ul", "")
                .add(way("begin-connections", Action::Open(ViewId::Connections), "Show me who checks whom"))
                .add(way("begin", field("clusterName"), "Make a PKI for my cluster"))
                .add(way(
                    "begin-runbook",
                    Action::Link("&v=commands&s=runbook:whole".to_owned()),
                    "Show me what to do with it",
                ))
                .add(way("begin-import", field("import-text"), "I have an error or files")),
        )
        .add(keys)
}

fn close(dispatch: &Dispatch) -> El {
    El::button("quiet", dispatch, Action::Select(None))
        .test("inspector-close")
        .label("Close")
        .set("title", "Close (Esc)")
        .node(icon("close"))
}

fn selected(state: &AppState, plan: &Rc<Plan>, selection: Selection, dispatch: &Dispatch) -> Html {
    let it = inspect(plan, selection);
    // What was issued, where this certificate is among it.
    let facts = state.issued().and_then(|issued| {
        let index = issued.plan.find_key(&plan.key_of(it.cert?))? as u32;
        issued.facts.get(&index).cloned()
    });
    let read_back = facts.as_deref().filter(|_| state.is_current() && matches!(selection, Selection::Cert(_)));
    let dot = it.kind.map(|kind| el("i", "dot").set("data-kind", kind.word()));
    let title = el("div", "title")
        .add(el("h2", "").maybe_add(dot).text(&it.title))
        .maybe_add(siblings(&it, selection, dispatch));
    let sentences = it.sentences.iter().map(|one| el("p", "sentence").text(one).done()).collect();
    let signs = it.kind == Some(Kind::Ca) && matches!(selection, Selection::Cert(_));
    let links = if signs { "It signs" } else { "Belongs to" };
    group(vec![
        el("div", "top-line").add(el("p", "context").text(&it.context)).add(close(dispatch)).done(),
        title.done(),
        group(sentences),
        names(&it, read_back),
        usages(&it, read_back),
        read_back.map(|facts| validity(facts, state.clock.now)).unwrap_or_default(),
        checked(&it),
        files(state, &it, dispatch),
        lines("Flags that name it", &it.flags, dispatch),
        lines(links, &it.links, dispatch),
        details(&it, read_back),
        facts.as_deref().map(|facts| issued_facts(facts, state.is_current(), dispatch)).unwrap_or_default(),
        match it.source {
            "" => Html::default(),
            source => el("p", "source").texts(&["From ", source]).done(),
        },
        el("p", "related sr").text(&related(plan, selection)).done(),
    ])
}

/// The same on other nodes.
fn siblings(it: &Inspection, selection: Selection, dispatch: &Dispatch) -> Option<El> {
    if it.siblings.len() < 2 {
        return None;
    }
    let at = it.siblings.iter().position(|(_, one)| *one == selection).unwrap_or_default();
    let from = at.saturating_sub(MOST_SIBLINGS / 2);
    let mut options = Vec::new();
    for (node, one) in it.siblings.iter().skip(from).take(MOST_SIBLINGS) {
        let option = el("option", "").set("value", node).maybe("selected", (*one == selection).then_some(""));
        options.push(option.text(node).done());
    }
    let select = el("select", "sibling")
        .test("sibling")
        .label("Node")
        .chosen(at - from)
        .changed(dispatch, |event, send| send.emit(Action::SelectSibling(browser::text_of(event))));
    Some(select.node(group(options)))
}

fn names(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    let bare = |san: &String| match san.split_once(':') {
        Some(("DNS" | "IP", rest)) => rest.to_owned(),
        _ => san.clone(),
    };
    match facts {
        Some(facts) => chips(names_title(it.kind), facts.sans.iter().map(bare).collect()),
        None => chips(names_title(it.kind), it.names.clone()),
    }
}

fn usages(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    match facts {
        Some(facts) => chips("Use", [&facts.ekus[..], &facts.key_usage].concat()),
        None => chips("Use", it.usages.iter().rev().cloned().collect()),
    }
}

/// A heading with a list below it; nothing where the list is empty.
fn listed(title: &str, class: &str, lines: Vec<Html>) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    group(vec![heading(title), el("ul", class).nodes(lines).done()])
}

fn chips(title: &str, words: Vec<String>) -> Html {
    let chip = |word: &String| el("li", "").set("data-word", word).add(el("code", "").text(word)).done();
    listed(title, "chips", words.iter().map(chip).collect())
}

fn checked(it: &Inspection) -> Html {
    let line =
        |(who, how): &(&str, String)| el("li", "").text(it.relies.before).add(el("b", "").text(who)).text(how).done();
    listed(it.relies.title, "relies", it.relies.lines.iter().map(line).collect())
}

/// Its files; each can be saved alone once there is something in it.
fn files(state: &AppState, it: &Inspection, dispatch: &Dispatch) -> Html {
    let issued = state.is_current();
    let line = |file: &FileLine| {
        let name = El::button("line", dispatch, Action::GoTo(file.selection))
            .add(el("code", "").text(&file.name))
            .add(el("span", "").text(file.holds));
        let save = match file.selection {
            Selection::File(index) if issued => Some(
                El::button("quiet", dispatch, Action::Export(join(&["file=", &index.to_string()])))
                    .labels(&["Save ", &file.name])
                    .set("title", &join(&["Save this ", file.holds]))
                    .node(icon("save")),
            ),
            _ => None,
        };
        el("li", "").add(name).add(el("code", "mode").text(&file.mode)).maybe_add(save).done()
    };
    let mut lines: Vec<Html> = it.files.iter().take(MOST).map(line).collect();
    lines.extend(more(it.files.len()));
    listed("Where it goes", "plates", lines)
}

fn lines(title: &str, all: &[(String, Selection)], dispatch: &Dispatch) -> Html {
    let line = |(text, selection): &(String, Selection)| {
        let button = El::button("line", dispatch, Action::GoTo(*selection)).add(el("code", "").text(text));
        el("li", "").add(button).done()
    };
    let mut lines: Vec<Html> = all.iter().take(MOST).map(line).collect();
    lines.extend(more(all.len()));
    listed(title, "plates", lines)
}

fn more(length: usize) -> Option<Html> {
    match length.saturating_sub(MOST) {
        0 => None,
        more => Some(el("li", "more").texts(&["and ", &more.to_string(), " more"]).done()),
    }
}

/// Facts with a label: as planned, or as read back.
fn details(it: &Inspection, facts: Option<&CertFacts>) -> Html {
    let Some(facts) = facts else { return table("Details", &it.facts) };
    let mut rows = Vec::new();
    let read =
        [("Subject", &facts.subject), ("Issuer", &facts.issuer), ("Key", &facts.key), ("Signature", &facts.signature)];
    rows.extend(read.map(|(label, text)| (label, text.clone())));
    rows.extend(it.facts.iter().filter(|(label, _)| *label == "Dials").cloned());
    table("As read back", &rows)
}

/// What is related, in words.
fn related(plan: &Plan, selection: Selection) -> String {
    let related = Related::to(plan, selection);
    let certs = count(related.certs.len(), "certificate");
    let (files, flags) = (count(related.files.len(), "file"), count(related.flags.len(), "flag"));
    join(&["Related and marked in every view: ", &certs, ", ", &files, ", ", &flags, "."])
}
