//! What kubeadm leaves open, and what closes it: for one connection, and for all as a switch of the connections view.

use kubepki_core::catalog::connections::{Told, told};
use kubepki_core::catalog::hardening::{HARDENING, HardeningRow, offered};
use kubepki_core::catalog::labs::preset_of;
use kubepki_core::catalog::own;
use kubepki_core::plan::{self, FlagValue, Plan};
use kubepki_core::spec::field::words;
use kubepki_core::spec::{ClusterSpec, Draft, Field, FieldKind, KubeletServing, Start, link, parse};
use kubepki_core::view::connections::{Edge, connections};
use kubepki_core::view::drawing::{Drawing, capital, caps, chip, choose, drawn, paragraph, selecting};
use kubepki_core::view::selection::HARDENED;
use kubepki_core::view::{ViewId, address};

use crate::study::Asked;

/// The design with every option set that closes edges; as it is where that would have errors.
pub fn hardened(draft: &Draft, spec: &ClusterSpec) -> ClusterSpec {
    let mut draft = draft.clone();
    HARDENING.iter().for_each(|row| set(&mut draft, row));
    parse(&draft).0.unwrap_or_else(|| spec.clone())
}

fn set(draft: &mut Draft, row: &HardeningRow) {
    row.set.iter().for_each(|(field, word): &(Field, &str)| draft.set_text(*field, *word));
}

/// The switch between the design and what it would be.
pub(crate) fn switch(plan: &Plan, on: bool) -> Vec<Drawing> {
    let is_default = plan.spec.start == Start::Kubeadm && plan.spec.kubelet_serving == KubeletServing::SelfSigned;
    let own = if is_default { "kubeadm default" } else { "This design" };
    vec![
        chip(selecting(""), "", own, !on).set("data-testid", "as-designed"),
        chip(selecting(HARDENED), HARDENED, "Hardened", on).set("data-testid", "as-hardened"),
    ]
}

/// The hardened picture's plan, and what is said above it.
pub(crate) fn picture(draft: &Draft, plan: &Plan) -> (Plan, Drawing) {
    let hardened = plan::unchecked(&hardened(draft, &plan.spec));
    let edges = connections(&hardened).1;
    let open = |edges: &[Edge]| edges.iter().filter(|edge| edge.is_open()).count();
    let words = format!(
        "As it would be with all options beside: {} of {} connections lack a check, {} in your design, which is not changed.",
        open(&edges),
        edges.len(),
        open(&connections(plan).1)
    );
    (hardened, drawn("p").set("class", "verdict none").set("data-testid", "hardened-sum").text(words))
}

/// Every option, with the connections that it closes: the sheet beside the hardened picture.
pub(crate) fn sheet(asked: &Asked<'_>, plan: &Plan) -> Vec<Drawing> {
    let mut out = vec![drawn("h2").text("What closes the open ones")];
    for row in offered(plan.spec.start) {
        let closes = row.connections.iter().filter_map(|id| told(id)).filter(|told| (told.applies)(&plan.spec));
        let closes: Vec<Drawing> =
            closes.map(|told| drawn("li").with(choose(format!("connection:{}", told.id), told.name()))).collect();
        if closes.is_empty() {
            continue;
        }
        out.push(drawn("ul").set("class", "links").all(closes));
        out.extend(option(row, asked, plan, HARDENED));
    }
    out
}

/// What closes one connection.
pub(crate) fn of(told: &Told, asked: &Asked<'_>, plan: &Plan, selected: &str) -> Vec<Drawing> {
    let rows: Vec<&HardeningRow> = offered(plan.spec.start).filter(|row| row.connections.contains(&told.id)).collect();
    let title = (!rows.is_empty()).then(|| caps("Harden it"));
    title.into_iter().chain(rows.into_iter().flat_map(|row| option(row, asked, plan, selected))).collect()
}

/// One option: what it does, what must be true first, what it adds, and the button that sets it, or how it stands.
fn option(row: &HardeningRow, asked: &Asked<'_>, plan: &Plan, selected: &str) -> Vec<Drawing> {
    let mut out = vec![
        drawn("p").with(drawn("b").text(row.title)),
        drawn("ol")
            .set("class", "order")
            .set("aria-label", "What must be true first")
            .all(row.first.iter().map(|first| drawn("li").text(*first))),
        drawn("p").set("class", "flags").all(row.flags.iter().map(|flag| drawn("code").text(*flag))),
    ];
    // A lab's cluster is not the user's design, which a button here would replace.
    if preset_of(asked.guide).is_some() {
        return out;
    }
    let standing = standing(row, plan);
    if let Some((to, changes)) = change(row, asked, selected) {
        let button = drawn("button").set("class", "small").set("type", "button").set("data-go", to);
        out.push(drawn("p").with(button.text(format!("Set this (changes: {changes})"))));
    } else if !row.set.is_empty() && standing.missing.is_empty() && standing.own.is_empty() {
        out.push(paragraph("This design has it so."));
    } else if !row.set.is_empty() && !standing.missing.is_empty() {
        out.push(paragraph(format!("Still yours to do: {}.", standing.missing.join(", "))));
    }
    out.extend(standing.own.iter().map(|entry| paragraph(capital(&format!("{}.", own::sentence(entry))))));
    out
}

/// How a plan stands to what an option adds.
struct Standing {
    /// Flags and fields that it does not have.
    missing: Vec<&'static str>,
    /// Those that the user's own kubeadm file sets, as that file's settings are written.
    own: Vec<String>,
}

fn standing(row: &HardeningRow, plan: &Plan) -> Standing {
    let mut standing = Standing { missing: Vec::new(), own: Vec::new() };
    for text in row.flags {
        let (component, flag) = text.split_once(' ').unwrap_or_default();
        let name = flag.trim_start_matches("--").split(['=', ':']).next().unwrap_or_default();
        if let Some(entry) = own::decided(&plan.spec, component, name) {
            standing.own.push(entry.to_owned());
            continue;
        }
        let mut all =
            plan.flags.iter().filter(|flag| flag.row.component == component && flag.row.name == name).peekable();
        if all.peek().is_none() || all.any(|flag| flag.value == FlagValue::NotSet) {
            standing.missing.push(text);
        }
    }
    standing
}

/// The address of the design with an option set, and what that changes, in words; nothing where it changes nothing, or
/// would have errors.
fn change(row: &HardeningRow, asked: &Asked<'_>, selected: &str) -> Option<(String, String)> {
    let before = link::decode(asked.design).ok()?;
    let mut draft = before.clone();
    set(&mut draft, row);
    if draft == before || parse(&draft).0.is_none() {
        return None;
    }
    let changed = row.set.iter().filter(|(field, word)| before.text(*field) != *word);
    let said = changed.map(|(field, word)| {
        let row = field.row();
        let known = |text: &str| match row.kind {
            FieldKind::Choice(all) => all.iter().copied().find(|one| *one == text).map(words),
            FieldKind::Text | FieldKind::Port | FieldKind::List | FieldKind::ChoiceList(_) => None,
        };
        format!("{} → {}", row.label, known(word).unwrap_or(word))
    });
    let said = said.collect::<Vec<_>>().join(", ");
    let view = if selected == HARDENED { ViewId::Connections } else { asked.view };
    Some((address::write(Some(&link::to_link(&draft).ok()?), view, selected, ""), said))
}
