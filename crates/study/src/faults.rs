//! Break it: the faults that a connection can have, what they do to all others, and how each is mended.

use kubepki_core::catalog::{cert, connections::CONNECTIONS};
use kubepki_core::plan::Plan;
use kubepki_core::spec::Node;
use kubepki_core::view::by_hand::recipes;
use kubepki_core::view::drawing::{Drawing, capital, caps, chip, choose, drawn, paragraph, recipe};
use kubepki_rehearsal::fault::{Fault, Mend, faults};
use kubepki_rehearsal::{Dial, Handshake, dials};

use crate::chosen::Chosen;
use crate::handshake::holds;
use crate::sample::Sample;

/// The faults of a connection as switches, folded by what they befall.
pub fn chips(chosen: &Chosen) -> Vec<Drawing> {
    let all: Vec<Fault> =
        faults().into_iter().filter(|fault| fault.connections().contains(&&*chosen.connection)).collect();
    let mut targets: Vec<&str> = Vec::new();
    for fault in &all {
        if !targets.contains(&fault.target) {
            targets.push(fault.target);
        }
    }
    let is_in = |fault: &Fault| chosen.faults.iter().any(|one| one.id() == fault.id());
    let chip = |fault: &Fault| {
        let label = fault.kind.id.replace('-', " ");
        chip("data-choose", chosen.with_fault(*fault), label, is_in(fault))
            .set("title", capital(&fault.title()))
            .set("data-testid", format!("fault-{}", fault.id()))
    };
    let groups = targets.into_iter().map(|target| {
        let own: Vec<&Fault> = all.iter().filter(|fault| fault.target == target).collect();
        let title = cert(target).map_or(target, |row| row.title);
        let fold = drawn("details").set("class", "chips-of");
        let fold = if own.iter().any(|fault| is_in(fault)) { fold.set("open", "") } else { fold };
        fold.with(drawn("summary").text(title)).with(drawn("p").set("class", "chips").all(own.into_iter().map(chip)))
    });
    let mut out = vec![
        caps("Break it"),
        paragraph(
            "Choose what is wrong. The certificate is really issued with the fault, in a sample, and really verified.",
        ),
    ];
    out.extend(groups);
    // What was put in at another connection stays in, and can be taken out here.
    let elsewhere = chosen.faults.iter().filter(|fault| !all.iter().any(|one| one.id() == fault.id()));
    out.extend(elsewhere.map(|fault| drawn("p").set("class", "chips").with(chip(fault))));
    out
}

/// What is wrong now, and how each is mended.
pub fn mends(plan: &Plan, chosen: &Chosen) -> Vec<Drawing> {
    let mut out = Vec::new();
    for fault in &chosen.faults {
        out.push(caps("What is wrong"));
        out.push(paragraph(format!("{}.", fault.title())));
        out.push(paragraph(fault.change()));
        out.push(caps("How to mend it"));
        out.push(paragraph(in_design(fault.kind.mend)));
        out.push(recipe("With kubeadm", fault.kind.mend.steps(fault.target).join("\n")));
        let index = plan.certs.iter().position(|cert| cert.row.id == fault.target);
        let by_openssl = matches!(fault.kind.mend, Mend::Renew | Mend::Again | Mend::Authority | Mend::Kubeconfig);
        let by_openssl = index
            .filter(|_| by_openssl)
            .and_then(|index| recipes(plan, index).into_iter().find(|recipe| recipe.tool == "openssl"));
        out.extend(by_openssl.map(|one| recipe("With openssl", one.text)));
    }
    if !chosen.faults.is_empty() {
        let sound = Chosen { faults: Vec::new(), ..chosen.clone() };
        out.push(drawn("p").with(choose(sound, "Take all faults out")));
    }
    out
}

/// The mend as a change of the design.
fn in_design(mend: Mend) -> &'static str {
    match mend {
        Mend::Renew => {
            "The design is right: the certificate is only old. Issue it again, from the same design, and restart what read it when it started."
        }
        Mend::Again => {
            "The design has it right: issue the pair again from it. Renewing does not help, for it copies what the old certificate says."
        }
        Mend::Authority => {
            "The CA itself is wrong: a new PKI from the same design, rolled out so that everybody trusts both for a while."
        }
        Mend::Kubeconfig => "The design has it right: write the kubeconfig again from it.",
        Mend::Flags => "The design has the flags right: take its manifests.",
        Mend::TokenKey => {
            "The design gives every control plane the same pair sa.key and sa.pub: copy both to all of them."
        }
        Mend::Restart => "Nothing in the design changes: the process must read its files again.",
    }
}

/// One connection that was tried.
pub struct Call {
    /// Who dialled whom.
    pub dial: Dial,
    /// What came of it.
    pub handshake: Handshake,
}

impl Call {
    /// Whether both sides are content.
    pub fn holds(&self) -> bool {
        holds(&self.handshake)
    }
}

/// As many nodes are tried of each connection: those beyond hold what others hold.
const NODES: usize = 8;

/// Tries every connection from and to each node, the first of many. Of each connection the first call that fails comes
/// back, or the first where none does.
///
/// # Errors
/// A sentence.
pub fn all(sample: &mut Sample, days: i64) -> Result<Vec<Call>, String> {
    let nodes = sample.stage.plan.spec.nodes.len().min(NODES);
    let mut dialled: Vec<Dial> = Vec::new();
    for row in CONNECTIONS {
        for node in [None].into_iter().chain((0..nodes).map(Some)) {
            let Ok(dial) = dials(&sample.stage, row.id, node) else { continue };
            let same = |one: &Dial| one.row.id == row.id && (one.caller, one.server) == (dial.caller, dial.server);
            if !dialled.iter().any(same) {
                dialled.push(dial);
            }
        }
    }
    let results = sample.rehearse(&dialled, days)?;
    let mut tried: Vec<Call> = Vec::new();
    for one in dialled.into_iter().zip(results).map(|(dial, handshake)| Call { dial, handshake }) {
        match tried.iter_mut().find(|other| other.dial.row.id == one.dial.row.id) {
            Some(other) if other.holds() && !one.holds() => *other = one,
            Some(_) => {}
            None => tried.push(one),
        }
    }
    Ok(tried)
}

/// Which connections fail, and what still works.
pub fn others(nodes: &[Node], held: &[Call], chosen: &Chosen) -> Vec<Drawing> {
    let list = |title: &str, of: bool| {
        let them: Vec<&Call> = held.iter().filter(|one| one.holds() == of).collect();
        if them.is_empty() {
            return Vec::new();
        }
        let line = |one: &&Call| {
            let id = one.dial.row.id;
            drawn("li").with(choose(place(nodes, one, chosen), id.replace("->", " → ")))
        };
        vec![caps(title), drawn("ul").set("class", "edges").all(them.iter().map(line))]
    };
    [list("Fails", false), list("Still works", true)].concat()
}

/// The call that failed, to be looked at: from the node from which it was tried.
pub(crate) fn place(nodes: &[Node], one: &Call, chosen: &Chosen) -> Chosen {
    let node = if one.holds() { String::new() } else { nodes[one.dial.caller].name.clone() };
    Chosen { node, ..chosen.at(one.dial.row.id) }
}
