//! The sheet of a connection: what is told about it, how its handshake goes, and what can be done with it.

use kubepki_core::catalog::connections::told;
use kubepki_core::catalog::hardening::ALTERNATIVES;
use kubepki_core::plan::Plan;
use kubepki_core::view::by_hand::recipes;
use kubepki_core::view::drawing::{Drawing, caps, drawn, leads_to, paragraph, recipe, table};
use kubepki_core::view::{ViewId, address, connections};

use crate::chosen::Chosen;
use crate::faults;
use crate::handshake::{self, Tried};
use crate::hardening;
use crate::sample::Sample;
use crate::study::Asked;

/// The sheet of the chosen connection; nothing where it is none of this design's.
pub(crate) fn connection(
    asked: &Asked<'_>,
    plan: &Plan,
    sample: &Sample,
    chosen: &Chosen,
    tried: &Result<Tried, String>,
    held: &[faults::Call],
    attacker: Vec<Drawing>,
) -> Vec<Drawing> {
    let mut sheet = connections::sheet(plan, &chosen.connection);
    let Some(told) = told(&chosen.connection).filter(|_| !sheet.is_empty()) else { return sheet };
    // The source stands last.
    let source = sheet.pop();
    match tried {
        Ok(tried) => {
            let more = tried_out(asked, plan, sample, chosen, held, tried);
            sheet.splice(2..2, more);
        }
        Err(why) => sheet.push(paragraph(why.as_str())),
    }
    sheet.extend(attacker);
    let sound = Chosen { faults: Vec::new(), ..chosen.clone() };
    sheet.extend(hardening::of(told, asked, plan, &sound.to_string()));
    if told.id == "kubectl->kube-apiserver" {
        sheet.extend(alternatives());
    }
    sheet.extend(source);
    sheet
}

/// What is told of a certificate beside what the page tells: how to make it by hand.
pub(crate) fn certificate(plan: &Plan, cert: usize) -> Vec<Drawing> {
    let title = |tool: &str| format!("Make it yourself with {tool}");
    recipes(plan, cert).into_iter().map(|one| recipe(&title(one.tool), one.text)).collect()
}

/// What was tried: the steps in a line each, what is printed, faults and their mends, and the other connections.
fn tried_out(
    asked: &Asked<'_>,
    plan: &Plan,
    sample: &Sample,
    chosen: &Chosen,
    held: &[faults::Call],
    tried: &Tried,
) -> Vec<Drawing> {
    let mut out = Vec::new();
    // In a lab that is for the learner to find out. It stands above all that a fault changes, so that it stays where it is
    // while one is put in after the other.
    if !chosen.hidden {
        out.extend(faults::chips(chosen));
    }
    if asked.view == ViewId::Connections {
        out.push(caps("Handshake"));
        out.push(handshake::short(&tried.steps));
        out.push(drawn("p").with(leads_to(
            address::write(None, ViewId::Handshake, &chosen.to_string(), ""),
            "Step by step, with what is compared",
        )));
        out.push(handshake::time(sample, chosen));
        out.extend(handshake::said(&tried.handshake));
    }
    if !chosen.hidden {
        out.extend(faults::mends(plan, chosen));
        out.extend(faults::others(&plan.spec.nodes, held, chosen));
    }
    out.push(drawn("p").set("class", "muted").set("data-testid", "tried-on").text(match sample.is_own() {
        true => "Tried on the certificates that you generated. The keys stayed where they are: their public halves were enough.",
        false => "Tried on a sample with P-256 keys, made in this tab from the same design. Your own PKI is never changed.",
    }));
    out
}

fn alternatives() -> Vec<Drawing> {
    let text = |text: &str| drawn("span").text(text);
    let rows = ALTERNATIVES.iter().map(|row| vec![drawn("b").text(row.name), text(row.needs), text(row.when)]);
    vec![caps("Other ways for people to prove who they are"), table(&["Way", "It needs", "When"], rows)]
}
