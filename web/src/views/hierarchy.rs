//! Signed by → certificate → held by.

use kubepki_core::catalog::row::Kind;
use kubepki_core::view::Selection;
use kubepki_core::view::hierarchy::{Domain, Member, Stack, hierarchy};
use yew::Html;

use super::Canvas;
use crate::components::{icon, pager, slice};
use crate::draw::{El, count, el, group, join};
use crate::state::{Action, Pager};

/// Height of a row, in pixels: the style sheet's `--row`.
const ROW: usize = 48;
/// Width of the room for edges, in pixels: the style sheet's `--edges`.
const EDGES: usize = 60;

/// Draws the hierarchy.
pub(super) fn draw(canvas: &Canvas) -> El {
    let picture = hierarchy(&canvas.plan);
    // Bare key pairs sign nothing: the room beside them is for what nobody here signs.
    let alone =
        picture.domains.iter().rposition(|domain| domain.stacks.is_empty() && domain.issuer.kind == Kind::KeyPair);
    let mut domains = Vec::new();
    for (index, one) in picture.domains.iter().enumerate() {
        let beside: &[Stack] = if Some(index) == alone { &picture.outside } else { &[] };
        domains.push(domain(canvas, one, beside, index == 0).done());
    }
    if alone.is_none() {
        let outside = picture.outside.iter().map(|one| rows(canvas, one, NOBODY)).collect();
        let domain = el("div", "domain").set("data-group", "true").add(el("div", "issuer")).add(el("div", "room"));
        domains.push(domain.add(el("div", "rows").nodes(outside)).done());
    }
    let heads = ["Signed by", "Certificate", "Held by"].map(|head| el("span", "").text(head).done());
    el("div", "hierarchy")
        .mark("data-selecting", canvas.selection.is_some())
        .add(el("p", "columns").set("aria-hidden", "true").nodes(heads.into()))
        .nodes(domains)
        .add(legend())
}

/// Who signs what is not signed here.
const NOBODY: &str = "nobody here";

/// A CA or key pair with what it signs; beside one that signs nothing, what is not signed here.
fn domain(canvas: &Canvas, domain: &Domain, beside: &[Stack], first: bool) -> El {
    let card = &domain.issuer;
    let words = join(&[", ", card.kind.words(), "; trusted by ", &card.trusted_by]);
    let issuer = canvas
        .thing("card", Selection::Cert(card.cert), "issuer", first)
        .set("data-kind", card.kind.word())
        .test(&join(&["cert-", &card.key]))
        .add(el("span", "title").text(&card.title))
        .add(el("span", "detail").texts(&[&card.file, " · ", &card.place]))
        .add(el("span", "sr").text(&words));
    let mut stacks: Vec<Html> = domain.stacks.iter().map(|stack| rows(canvas, stack, &card.title)).collect();
    stacks.extend(beside.iter().map(|stack| rows(canvas, stack, NOBODY)));
    let room = if domain.stacks.is_empty() { el("div", "room") } else { edges(canvas, domain) };
    el("section", "domain")
        .set("data-group", "true")
        .set("data-domain", &card.key)
        .label(&card.title)
        .add(el("div", "issuer").add(issuer))
        .add(room)
        .add(el("div", "rows").nodes(stacks))
}

/// The members of a stack that have a row of their own.
fn shown<'a>(canvas: &Canvas, stack: &'a Stack) -> &'a [Member] {
    if stack.members.len() > 1 && canvas.unfolded.contains(&stack.id) {
        let pager = Pager::Stack(stack.id);
        &stack.members[slice(pager, canvas.page(pager), stack.members.len())]
    } else {
        &stack.members[..1]
    }
}

/// How many rows a stack takes: a pager takes one.
fn height(canvas: &Canvas, stack: &Stack) -> usize {
    let members = shown(canvas, stack).len();
    members + usize::from(members > 1 && stack.members.len() > Pager::Stack(stack.id).per_page())
}

fn selection(stack: &Stack, member: &Member) -> Selection {
    match stack.unsigned {
        Some(_) => Selection::Unsigned(member.index),
        None => Selection::Cert(member.index),
    }
}

/// Whether a folded stack, or a member of an unfolded one, has to do with what is selected.
fn is_related(canvas: &Canvas, stack: &Stack, member: &Member, folded: bool) -> bool {
    let all = if folded { &stack.members[..] } else { std::slice::from_ref(member) };
    all.iter().any(|one| canvas.related.has(selection(stack, one)))
}

/// Lines from an issuer to each row, in the issuer's colour; those of what is selected are heavier.
fn edges(canvas: &Canvas, domain: &Domain) -> El {
    let total: usize = domain.stacks.iter().map(|stack| height(canvas, stack)).sum();
    let middle = (total * ROW / 2).to_string();
    let (near, far) = ((EDGES / 2).to_string(), EDGES.to_string());
    let mut row = 0;
    let mut paths = Vec::new();
    for stack in &domain.stacks {
        let members = shown(canvas, stack);
        for (index, member) in members.iter().enumerate() {
            let y = ((row + index) * ROW + ROW / 2).to_string();
            let path = ["M9 ", &middle, "C", &near, " ", &middle, " ", &near, " ", &y, " ", &far, " ", &y].concat();
            let related = canvas.selection.is_some() && is_related(canvas, stack, member, members.len() == 1);
            let class = if stack.unsigned.is_some() { "edge dashed" } else { "edge" };
            paths.push(el("path", class).set("d", &path).mark("data-related", related).done());
        }
        row += height(canvas, stack);
    }
    let size = (total * ROW).to_string();
    let inside = match canvas.verified {
        true => el("path", "").set("d", "M-3.5 0-1 2.7 3.7-2.7"),
        false => el("circle", "").set("r", "3"),
    };
    let seal = el("g", "seal")
        .mark("data-related", canvas.related.has(Selection::Cert(domain.issuer.cert)))
        .set("transform", &join(&["translate(0 ", &middle, ")"]))
        .add(el("circle", "").set("r", "8.5"))
        .add(inside);
    el("svg", "edges")
        .set("width", &far)
        .set("height", &size)
        .set("viewBox", &join(&["0 0 ", &far, " ", &size]))
        .set("aria-hidden", "true")
        .nodes(paths)
        .add(seal)
}

fn rows(canvas: &Canvas, stack: &Stack, issuer: &str) -> Html {
    let members = shown(canvas, stack);
    let unfolded = members.len() > 1;
    let pages = Pager::Stack(stack.id);
    let mut drawn = Vec::new();
    for (index, member) in members.iter().enumerate() {
        drawn.push(row(canvas, stack, member, index, unfolded, issuer).done());
    }
    if unfolded {
        let turn = pager(pages, canvas.page(pages), stack.members.len(), "siblings", &canvas.dispatch);
        drawn.extend(turn.map(El::done));
    }
    group(drawn)
}

fn row(canvas: &Canvas, stack: &Stack, member: &Member, index: usize, unfolded: bool, issuer: &str) -> El {
    let many = stack.members.len() > 1;
    let folded = many && !unfolded;
    let dashed = stack.unsigned.is_some();
    let below = unfolded && index > 0;
    let title = if unfolded { &member.title } else { &stack.title };
    let detail = if unfolded && !dashed { &member.differs } else { stack.detail() };
    let nodes = if unfolded { member.node.clone() } else { few(stack) };
    let related = is_related(canvas, stack, member, folded);
    let class = match (dashed, folded, below) {
        (false, false, false) => "card",
        (false, false, true) => "card below",
        (false, true, _) => "card stack",
        (true, false, false) => "card dashed",
        (true, false, true) => "card dashed below",
        (true, true, _) => "card dashed stack",
    };
    let signed = if dashed { ", not signed here; held by " } else { "; held by " };
    let words = [", ", stack.kind.words(), " signed by ", issuer, signed, &stack.holders, " on ", &nodes];
    let card = canvas
        .selectable(class, selection(stack, member), "leaf", false, related)
        .set("data-kind", stack.kind.word())
        .test(&join(&[if dashed { "unsigned-" } else { "cert-" }, &member.key]))
        .add(el("span", "title").text(title))
        .add(el("span", "detail").text(detail))
        .add(el("span", "sr").texts(&words));
    let cell = el("div", "cell")
        .add(card)
        .maybe_add((many && index == 0).then(|| fold(canvas, stack, unfolded)))
        .maybe_add(below.then(|| el("span", "node").text(&member.node)));
    let held = el("div", "held")
        .set("aria-hidden", "true")
        .add(el("b", "").text(&stack.holders))
        .add(el("span", "").text(&nodes));
    el("div", "row").mark("data-related", related).add(cell).add(held)
}

/// The badge of a stack, which folds and unfolds it.
fn fold(canvas: &Canvas, stack: &Stack, unfolded: bool) -> El {
    El::button("badge", &canvas.dispatch, Action::Fold(stack.id))
        .set("data-kind", stack.kind.word())
        .test(&join(&["unfold-", stack.id]))
        .state("aria-expanded", unfolded)
        .text(&count(stack.members.len(), "node"))
        .add(el("span", "sr").texts(&[" of ", &stack.title]))
        .node(icon(if unfolded { "up" } else { "down" }))
}

/// The first nodes of a stack; the rest counted.
fn few(stack: &Stack) -> String {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).take(6).collect();
    match stack.members.len().saturating_sub(nodes.len()) {
        0 => nodes.join(" "),
        more => join(&[&nodes.join(" "), " +", &more.to_string()]),
    }
}

fn legend() -> El {
    let kinds = [
        ("ca", "CA"),
        ("server", "Server"),
        ("client", "Client"),
        ("peer", "Server and client"),
        ("key-pair", "Key pair"),
    ];
    let kind = |(kind, text)| el("li", "").add(el("i", "dot").set("data-kind", kind)).text(text).done();
    el("ul", "legend")
        .label("Legend")
        .nodes(kinds.map(kind).into())
        .add(el("li", "apart").add(el("i", "dash")).text("not signed here"))
        .add(el("li", "").text("stack = one each per node, different keys"))
}
