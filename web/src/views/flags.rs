//! What each component on each node is started with, each flag tied to its file and certificate.

use kubepki_core::sorted::SortedSet;
use kubepki_core::view::Selection;
use kubepki_core::view::flags::{Component, Entry, flags};

use super::Canvas;
use crate::components::{icon, pager, slice};
use crate::draw::{El, el, join};
use crate::state::{Action, Pager};

/// Draws the components of one page.
pub(super) fn draw(canvas: &Canvas) -> El {
    let all = flags(&canvas.plan);
    let page = canvas.page(Pager::Flags);
    let turn = || pager(Pager::Flags, page, all.len(), "components", &canvas.dispatch);
    let mut named = SortedSet::default();
    let shown = slice(Pager::Flags, page, all.len());
    let from = shown.start;
    let drawn = all[shown].iter().enumerate();
    let drawn = drawn.map(|(index, one)| component(canvas, one, from + index == 0, &mut named).done()).collect();
    el("div", "components")
        .mark("data-selecting", canvas.selection.is_some())
        .maybe_add(turn())
        .nodes(drawn)
        .maybe_add(turn())
}

fn component(canvas: &Canvas, component: &Component, first: bool, named: &mut SortedSet<usize>) -> El {
    let place = join(&[component.name, " on ", &component.node]);
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for (index, one) in component.flags.iter().enumerate() {
        lines.extend(one.value.as_ref().map(|value| join(&[&one.flag, "=", value])));
        rows.push(flag(canvas, one, first && index == 0, named).done());
    }
    let copy = El::button("quiet", &canvas.dispatch, Action::Copy("flags", lines.join("\n")))
        .labels(&["Copy the flags of ", &place])
        .node(icon("copy"));
    let title = el("h2", "").text(component.name).add(el("span", "").texts(&["on ", &component.node]));
    el("section", "component")
        .set("data-group", "true")
        .label(&place)
        .add(title.add(copy))
        .add(el("ul", "").nodes(rows))
}

fn flag(canvas: &Canvas, flag: &Entry, first: bool, named: &mut SortedSet<usize>) -> El {
    let plan = &canvas.plan;
    let cert = plan.flags[flag.index].cert.map(|cert| {
        let id = join(&["cert-", &plan.key_of(cert)]);
        canvas
            .thing("cert", Selection::Cert(cert), "cert", false)
            .maybe("data-testid", named.insert(cert).then_some(id.as_str()))
            .set("data-kind", plan.certs[cert].kind.word())
            .text(plan.certs[cert].row.id)
    });
    let purpose = el("span", "purpose").add(el("b", "").text(flag.direction)).texts(&[" ", &flag.meaning]);
    let entry = canvas
        .thing("entry", Selection::Flag(flag.index), "flag", first)
        .test(&join(&["flag-", &flag.key]))
        .state("data-set", flag.value.is_some())
        .add(el("code", "name").text(&flag.flag))
        .add(el("code", "value").text(flag.value.as_deref().unwrap_or("not set")))
        .add(purpose);
    el("li", "").add(entry).maybe_add(cert)
}
