//! Each node's tree, with mode, owner and purpose.

use kubepki_core::sorted::SortedSet;
use kubepki_core::view::Selection;
use kubepki_core::view::files::{Tree, TreeFile, files};
use yew::Html;

use super::Canvas;
use crate::components::{pager, slice};
use crate::draw::{El, el, group, join};
use crate::state::Pager;

/// Draws the trees of one page.
pub(super) fn draw(canvas: &Canvas) -> El {
    let trees = files(&canvas.plan);
    let page = canvas.page(Pager::Files);
    let turn = || pager(Pager::Files, page, trees.len(), "nodes", &canvas.dispatch);
    // A certificate has one button in a view: at its first file.
    let mut named = SortedSet::default();
    let shown = &trees[slice(Pager::Files, page, trees.len())];
    let drawn = shown.iter().map(|one| tree(canvas, one, &mut named).done()).collect();
    el("div", "trees")
        .mark("data-selecting", canvas.selection.is_some())
        .maybe_add(turn())
        .nodes(drawn)
        .maybe_add(turn())
}

fn tree(canvas: &Canvas, tree: &Tree, named: &mut SortedSet<usize>) -> El {
    let mut rows = Vec::new();
    for row in &tree.rows {
        let line = el("li", &join(&["d", &row.depth.min(4).to_string()]));
        let line = match &row.file {
            None => line.add(el("span", "folder").text(&row.name)),
            Some(one) => line.node(file(canvas, &row.name, one, named)),
        };
        rows.push(line.done());
    }
    let note = match (tree.note.is_empty(), rows.is_empty()) {
        (false, _) => Some(tree.note),
        (true, true) => Some("No file of this PKI."),
        (true, false) => None,
    };
    el("section", "tree")
        .set("data-group", "true")
        .labels(&["Files of ", &tree.name])
        .add(el("h2", "").text(&tree.name).add(el("span", "").text(&tree.title)))
        .maybe_add(note.map(|note| el("p", "note").text(note)))
        .add(el("ul", "").nodes(rows))
}

fn file(canvas: &Canvas, name: &str, file: &TreeFile, named: &mut SortedSet<usize>) -> Html {
    let plan = &canvas.plan;
    let cert = plan.files[file.index].content.cert;
    let first = named.is_empty();
    let id = named.insert(cert).then(|| join(&["cert-", &plan.key_of(cert)]));
    let entry = canvas
        .thing("entry", Selection::File(file.index), "file", first)
        .test(&join(&["file-", &file.key]))
        .add(el("code", "name").text(name))
        .add(el("code", "mode").mark("data-secret", file.secret).text(&file.mode))
        .add(el("span", "owner").text(file.owner))
        .add(el("span", "purpose").text(&file.purpose));
    let whole = canvas
        .thing("cert", Selection::Cert(cert), "cert", false)
        .maybe("data-testid", id.as_deref())
        .set("data-kind", plan.certs[cert].kind.word())
        .text(plan.certs[cert].row.id);
    group(vec![entry.done(), whole.done()])
}
