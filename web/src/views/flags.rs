//! What each component on each node is started with, each flag tied to its file and certificate.

use std::collections::BTreeSet;

use kubepki_core::view::Selection;
use kubepki_core::view::flags::{Component, Entry, flags};
use yew::{Html, html};

use super::Canvas;
use crate::components::{act, icon, join, pager, slice};
use crate::state::{Action, Pager};

/// Draws the components of one page.
pub(super) fn draw(canvas: &Canvas<'_>) -> Html {
    let all = flags(canvas.plan());
    let page = canvas.page(Pager::Flags);
    let turn = || pager(Pager::Flags, page, all.len(), "components", &canvas.props.dispatch);
    let selecting = canvas.props.selection.is_some().then_some("true");
    let mut named = BTreeSet::new();
    let shown = slice(Pager::Flags, page, all.len());
    let from = shown.start;
    let drawn: Vec<Html> = all[shown]
        .iter()
        .enumerate()
        .map(|(index, one)| component(canvas, one, from + index == 0, &mut named))
        .collect();
    html! {
        <div class="components" data-selecting={selecting}>{ turn() }{ for drawn }{ turn() }</div>
    }
}

fn component(canvas: &Canvas<'_>, component: &Component, first: bool, named: &mut BTreeSet<String>) -> Html {
    let set =
        component.flags.iter().filter_map(|flag| flag.value.as_ref().map(|value| join(&[&flag.flag, "=", value])));
    let text = set.collect::<Vec<_>>().join("\n");
    let rows: Vec<Html> =
        component.flags.iter().enumerate().map(|(index, one)| flag(canvas, one, first && index == 0, named)).collect();
    html! {
        <section class="component" data-group="true" aria-label={join(&[component.name, " on ", &component.node])}>
            <h2>{ component.name }<span>{ join(&["on ", &component.node]) }</span>
                <button type="button" class="quiet" aria-label={join(&["Copy the flags of ", component.name, " on ", &component.node])}
                    onclick={act(&canvas.props.dispatch, Action::Copy("flags", text))}>{ icon("copy") }</button>
            </h2>
            <ul>{ for rows }</ul>
        </section>
    }
}

fn flag(canvas: &Canvas<'_>, flag: &Entry, first: bool, named: &mut BTreeSet<String>) -> Html {
    let plan = canvas.plan();
    let one = Selection::Flag(flag.index);
    let cert = plan.flags[flag.index].cert.map(|cert| {
        let whole = Selection::Cert(cert);
        let key = plan.key_of(cert);
        let id = named.insert(key.clone()).then(|| join(&["cert-", &key]));
        html! {
            <button type="button" class="cert" data-testid={id} data-kind={plan.certs[cert].kind.word()} data-walk="cert"
                aria-pressed={canvas.pressed(whole)} data-related={canvas.related(whole)} tabindex={canvas.tab_stop(whole, false)}
                onclick={canvas.select(whole)}>{ plan.certs[cert].row.id }</button>
        }
    });
    html! {
        <li>
            <button type="button" class="entry" data-testid={join(&["flag-", &flag.key])} data-walk="flag" aria-pressed={canvas.pressed(one)}
                data-related={canvas.related(one)} data-set={flag.value.is_some().to_string()} tabindex={canvas.tab_stop(one, first)}
                onclick={canvas.select(one)}>
                <code class="name">{ &flag.flag }</code>
                <code class="value">{ flag.value.as_deref().unwrap_or("not set") }</code>
                <span class="purpose"><b>{ flag.direction }</b>{ " " }{ &flag.meaning }</span>
            </button>
            { cert }
        </li>
    }
}
