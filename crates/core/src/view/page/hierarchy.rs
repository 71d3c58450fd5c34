//! Signed by → certificate → held by, as a drawing.

use super::{Canvas, unseen};
use crate::catalog::row::Kind;
use crate::plan::Plan;
use crate::view::Selection;
use crate::view::drawing::{Drawing, drawn};
use crate::view::hierarchy::{Domain, Member, Stack, hierarchy};
use crate::view::text::counted;

/// Height of a row, in pixels: the style sheet's `--row`.
const ROW: usize = 48;
/// Width of the room for edges, in pixels: the style sheet's `--edges`.
const EDGES: usize = 60;
/// Most siblings that are drawn one by one; the rest is counted.
const MOST: usize = 50;
/// Most nodes that are named beside a folded stack.
const NAMED: usize = 6;
/// Who signs what is not signed here.
const NOBODY: &str = "nobody here";

/// The view. `unfolded` are the ids of the stacks whose members stand one by one; the badge of a stack carries its id in
/// `data-fold`.
pub fn page(plan: &Plan, selected: &str, unfolded: &[&str]) -> Drawing {
    let picture = hierarchy(plan);
    let sheet = Sheet { canvas: Canvas::new(plan, selected), unfolded };
    // Bare key pairs sign nothing: the room beside them is for what nobody here signs.
    let bare = |domain: &Domain| domain.stacks.is_empty() && domain.issuer.kind == Kind::KeyPair;
    let alone = picture.domains.iter().rposition(bare);
    let shown = |one: &Member, stack: &Stack| sheet.canvas.selection == Some(selection(stack, one));
    let all = || picture.domains.iter().flat_map(|domain| &domain.stacks).chain(&picture.outside);
    let at_issuer = picture.domains.iter().any(|one| sheet.canvas.selection == Some(Selection::Cert(one.issuer.cert)));
    let walked = at_issuer || all().any(|stack| sheet.members(stack).iter().any(|one| shown(one, stack)));
    let mut ground = sheet.canvas.ground("hierarchy").with(heads());
    for (index, domain) in picture.domains.iter().enumerate() {
        let beside: &[Stack] = if Some(index) == alone { &picture.outside } else { &[] };
        ground = ground.with(sheet.domain(domain, beside, index == 0 && !walked));
    }
    if alone.is_none() && !picture.outside.is_empty() {
        let rows = picture.outside.iter().flat_map(|stack| sheet.rows(stack, NOBODY));
        let empty = ["issuer", "room"].map(|class| drawn("div").set("class", class));
        let rows = drawn("div").set("class", "rows").all(rows);
        ground = ground.with(drawn("div").set("class", "domain").set("data-group", true).all(empty).with(rows));
    }
    ground.with(legend())
}

fn heads() -> Drawing {
    let heads = ["Signed by", "Certificate", "Held by"].map(|head| drawn("span").text(head));
    drawn("p").set("class", "columns").set("aria-hidden", true).all(heads)
}

fn selection(stack: &Stack, member: &Member) -> Selection {
    match stack.unsigned {
        Some(_) => Selection::Unsigned(member.index),
        None => Selection::Cert(member.index),
    }
}

struct Sheet<'a> {
    canvas: Canvas<'a>,
    unfolded: &'a [&'a str],
}

impl Sheet<'_> {
    /// A CA or key pair with what it signs; beside one that signs nothing, what is not signed here.
    fn domain(&self, domain: &Domain, beside: &[Stack], stop: bool) -> Drawing {
        let card = &domain.issuer;
        let one = Selection::Cert(card.cert);
        let stop = stop || self.canvas.selection == Some(one);
        let issuer = self
            .canvas
            .thing("card", one, "issuer", stop, self.canvas.related.has(one))
            .set("data-kind", card.kind.word())
            .set("data-testid", format!("cert-{}", card.key))
            .with(drawn("span").set("class", "title").text(&card.title))
            .with(drawn("span").set("class", "detail").text(format!("{} · {}", card.file, card.place)))
            .with(unseen(format!(", {}; trusted by {}", card.kind.words(), card.trusted_by)));
        let own = domain.stacks.iter().flat_map(|stack| self.rows(stack, &card.title));
        let rows = own.chain(beside.iter().flat_map(|stack| self.rows(stack, NOBODY)));
        let room = if domain.stacks.is_empty() { drawn("div").set("class", "room") } else { self.edges(domain) };
        drawn("section")
            .set("class", "domain")
            .set("data-group", true)
            .set("aria-label", &card.title)
            .with(drawn("div").set("class", "issuer").with(issuer))
            .with(room)
            .with(drawn("div").set("class", "rows").all(rows))
    }

    fn is_unfolded(&self, stack: &Stack) -> bool {
        stack.members.len() > 1 && self.unfolded.contains(&stack.id)
    }

    /// The members of a stack that have a row of their own.
    fn members<'s>(&self, stack: &'s Stack) -> &'s [Member] {
        let most = if self.is_unfolded(stack) { MOST } else { 1 };
        &stack.members[..stack.members.len().min(most)]
    }

    /// How many rows a stack takes: what is counted takes one.
    fn height(&self, stack: &Stack) -> usize {
        let left_out = self.is_unfolded(stack) && stack.members.len() > MOST;
        self.members(stack).len() + usize::from(left_out)
    }

    /// Whether a folded stack, or a member of an unfolded one, has to do with what is selected.
    fn is_related(&self, stack: &Stack, member: &Member) -> bool {
        let all = if self.is_unfolded(stack) { std::slice::from_ref(member) } else { &stack.members[..] };
        all.iter().any(|one| self.canvas.related.has(selection(stack, one)))
    }

    /// Lines from an issuer to each row, in the issuer's colour; those of what is selected are heavier.
    fn edges(&self, domain: &Domain) -> Drawing {
        let total: usize = domain.stacks.iter().map(|stack| self.height(stack)).sum();
        let (middle, near) = (total * ROW / 2, EDGES / 2);
        let mut row = 0;
        let mut svg = drawn("svg")
            .set("class", "edges")
            .set("width", EDGES)
            .set("height", total * ROW)
            .set("viewBox", format!("0 0 {EDGES} {}", total * ROW))
            .set("aria-hidden", true);
        for stack in &domain.stacks {
            for (index, member) in self.members(stack).iter().enumerate() {
                let y = (row + index) * ROW + ROW / 2;
                let path = drawn("path")
                    .set("class", if stack.unsigned.is_some() { "edge dashed" } else { "edge" })
                    .set("d", format!("M9 {middle}C{near} {middle} {near} {y} {EDGES} {y}"));
                svg = svg.with(if self.is_related(stack, member) { path.set("data-related", true) } else { path });
            }
            row += self.height(stack);
        }
        // A ring inside and no check mark: nothing is verified before it is issued.
        let seal = drawn("g")
            .set("class", "seal")
            .set("transform", format!("translate(0 {middle})"))
            .with(drawn("circle").set("r", "8.5"))
            .with(drawn("circle").set("r", 3));
        let related = self.canvas.related.has(Selection::Cert(domain.issuer.cert));
        svg.with(if related { seal.set("data-related", true) } else { seal })
    }

    fn rows(&self, stack: &Stack, issuer: &str) -> Vec<Drawing> {
        let members = self.members(stack);
        let mut rows: Vec<Drawing> =
            members.iter().enumerate().map(|(index, member)| self.row(stack, member, index, issuer)).collect();
        let left = stack.members.len() - members.len();
        if self.is_unfolded(stack) && left > 0 {
            rows.push(drawn("p").set("class", "pager").text(format!("and {left} more like these")));
        }
        rows
    }

    fn row(&self, stack: &Stack, member: &Member, index: usize, issuer: &str) -> Drawing {
        let many = stack.members.len() > 1;
        let unfolded = self.is_unfolded(stack);
        let (dashed, below) = (stack.unsigned.is_some(), unfolded && index > 0);
        let mut class = "card".to_owned();
        for (is, word) in [(dashed, " dashed"), (below, " below"), (many && !unfolded, " stack")] {
            class.push_str(if is { word } else { "" });
        }
        let title = if unfolded { &member.title } else { &stack.title };
        let detail = if unfolded && !dashed { &member.differs } else { stack.detail() };
        let nodes = if unfolded { member.node.clone() } else { few(stack) };
        let signed = if dashed { ", not signed here; held by" } else { "; held by" };
        let told = format!(", {} signed by {issuer}{signed} {} on {nodes}", stack.kind.words(), stack.holders);
        let one = selection(stack, member);
        let related = self.is_related(stack, member);
        let card = self
            .canvas
            .thing(&class, one, "leaf", self.canvas.selection == Some(one), related)
            .set("data-kind", stack.kind.word())
            .set("data-testid", format!("{}-{}", if dashed { "unsigned" } else { "cert" }, member.key))
            .with(drawn("span").set("class", "title").text(title))
            .with(drawn("span").set("class", "detail").text(detail))
            .with(unseen(told));
        let mut cell = drawn("div").set("class", "cell").with(card);
        if many && index == 0 {
            cell = cell.with(fold(stack, unfolded));
        }
        if below {
            cell = cell.with(drawn("span").set("class", "node").text(&member.node));
        }
        let held = drawn("div")
            .set("class", "held")
            .set("aria-hidden", true)
            .with(drawn("b").text(&stack.holders))
            .with(drawn("span").text(nodes));
        let row = drawn("div").set("class", "row");
        (if related { row.set("data-related", true) } else { row }).with(cell).with(held)
    }
}

/// The badge of a stack, which folds and unfolds it.
fn fold(stack: &Stack, unfolded: bool) -> Drawing {
    let chevron = if unfolded { "M4 10l4-4 4 4" } else { "M4 6l4 4 4-4" };
    let icon = drawn("svg")
        .set("class", "icon")
        .set("width", 12)
        .set("height", 12)
        .set("viewBox", "0 0 16 16")
        .set("aria-hidden", true)
        .with(drawn("path").set("d", chevron));
    drawn("button")
        .set("class", "badge")
        .set("type", "button")
        .set("data-fold", stack.id)
        .set("data-kind", stack.kind.word())
        .set("data-testid", format!("unfold-{}", stack.id))
        .set("aria-expanded", unfolded)
        .text(counted(stack.members.len(), "node"))
        .with(unseen(format!(" of {}", stack.title)))
        .with(icon)
}

/// The first nodes of a stack; the rest counted.
fn few(stack: &Stack) -> String {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).take(NAMED).collect();
    match stack.members.len().saturating_sub(NAMED) {
        0 => nodes.join(" "),
        more => format!("{} +{more}", nodes.join(" ")),
    }
}

fn legend() -> Drawing {
    let kinds = [
        (Kind::Ca, "CA"),
        (Kind::Server, "Server"),
        (Kind::Client, "Client"),
        (Kind::Peer, "Server and client"),
        (Kind::KeyPair, "Key pair"),
    ];
    let dot = |kind: Kind| drawn("i").set("class", "dot").set("data-kind", kind.word());
    let apart = drawn("li").set("class", "apart").with(drawn("i").set("class", "dash"));
    drawn("ul")
        .set("class", "legend")
        .set("aria-label", "Legend")
        .all(kinds.map(|(kind, text)| drawn("li").with(dot(kind)).text(text)))
        .with(apart.text("not signed here"))
        .with(drawn("li").text("stack = one each per node, different keys"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{parse, preset::Preset};

    fn plan() -> Plan {
        crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap())
    }

    fn count(markup: &str, part: &str) -> usize {
        markup.matches(part).count()
    }

    #[test]
    fn every_issuer_and_stack_has_a_card_and_an_unfolded_stack_one_for_each_node() {
        let plan = plan();
        let folded = page(&plan, "", &[]).to_markup();
        let picture = hierarchy(&plan);
        let stacks = picture.domains.iter().map(|one| one.stacks.len()).sum::<usize>() + picture.outside.len();
        assert_eq!(count(&folded, "class=\"card"), picture.domains.len() + stacks);
        assert_eq!(count(&folded, "tabindex=\"0\""), 1, "the tab key stops once");
        let unfolded = page(&plan, "", &["etcd-peer"]).to_markup();
        assert_eq!(count(&unfolded, "class=\"card"), picture.domains.len() + stacks + 2);
        assert!(unfolded.contains("data-testid=\"cert-etcd-peer@cp-3\""));
    }

    #[test]
    fn what_is_selected_is_pressed_and_what_has_to_do_with_it_is_marked() {
        let plan = plan();
        let markup = page(&plan, "cert:etcd-ca@cluster", &[]).to_markup();
        assert_eq!((count(&markup, "aria-pressed=\"true\""), count(&markup, "tabindex=\"0\"")), (1, 1));
        let row = |key: &str| markup.split("<button").find(|part| part.contains(&format!("\"cert-{key}\""))).unwrap();
        assert!(row("etcd-peer@cp-1").contains("data-related"));
        assert!(!row("apiserver@cp-1").contains("data-related"));
        // A selection inside a folded stack has no card: the tab key must stop somewhere all the same.
        assert_eq!(count(&page(&plan, "cert:etcd-peer@cp-2", &[]).to_markup(), "tabindex=\"0\""), 1);
    }
}
