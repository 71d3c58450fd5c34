//! Signed by → certificate → held by, as a drawing.

use super::{Canvas, Look};
use crate::catalog::row::Kind;
use crate::plan::Plan;
use crate::view::drawing::{Drawing, drawn, icon, unseen};
use crate::view::hierarchy::{Domain, Member, Stack, hierarchy};
use crate::view::text::counted;
use crate::view::{Pager, Selection};

/// Height of a row, in pixels: the style sheet's `--row`.
const ROW: usize = 48;
/// Width of the room for edges, in pixels: the style sheet's `--edges`.
const EDGES: usize = 60;
/// Most nodes that are named beside a folded stack.
const NAMED: usize = 6;
/// Who signs what is not signed here.
const NOBODY: &str = "nobody here";

/// The view. The badge of a stack carries its id in `data-fold`; see also [`Pager`].
pub fn page(plan: &Plan, look: &Look<'_>) -> Drawing {
    let picture = hierarchy(plan);
    let sheet = Sheet { canvas: Canvas::new(plan, look.selection), look };
    // Bare key pairs sign nothing: the room beside them is for what nobody here signs.
    let bare = |domain: &Domain| domain.stacks.is_empty() && domain.issuer.kind == Kind::KeyPair;
    let alone = picture.domains.iter().rposition(bare);
    let all = || picture.domains.iter().flat_map(|domain| &domain.stacks).chain(&picture.outside);
    let at_issuer = picture.domains.iter().any(|one| sheet.is_selected(Selection::Cert(one.issuer.cert)));
    let at = |stack: &Stack| sheet.members(stack).iter().any(|one| sheet.is_selected(selection(stack, one)));
    let walked = at_issuer || all().any(at);
    let mut ground = sheet.canvas.ground("hierarchy").with(heads());
    for (index, domain) in picture.domains.iter().enumerate() {
        let beside: &[Stack] = if Some(index) == alone { &picture.outside } else { &[] };
        ground = ground.with(sheet.domain(domain, beside, index == 0 && !walked));
    }
    if alone.is_none() && !picture.outside.is_empty() {
        let rows = picture.outside.iter().flat_map(|stack| sheet.rows(stack, NOBODY));
        let empty = ["issuer", "room"].map(|class| drawn("div").set("class", class));
        let rows = drawn("div").set("class", "rows").all(rows);
        ground = ground.with(drawn("div").set("class", "domain").set("data-group", "true").all(empty).with(rows));
    }
    ground.with(legend())
}

fn heads() -> Drawing {
    let heads = ["Signed by", "Certificate", "Held by"].map(|head| drawn("span").text(head));
    drawn("p").set("class", "columns").set("aria-hidden", "true").all(heads)
}

fn selection(stack: &Stack, member: &Member) -> Selection {
    match stack.unsigned {
        Some(_) => Selection::Unsigned(member.index),
        None => Selection::Cert(member.index),
    }
}

struct Sheet<'a> {
    canvas: Canvas<'a>,
    look: &'a Look<'a>,
}

impl Sheet<'_> {
    fn is_selected(&self, one: Selection) -> bool {
        self.canvas.selection == Some(one)
    }

    /// A CA or key pair with what it signs; beside one that signs nothing, what is not signed here.
    fn domain(&self, domain: &Domain, beside: &[Stack], stop: bool) -> Drawing {
        let card = &domain.issuer;
        let one = Selection::Cert(card.cert);
        let issuer = self
            .canvas
            .thing("card", one, "issuer", stop || self.is_selected(one), self.canvas.related.has(one))
            .set("data-kind", card.kind.word())
            .set("data-testid", ["cert-", &card.key].concat())
            .with(drawn("span").set("class", "title").text(&card.title))
            .with(drawn("span").set("class", "detail").text([card.file.as_str(), " · ", &card.place].concat()))
            .with(unseen([", ", card.kind.words(), "; trusted by ", &card.trusted_by].concat()));
        let own = domain.stacks.iter().flat_map(|stack| self.rows(stack, &card.title));
        let rows = own.chain(beside.iter().flat_map(|stack| self.rows(stack, NOBODY)));
        let room = if domain.stacks.is_empty() { drawn("div").set("class", "room") } else { self.edges(domain) };
        drawn("section")
            .set("class", "domain")
            .set("data-group", "true")
            .set("aria-label", &card.title)
            .with(drawn("div").set("class", "issuer").with(issuer))
            .with(room)
            .with(drawn("div").set("class", "rows").all(rows))
    }

    fn is_unfolded(&self, stack: &Stack) -> bool {
        stack.members.len() > 1 && (self.look.unfolded)(stack.id)
    }

    /// The page of an unfolded stack.
    fn turned(&self, stack: &Stack) -> usize {
        let pager = Pager::Stack(stack.id);
        let at = || stack.members.iter().position(|one| self.is_selected(selection(stack, one)));
        (self.look.turned)(pager).or_else(|| at().map(|place| pager.page_of(place))).unwrap_or_default()
    }

    /// The members of a stack that have a row of their own.
    fn members<'s>(&self, stack: &'s Stack) -> &'s [Member] {
        if self.is_unfolded(stack) {
            &stack.members[Pager::Stack(stack.id).slice(self.turned(stack), stack.members.len())]
        } else {
            &stack.members[..1]
        }
    }

    /// How many rows a stack takes: a pager takes one.
    fn height(&self, stack: &Stack) -> usize {
        let paged = self.is_unfolded(stack) && stack.members.len() > Pager::Stack(stack.id).per_page();
        self.members(stack).len() + usize::from(paged)
    }

    /// Whether a folded stack, or a member of an unfolded one, has to do with what is selected.
    fn is_related(&self, stack: &Stack, member: &Member) -> bool {
        let all = if self.is_unfolded(stack) { std::slice::from_ref(member) } else { &stack.members[..] };
        all.iter().any(|one| self.canvas.related.has(selection(stack, one)))
    }

    /// Lines from an issuer to each row, in the issuer's colour; those of what is selected are heavier.
    fn edges(&self, domain: &Domain) -> Drawing {
        let total: usize = domain.stacks.iter().map(|stack| self.height(stack)).sum();
        let (middle, near) = ((total * ROW / 2).to_string(), (EDGES / 2).to_string());
        let (far, size) = (EDGES.to_string(), (total * ROW).to_string());
        let mut row = 0;
        let mut paths = Vec::new();
        for stack in &domain.stacks {
            for (index, member) in self.members(stack).iter().enumerate() {
                let y = ((row + index) * ROW + ROW / 2).to_string();
                let line = ["M9 ", &middle, "C", &near, " ", &middle, " ", &near, " ", &y, " ", &far, " ", &y];
                let path = drawn("path")
                    .set("class", if stack.unsigned.is_some() { "edge dashed" } else { "edge" })
                    .set("d", line.concat());
                paths.push(path.mark("data-related", self.is_related(stack, member)));
            }
            row += self.height(stack);
        }
        // A ring inside and no check mark: nothing is verified before it is issued.
        let inside = match self.look.verified {
            true => drawn("path").set("d", "M-3.5 0-1 2.7 3.7-2.7"),
            false => drawn("circle").set("r", "3"),
        };
        let seal = drawn("g")
            .set("class", "seal")
            .set("transform", ["translate(0 ", &middle, ")"].concat())
            .mark("data-related", self.canvas.related.has(Selection::Cert(domain.issuer.cert)))
            .with(drawn("circle").set("r", "8.5"))
            .with(inside);
        drawn("svg")
            .set("class", "edges")
            .set("viewBox", ["0 0 ", &far, " ", &size].concat())
            .set("width", far)
            .set("height", size)
            .set("aria-hidden", "true")
            .all(paths)
            .with(seal)
    }

    fn rows(&self, stack: &Stack, issuer: &str) -> Vec<Drawing> {
        let members = self.members(stack).iter().enumerate();
        let mut rows: Vec<Drawing> = members.map(|(index, member)| self.row(stack, member, index, issuer)).collect();
        if self.is_unfolded(stack) {
            rows.extend(Pager::Stack(stack.id).drawn(self.turned(stack), stack.members.len(), "siblings"));
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
        let signed = if dashed { ", not signed here; held by " } else { "; held by " };
        let told = [", ", stack.kind.words(), " signed by ", issuer, signed, &stack.holders, " on ", &nodes].concat();
        let one = selection(stack, member);
        let related = self.is_related(stack, member);
        let card = self
            .canvas
            .thing(&class, one, "leaf", self.is_selected(one), related)
            .set("data-kind", stack.kind.word())
            .set("data-testid", [if dashed { "unsigned-" } else { "cert-" }, &member.key].concat())
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
            .set("aria-hidden", "true")
            .with(drawn("b").text(&stack.holders))
            .with(drawn("span").text(nodes));
        drawn("div").set("class", "row").mark("data-related", related).with(cell).with(held)
    }
}

/// The badge of a stack, which folds and unfolds it.
fn fold(stack: &Stack, unfolded: bool) -> Drawing {
    drawn("button")
        .set("class", "badge")
        .set("type", "button")
        .set("data-fold", stack.id)
        .set("data-kind", stack.kind.word())
        .set("data-testid", ["unfold-", stack.id].concat())
        .set("aria-expanded", unfolded)
        .text(counted(stack.members.len(), "node"))
        .with(unseen([" of ", &stack.title].concat()))
        .with(icon(if unfolded { "M3.5 10 8 5.5l4.5 4.5" } else { "M3.5 6 8 10.5 12.5 6" }))
}

/// The first nodes of a stack; the rest counted.
fn few(stack: &Stack) -> String {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).take(NAMED).collect();
    match stack.members.len().saturating_sub(NAMED) {
        0 => nodes.join(" "),
        more => [nodes.join(" ").as_str(), " +", &more.to_string()].concat(),
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
    use crate::spec::{NodeDraft, parse, preset::Preset};

    fn plan() -> Plan {
        crate::plan::plan(&parse(&Preset::named("ha-stacked").unwrap().draft()).0.unwrap())
    }

    fn count(markup: &str, part: &str) -> usize {
        markup.matches(part).count()
    }

    fn drawn(plan: &Plan, selected: &str, unfolded: &[&str], turned: usize) -> String {
        let (unfolded, turned) = (|id: &str| unfolded.contains(&id), |_| (turned > 0).then_some(turned));
        let selection = Selection::from_text(plan, selected);
        page(plan, &Look { selection, unfolded: &unfolded, turned: &turned, verified: false }).to_markup()
    }

    #[test]
    fn every_issuer_and_stack_has_a_card_and_an_unfolded_stack_one_for_each_node() {
        let plan = plan();
        let folded = drawn(&plan, "", &[], 0);
        let picture = hierarchy(&plan);
        let stacks = picture.domains.iter().map(|one| one.stacks.len()).sum::<usize>() + picture.outside.len();
        assert_eq!(count(&folded, "class=\"card"), picture.domains.len() + stacks);
        assert_eq!(count(&folded, "tabindex=\"0\""), 1, "the tab key stops once");
        let unfolded = drawn(&plan, "", &["etcd-peer"], 0);
        assert_eq!(count(&unfolded, "class=\"card"), picture.domains.len() + stacks + 2);
        assert!(unfolded.contains("data-testid=\"cert-etcd-peer@cp-3\""));
    }

    #[test]
    fn what_is_selected_is_pressed_and_what_has_to_do_with_it_is_marked() {
        let plan = plan();
        let markup = drawn(&plan, "cert:etcd-ca@cluster", &[], 0);
        assert_eq!((count(&markup, "aria-pressed=\"true\""), count(&markup, "tabindex=\"0\"")), (1, 1));
        let row = |key: &str| markup.split("<button").find(|part| part.contains(&format!("\"cert-{key}\""))).unwrap();
        assert!(row("etcd-peer@cp-1").contains("data-related"));
        assert!(!row("apiserver@cp-1").contains("data-related"));
        // A selection inside a folded stack has no card: the tab key must stop somewhere all the same.
        assert_eq!(count(&drawn(&plan, "cert:etcd-peer@cp-2", &[], 0), "tabindex=\"0\""), 1);
    }

    #[test]
    fn a_long_stack_comes_in_pages_and_shows_the_one_with_what_is_selected() {
        let mut draft = Preset::named("single").unwrap().draft();
        draft.nodes.extend((1..=120).map(|index| NodeDraft {
            name: format!("w-{index}"),
            addresses: vec![format!("10.1.0.{index}")],
            roles: vec!["worker".to_owned()],
        }));
        let plan = crate::plan::plan(&parse(&draft).0.unwrap());
        let picture = hierarchy(&plan);
        let mut stacks = picture.domains.iter().flat_map(|one| &one.stacks).chain(&picture.outside);
        let stack = stacks.find(|one| one.members.len() == 121).expect("one of every node's kubelet");
        let id = stack.id;
        let first = drawn(&plan, "", &[id], 0);
        assert!(first.contains("1–50 of 121"), "{first}");
        assert!(drawn(&plan, "", &[id], 2).contains("101–121 of 121"));
        let last = selection(stack, &stack.members[120]).to_text(&plan).expect("a name");
        assert!(drawn(&plan, &last, &[id], 0).contains("101–121 of 121"));
    }
}
