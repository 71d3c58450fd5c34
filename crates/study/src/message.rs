//! What a line of a log means, or words of one: what is explained of it, and the lines that components were recorded with,
//! each leading to the connection on which it arose.

use kubepki_core::catalog::connections::named;
use kubepki_core::catalog::messages::{Arose, Explanation, explain};
use kubepki_core::plan::Plan;
use kubepki_core::view::drawing::{Drawing, capital, caps, drawn, leads_to, paragraph};
use kubepki_core::view::{ViewId, address, connections};
use kubepki_rehearsal::atlas::{Found, find, seen_in_words, version};
use kubepki_rehearsal::fault::fault;

use crate::markdown::commands;

/// Characters of the text that are repeated.
const MOST_SHOWN: usize = 600;
/// Recorded lines that are shown, and faults of each that are named.
const MOST_LINES: usize = 12;
const MOST_FAULTS: usize = 6;

/// The sheet of a text.
pub(crate) fn sheet(plan: &Plan, text: &str) -> Vec<Drawing> {
    let mut out = vec![drawn("h2").text("What this message means"), log(&cut(text, MOST_SHOWN))];
    let explained = explain(text);
    let found = find(text, &explained);
    if explained.is_empty() && found.is_empty() {
        out.push(paragraph(
            "No message about certificates is recognised in these words, and no recorded line has them all. Paste the whole line of the log, or fewer words of it.",
        ));
        return out;
    }
    out.extend(explained.iter().flat_map(|one| explanation(plan, one)));
    out.extend(recorded(plan, &found));
    out
}

/// One explanation: where it arose, what it means, what may have brought it about, and what would tell.
fn explanation(plan: &Plan, explanation: &Explanation) -> Vec<Drawing> {
    let Explanation { row, arose } = explanation;
    let mut out = vec![caps(&row.title())];
    for Arose { connection, who, .. } in arose {
        let words = drawn("p").set("class", "said").set("data-testid", "arose");
        out.push(match connection {
            Some(id) => words.with(way(plan, id, "")).text(format!(": {who}")),
            None => words.text(who),
        });
    }
    out.push(paragraph(row.means));
    if !row.causes.is_empty() {
        out.push(paragraph("Likely causes, likeliest first:"));
        let causes = row.causes.iter().map(|cause| drawn("li").text(*cause));
        out.push(drawn("ol").set("class", "order").all(causes));
    }
    let tell = explanation.commands();
    if !tell.is_empty() {
        out.push(paragraph("What tells them apart:"));
        out.push(commands(&tell.join("\n")));
    }
    out.extend(seen_in_words(row).map(|seen| drawn("p").set("class", "muted").text(format!("{seen}."))));
    out
}

/// What was recorded, line by line.
fn recorded(plan: &Plan, found: &[Found]) -> Vec<Drawing> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut out = vec![caps("As components were recorded with it")];
    for one in found.iter().take(MOST_LINES) {
        let Found { connection, component, faults, .. } = one;
        let who = drawn("p")
            .set("class", "said")
            .with(drawn("b").text(format!("{component} {}", version(component))))
            .text(format!("{}, on ", one.from_verbosity()));
        let mut part = drawn("section")
            .set("data-testid", "recorded")
            .with(who.with(way(plan, connection, "")))
            .with(log(&one.shown()));
        let under = faults.iter().take(MOST_FAULTS).filter_map(|id| Some((*id, fault(id)?)));
        let under = under.map(|(id, fault)| {
            drawn("li").set("class", "said").with(titled(plan, connection, id, &capital(&fault.title())))
        });
        part = part.with(paragraph("Under:")).with(drawn("ul").set("class", "plain").all(under));
        let more = faults.len().saturating_sub(MOST_FAULTS);
        if more > 0 {
            part = part.with(drawn("p").set("class", "muted").text(format!("and {more} more")));
        }
        out.push(part);
    }
    let more = found.len().saturating_sub(MOST_LINES);
    if more > 0 {
        out.push(drawn("p").set("class", "muted").text(format!("And {more} more.")));
    }
    out
}

/// What leads to a connection, as it is or under a fault, where the design has it; otherwise its name alone.
fn way(plan: &Plan, id: &str, fault: &str) -> Drawing {
    titled(plan, id, fault, &named(id))
}

fn titled(plan: &Plan, id: &str, fault: &str, label: &str) -> Drawing {
    if connections::sheet(plan, id).is_empty() {
        return drawn("span").text(label);
    }
    let fault = if fault.is_empty() { String::new() } else { format!("?fault={fault}") };
    leads_to(address::write(None, ViewId::Connections, &format!("connection:{id}{fault}"), ""), label)
}

fn log(line: &str) -> Drawing {
    drawn("pre").set("class", "log").set("tabindex", "0").set("aria-label", "A line of a log").text(line)
}

/// The beginning of a text, and whether it goes on.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
