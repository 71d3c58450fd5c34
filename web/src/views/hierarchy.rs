//! Signed by → certificate → held by.

use kubepki_core::catalog::row::Kind;
use kubepki_core::view::Selection;
use kubepki_core::view::hierarchy::{Domain, Member, Stack, hierarchy};
use yew::{Html, classes, html};

use super::Canvas;
use crate::components::{act, count, icon, join, pager, slice};
use crate::state::{Action, Pager};

/// Height of a row, in pixels: the style sheet's `--row`.
const ROW: usize = 48;
/// Width of the room for edges, in pixels: the style sheet's `--edges`.
const EDGES: usize = 60;

/// Draws the hierarchy.
pub(super) fn draw(canvas: &Canvas<'_>) -> Html {
    let picture = hierarchy(canvas.plan());
    let selecting = canvas.props.selection.is_some().then_some("true");
    // Bare key pairs sign nothing: the room beside them is for what nobody here signs.
    let alone =
        picture.domains.iter().rposition(|domain| domain.stacks.is_empty() && domain.issuer.kind == Kind::KeyPair);
    html! {
        <div class="hierarchy" data-selecting={selecting}>
            <p class="columns" aria-hidden="true"><span>{ "Signed by" }</span><span>{ "Certificate" }</span><span>{ "Held by" }</span></p>
            { for picture.domains.iter().enumerate().map(|(index, one)| {
                let beside: &[Stack] = if Some(index) == alone { &picture.outside } else { &[] };
                domain(canvas, one, beside, index == 0)
            }) }
            if alone.is_none() {
                <div class="domain" data-group="true"><div class="issuer" /><div class="room" />
                    <div class="rows">{ for picture.outside.iter().map(|one| rows(canvas, one, "nobody here")) }</div>
                </div>
            }
            { legend() }
        </div>
    }
}

/// A CA or key pair with what it signs; beside one that signs nothing, what is not signed here.
fn domain(canvas: &Canvas<'_>, domain: &Domain, beside: &[Stack], first: bool) -> Html {
    let card = &domain.issuer;
    let one = Selection::Cert(card.cert);
    let stacks: Vec<Html> = domain.stacks.iter().map(|stack| rows(canvas, stack, &card.title)).collect();
    html! {
        <section class="domain" data-group="true" data-domain={card.key.clone()} aria-label={card.title.clone()}>
            <div class="issuer">
                <button type="button" class="card" data-kind={card.kind.word()} data-testid={join(&["cert-", &card.key])}
                    data-walk="issuer" aria-pressed={canvas.pressed(one)} data-related={canvas.related(one)}
                    tabindex={canvas.tab_stop(one, first)} onclick={canvas.select(one)}>
                    <span class="title">{ &card.title }</span>
                    <span class="detail">{ &card.file }{ " · " }{ &card.place }</span>
                    <span class="sr">{ join(&[", ", kind_words(card.kind), "; trusted by ", &card.trusted_by]) }</span>
                </button>
            </div>
            { if domain.stacks.is_empty() { html! { <div class="room" /> } } else { edges(canvas, domain) } }
            <div class="rows">
                { for stacks }
                { for beside.iter().map(|stack| rows(canvas, stack, "nobody here")) }
            </div>
        </section>
    }
}

/// The members of a stack that have a row of their own.
fn shown<'a>(canvas: &Canvas<'_>, stack: &'a Stack) -> &'a [Member] {
    if stack.members.len() > 1 && canvas.props.unfolded.contains(stack.id) {
        let pager = Pager::Stack(stack.id);
        &stack.members[slice(pager, canvas.page(pager), stack.members.len())]
    } else {
        &stack.members[..1]
    }
}

/// How many rows a stack takes: a pager takes one.
fn height(canvas: &Canvas<'_>, stack: &Stack) -> usize {
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
fn is_related(canvas: &Canvas<'_>, stack: &Stack, member: &Member, folded: bool) -> bool {
    let all = if folded { &stack.members[..] } else { std::slice::from_ref(member) };
    all.iter().any(|one| canvas.related.has(selection(stack, one)))
}

/// Lines from an issuer to each row, in the issuer's colour; those of what is selected are heavier.
fn edges(canvas: &Canvas<'_>, domain: &Domain) -> Html {
    let total: usize = domain.stacks.iter().map(|stack| height(canvas, stack)).sum();
    let middle = total * ROW / 2;
    let mut row = 0;
    let mut paths = Vec::new();
    for stack in &domain.stacks {
        let members = shown(canvas, stack);
        for (index, member) in members.iter().enumerate() {
            let y = (row + index) * ROW + ROW / 2;
            let ends = [middle, y].map(|one| one.to_string());
            let near = (EDGES / 2).to_string();
            let path = join(&[
                "M9 ",
                &ends[0],
                "C",
                &near,
                " ",
                &ends[0],
                " ",
                &near,
                " ",
                &ends[1],
                " ",
                &EDGES.to_string(),
                " ",
                &ends[1],
            ]);
            let dashed = stack.unsigned.is_some().then_some("dashed");
            let related = canvas.props.selection.is_some() && is_related(canvas, stack, member, members.len() == 1);
            paths.push(
                html! { <path class={classes!("edge", dashed)} d={path} data-related={related.then_some("true")} /> },
            );
        }
        row += height(canvas, stack);
    }
    let issuer = canvas.related(Selection::Cert(domain.issuer.cert));
    let size = (total * ROW).to_string();
    html! {
        <svg class="edges" width={EDGES.to_string()} height={size.clone()} viewBox={join(&["0 0 ", &EDGES.to_string(), " ", &size])} aria-hidden="true">
            { for paths }
            <g class="seal" data-related={issuer} transform={join(&["translate(0 ", &middle.to_string(), ")"])}>
                <circle r="8.5" />
                if canvas.props.verified { <path d="M-3.500 0-1 2.700 3.700-2.700" /> } else { <circle r="3" /> }
            </g>
        </svg>
    }
}

fn rows(canvas: &Canvas<'_>, stack: &Stack, issuer: &str) -> Html {
    let members = shown(canvas, stack);
    let unfolded = members.len() > 1;
    let pages = Pager::Stack(stack.id);
    html! {
        <>
            { for members.iter().enumerate().map(|(index, member)| row(canvas, stack, member, index, unfolded, issuer)) }
            if unfolded { { pager(pages, canvas.page(pages), stack.members.len(), "siblings", &canvas.props.dispatch) } }
        </>
    }
}

fn row(canvas: &Canvas<'_>, stack: &Stack, member: &Member, index: usize, unfolded: bool, issuer: &str) -> Html {
    let one = selection(stack, member);
    let many = stack.members.len() > 1;
    let folded = many && !unfolded;
    let dashed = stack.unsigned.is_some();
    let title = if unfolded { &member.title } else { &stack.title };
    let detail = if unfolded && !dashed { &member.differs } else { stack.detail() };
    let nodes = if unfolded { join(&[&member.node]) } else { few(stack) };
    let related = is_related(canvas, stack, member, folded).then_some("true");
    let classes = classes!(
        "card",
        dashed.then_some("dashed"),
        folded.then_some("stack"),
        (unfolded && index > 0).then_some("below")
    );
    let signed = if dashed { ", not signed here; held by " } else { "; held by " };
    html! {
        <div class="row" data-related={related}>
            <div class="cell">
                <button type="button" class={classes} data-kind={stack.kind.word()}
                    data-testid={join(&[if dashed { "unsigned-" } else { "cert-" }, &member.key])} data-walk="leaf"
                    aria-pressed={canvas.pressed(one)} data-related={related} tabindex={canvas.tab_stop(one, false)} onclick={canvas.select(one)}>
                    <span class="title">{ title }</span>
                    <span class="detail">{ detail }</span>
                    <span class="sr">{ join(&[", ", kind_words(stack.kind), " signed by ", issuer, signed, &stack.holders, " on ", &nodes]) }</span>
                </button>
                if many && index == 0 { { fold(canvas, stack, unfolded) } }
                if unfolded && index > 0 { <span class="node">{ &member.node }</span> }
            </div>
            <div class="held" aria-hidden="true"><b>{ &stack.holders }</b><span>{ nodes }</span></div>
        </div>
    }
}

/// The badge of a stack, which folds and unfolds it.
fn fold(canvas: &Canvas<'_>, stack: &Stack, unfolded: bool) -> Html {
    let number = count(stack.members.len(), "node");
    html! {
        <button type="button" class="badge" data-kind={stack.kind.word()} data-testid={join(&["unfold-", stack.id])} aria-expanded={unfolded.to_string()}
            onclick={act(&canvas.props.dispatch, Action::Fold(stack.id))}>
            { number }<span class="sr">{ join(&[" of ", &stack.title]) }</span>{ icon(if unfolded { "up" } else { "down" }) }
        </button>
    }
}

/// The first nodes of a stack; the rest counted.
fn few(stack: &Stack) -> String {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).take(6).collect();
    match stack.members.len().saturating_sub(nodes.len()) {
        0 => nodes.join(" "),
        more => join(&[&nodes.join(" "), " +", &more.to_string()]),
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Ca => "CA certificate",
        Kind::Server => "server certificate",
        Kind::Client => "client certificate",
        Kind::Peer => "server and client certificate",
        Kind::KeyPair => "key pair",
    }
}

fn legend() -> Html {
    let kinds = [
        ("ca", "CA"),
        ("server", "Server"),
        ("client", "Client"),
        ("peer", "Server and client"),
        ("key-pair", "Key pair"),
    ];
    html! {
        <ul class="legend" aria-label="Legend">
            { for kinds.iter().map(|(kind, text)| html! { <li><i class="dot" data-kind={*kind} />{ *text }</li> }) }
            <li class="apart"><i class="dash" />{ "not signed here" }</li>
            <li>{ "stack = one each per node, different keys" }</li>
        </ul>
    }
}
