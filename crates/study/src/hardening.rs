//! What kubeadm leaves open, and what closes it: for one connection, and for all as a switch of the connections view.

use kubepki_core::catalog::connections::{Told, told};
use kubepki_core::catalog::hardening::{HARDENING, HardeningRow};
use kubepki_core::plan::{self, Plan};
use kubepki_core::spec::{ClusterSpec, Draft, Field, KubeletServing, Start, link, parse};
use kubepki_core::view::connections::{Edge, connections};
use kubepki_core::view::drawing::{Drawing, caps, chip, choose, drawn, paragraph, selecting};
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
    for row in HARDENING {
        let closes = row.connections.iter().filter_map(|id| told(id)).filter(|told| (told.applies)(&plan.spec));
        let closes: Vec<Drawing> = closes
            .map(|told| {
                let label = format!("{} → {}", told.caller, told.server);
                drawn("li").with(choose(format!("connection:{}", told.id), label))
            })
            .collect();
        if closes.is_empty() {
            continue;
        }
        out.push(drawn("ul").set("class", "links").all(closes));
        out.extend(option(row, asked, HARDENED));
    }
    out
}

/// What closes one connection.
pub(crate) fn of(told: &Told, asked: &Asked<'_>, selected: &str) -> Vec<Drawing> {
    let rows: Vec<&HardeningRow> = HARDENING.iter().filter(|row| row.connections.contains(&told.id)).collect();
    let title = (!rows.is_empty()).then(|| caps("Harden it"));
    title.into_iter().chain(rows.into_iter().flat_map(|row| option(row, asked, selected))).collect()
}

/// One option: what it does, what must be true first, what it adds, and the button that sets it.
fn option(row: &HardeningRow, asked: &Asked<'_>, selected: &str) -> Vec<Drawing> {
    let mut out = vec![
        drawn("p").with(drawn("b").text(row.title)),
        drawn("ol")
            .set("class", "order")
            .set("aria-label", "What must be true first")
            .all(row.first.iter().map(|first| drawn("li").text(*first))),
        drawn("p").set("class", "flags").all(row.flags.iter().map(|flag| drawn("code").text(*flag))),
    ];
    if let Some(to) = address_with(row, asked, selected) {
        let button = drawn("button").set("class", "small").set("type", "button").set("data-go", to);
        out.push(drawn("p").with(button.text("Set this in my design")));
    } else if !row.set.is_empty() {
        out.push(paragraph("This design has it so."));
    }
    out
}

/// The address of the design with an option set; nothing where it has it, or would have errors.
fn address_with(row: &HardeningRow, asked: &Asked<'_>, selected: &str) -> Option<String> {
    let before = link::decode(asked.design).ok()?;
    let mut draft = before.clone();
    set(&mut draft, row);
    if draft == before || parse(&draft).0.is_none() {
        return None;
    }
    let view = if selected == HARDENED { ViewId::Connections } else { asked.view };
    Some(address::write(Some(&link::to_link(&draft).ok()?), view, selected, ""))
}
