//! Each node's tree, with mode, owner and purpose.

use std::collections::BTreeSet;

use kubepki_core::view::Selection;
use kubepki_core::view::files::{Tree, TreeFile, files};
use yew::{Html, html};

use super::Canvas;
use crate::components::{join, pager, slice};
use crate::state::Pager;

/// Draws the trees of one page.
pub(super) fn draw(canvas: &Canvas<'_>) -> Html {
    let trees = files(canvas.plan());
    let page = canvas.page(Pager::Files);
    let turn = || pager(Pager::Files, page, trees.len(), "nodes", &canvas.props.dispatch);
    let selecting = canvas.props.selection.is_some().then_some("true");
    // A certificate has one button in a view: at its first file.
    let mut named = BTreeSet::new();
    let shown: Vec<Html> =
        trees[slice(Pager::Files, page, trees.len())].iter().map(|one| tree(canvas, one, &mut named)).collect();
    html! {
        <div class="trees" data-selecting={selecting}>{ turn() }{ for shown }{ turn() }</div>
    }
}

fn tree(canvas: &Canvas<'_>, tree: &Tree, named: &mut BTreeSet<usize>) -> Html {
    let rows: Vec<Html> = tree
        .rows
        .iter()
        .map(|row| {
            let depth = join(&["d", &row.depth.min(4).to_string()]);
            match &row.file {
                None => html! { <li class={depth}><span class="folder">{ &row.name }</span></li> },
                Some(one) => html! { <li class={depth}>{ file(canvas, &row.name, one, named) }</li> },
            }
        })
        .collect();
    html! {
        <section class="tree" data-group="true" aria-label={join(&["Files of ", &tree.name])}>
            <h2>{ &tree.name }<span>{ &tree.title }</span></h2>
            if !tree.note.is_empty() { <p class="note">{ tree.note }</p> }
            if rows.is_empty() && tree.note.is_empty() { <p class="note">{ "No file of this PKI." }</p> }
            <ul>{ for rows }</ul>
        </section>
    }
}

fn file(canvas: &Canvas<'_>, name: &str, file: &TreeFile, named: &mut BTreeSet<usize>) -> Html {
    let plan = canvas.plan();
    let one = Selection::File(file.index);
    let cert = plan.files[file.index].content.cert;
    let whole = Selection::Cert(cert);
    let first = named.is_empty();
    let key = named.insert(cert).then(|| join(&["cert-", &plan.key_of(cert)]));
    let kind = plan.certs[cert].kind.word();
    html! {
        <>
            <button type="button" class="entry" data-testid={join(&["file-", &file.key])} data-walk="file" aria-pressed={canvas.pressed(one)}
                data-related={canvas.related(one)} tabindex={canvas.tab_stop(one, first)} onclick={canvas.select(one)}>
                <code class="name">{ name }</code>
                <code class="mode" data-secret={file.secret.then_some("true")}>{ &file.mode }</code>
                <span class="owner">{ file.owner }</span>
                <span class="purpose">{ &file.purpose }</span>
            </button>
            <button type="button" class="cert" data-testid={key} data-kind={kind} data-walk="cert" aria-pressed={canvas.pressed(whole)}
                data-related={canvas.related(whole)} tabindex={canvas.tab_stop(whole, false)} onclick={canvas.select(whole)}>
                { plan.certs[cert].row.id }
            </button>
        </>
    }
}
