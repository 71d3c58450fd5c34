//! `kubepki explain`: what a component's error message means.

use std::io::{self, Read};

use kubepki_core::catalog::cert;
use kubepki_core::catalog::connections::{connection, named, told};
use kubepki_core::catalog::messages::{Arose, End, Explanation, MessageRow, explain};
use kubepki_core::plan::{self, Plan};
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{self, ClusterSpec};
use kubepki_rehearsal::atlas::{Found, Seen, find, seen, seen_in_words, version};
use kubepki_rehearsal::fault::{Fault, faults};
use kubepki_rehearsal::{Stage, dials};
use kubepki_study::Sample;
use serde::Serialize;

use crate::args::{Explain, ListFormat};
use crate::atlas::places;
use crate::failure::{Failure, why};
use crate::keys::entropy;
use crate::output::{print, print_json};

/// Bytes of a text that are read: more than any log of one failure.
const LONGEST: u64 = 1 << 20;
/// The designs that faults are shown on: the larger one where a single node does not have it, such as a name that is dialled.
const PRESETS: [&str; 2] = ["single", "ha-stacked"];

pub(crate) fn run(given: &Explain) -> Result<(), Failure> {
    let text = match given.message.is_empty() {
        false => given.message.join(" "),
        true => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().take(LONGEST).read_to_end(&mut bytes);
            read.map_err(|error| Failure::Undone(format!("standard input: {}", why(&error))))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let found = explain(&text);
    let recorded = find(&text, &found);
    if found.is_empty() && (recorded.is_empty() || given.format == ListFormat::Json) {
        let what = "error: no message about certificates is recognised in this text (paste the whole line of the log)";
        return Err(Failure::Input(vec![what.to_owned()]));
    }
    match given.format {
        ListFormat::Text => print(found.iter().flat_map(lines).chain(recorded_lines(&recorded))),
        ListFormat::Json => {
            let all: Vec<ExplanationJson> = found.iter().map(ExplanationJson::of).collect();
            let text = serde_json::to_string_pretty(&all).map_err(|error| Failure::Undone(error.to_string()))?;
            print_json(&(text + "\n"))
        }
    }
}

/// Recorded lines that are shown; words may be in many.
const MOST_RECORDED: usize = 6;

/// The lines that components were recorded with, and where.
fn recorded_lines(found: &[Found]) -> Vec<String> {
    let mut out = Vec::new();
    if !found.is_empty() {
        out.push("As components were recorded with it, varying parts in braces:".to_owned());
    }
    for one in found.iter().take(MOST_RECORDED) {
        let Found { connection, component, faults, .. } = one;
        let (at, on) = (one.from_verbosity(), named(connection));
        out.push(format!("  {component} {}{at}, on {on}, under {}", version(component), faults.join(", ")));
        out.push(format!("    {}", one.shown()));
    }
    let more = found.len().saturating_sub(MOST_RECORDED);
    if more > 0 {
        out.push(format!("  And {more} more. More words find fewer."));
    }
    out
}

/// An explanation as `explain --format json` prints it.
#[derive(Serialize)]
struct ExplanationJson {
    message: String,
    means: &'static str,
    causes: &'static [&'static str],
    arose: Vec<AroseJson>,
    commands: Vec<String>,
    /// The components that were recorded with it.
    seen: Vec<SeenJson>,
}

/// Where a message arose; null for a connection that the line does not tell.
#[derive(Serialize)]
struct AroseJson {
    connection: Option<&'static str>,
    who: String,
}

#[derive(Serialize)]
struct SeenJson {
    component: &'static str,
    version: &'static str,
}

impl ExplanationJson {
    fn of(explanation: &Explanation) -> Self {
        let Explanation { row, arose } = explanation;
        let arose = arose.iter().map(|one| AroseJson { connection: one.connection, who: one.who.clone() });
        let seen = seen(row).into_iter().map(|Seen { component, version }| SeenJson { component, version });
        Self {
            message: row.title(),
            means: row.means,
            causes: row.causes,
            arose: arose.collect(),
            commands: explanation.commands().into_iter().map(str::to_owned).collect(),
            seen: seen.collect(),
        }
    }
}

/// One explanation, line by line, with an empty line behind it.
pub(crate) fn lines(explanation: &Explanation) -> Vec<String> {
    let Explanation { row, arose } = explanation;
    let mut lines = vec![row.title()];
    lines.extend(arose.iter().map(|Arose { connection, who, .. }| match connection.and_then(told) {
        Some(told) => format!("  On {}: {who}", told.name()),
        None => format!("  {who}"),
    }));
    lines.extend(seen_in_words(row).map(|seen| format!("  {seen}.")));
    lines.extend([format!("  {}", row.means), "  Likely causes, likeliest first:".to_owned()]);
    lines.extend(row.causes.iter().enumerate().map(|(index, cause)| format!("  {}. {cause}", index + 1)));
    lines.push("  What tells them apart:".to_owned());
    lines.extend(explanation.commands().iter().map(|command| format!("    {command}")));
    let place = arose.iter().find_map(|one| one.connection.map(|id| (id, one.judged)));
    // Where the line says less than the connection, any that were shown might be another.
    let is_untold = place.is_none() && arose.iter().any(|one| one.judged.is_some());
    let shown = if is_untold { Vec::new() } else { demonstration(row, place) };
    if !shown.is_empty() {
        lines.push("  To see it happen:".to_owned());
        lines.extend(shown.iter().map(|command| format!("    {command}")));
    }
    lines.push(String::new());
    lines
}

/// The commands that bring a message about on files of their own: on this connection where one is given, otherwise on any;
/// none where no fault does. Each is tried before it is recommended.
pub(crate) fn demonstration(row: &'static MessageRow, place: Option<(&'static str, Option<End>)>) -> Vec<String> {
    PRESETS.iter().find_map(|preset| shown_on(preset, row, place)).unwrap_or_default()
}

fn shown_on(preset: &str, row: &'static MessageRow, place: Option<(&'static str, Option<End>)>) -> Option<Vec<String>> {
    let spec = spec::parse(&Preset::named(preset)?.draft()).0?;
    let plan = plan::unchecked(&spec);
    let all: Vec<Fault> = faults().into_iter().filter(|fault| is_in(fault, &plan)).collect();
    let befalls = |fault: &Fault, id: &str| match place {
        Some((wanted, judged)) => wanted == id && fits(fault, id, judged),
        None => fits(fault, id, None),
    };
    for kind in row.faults {
        for fault in all.iter().filter(|fault| fault.kind.id == *kind) {
            for id in fault.connections().into_iter().filter(|id| befalls(fault, id)) {
                for node in places(&Stage::new(&spec), id) {
                    if !shows(row, &spec, fault, id, node) {
                        continue;
                    }
                    let broken = format!("kubepki break --preset {preset} --fault {} --out broken", fault.id());
                    let (from, to) = id.split_once("->")?;
                    let node = node.map(|node| format!(" --node {}", spec.nodes[node].name)).unwrap_or_default();
                    let tried = format!("kubepki handshake --pki broken --from {from} --to {to}{node}");
                    return Some(vec![broken, tried]);
                }
            }
        }
    }
    None
}

/// Whether a fault brings a message about on a connection, found out by trying.
fn shows(row: &'static MessageRow, spec: &ClusterSpec, fault: &Fault, id: &str, node: Option<usize>) -> bool {
    // Any time does: everything is issued for this trial alone.
    let mut sample = Sample::new(spec, std::slice::from_ref(fault), 0, entropy);
    let Ok(dial) = dials(&sample.stage, id, node) else { return false };
    let tried = sample.rehearse(&[dial], 0).unwrap_or_default();
    let is_told = |text: &str| explain(text).iter().any(|one| std::ptr::eq(one.row, row));
    tried.iter().flat_map(|one| [&one.client, &one.server]).any(|side| {
        let logged = || side.log.iter().flat_map(|log| &log.lines).any(|line| is_told(&line.text));
        side.message.as_deref().is_some_and(is_told) || logged()
    })
}

/// Whether the design has what the fault befalls.
fn is_in(fault: &Fault, plan: &Plan) -> bool {
    cert(fault.target).is_none() || plan.certs.iter().any(|one| one.row.id == fault.target)
}

/// Whether a fault befalls what was judged on a connection, at either end where none is named: what that end shows, the CA
/// above it, a token's key, or the server itself.
fn fits(fault: &Fault, id: &str, judged: Option<End>) -> bool {
    if !fault.connections().contains(&id) {
        return false;
    }
    let Some(row) = connection(id) else { return false };
    let befalls = |end: End| {
        let side = match end {
            End::Caller => &row.client,
            End::Server => &row.server_side,
        };
        // Behind the first stands what other layouts show.
        match side.shows.first() {
            Some(id) => *id == fault.target || cert(id).and_then(|row| row.issuer) == Some(fault.target),
            None => fault.target == "sa" && end == End::Caller,
        }
    };
    match judged {
        Some(end) => befalls(end),
        None => cert(fault.target).is_none() || befalls(End::Caller) || befalls(End::Server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_befalls_the_end_that_was_judged() {
        let shown = |text: &str| {
            let all = explain(text);
            lines(&all[0]).join("\n")
        };
        let kubectl = shown(
            "Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2 is after 1",
        );
        assert!(kubectl.contains("--fault expired:apiserver --out broken"), "{kubectl}");
        assert!(kubectl.contains("--from kubectl --to kube-apiserver"), "{kubectl}");
        let etcd = shown(
            "addrConn.createTransport failed to connect to {Addr: \"127.0.0.1:2379\"}: remote error: tls: expired certificate",
        );
        assert!(etcd.contains("--fault expired:apiserver-etcd-client "), "{etcd}");
        let log = shown(
            "\"Unable to authenticate the request\" err=\"[x509: certificate signed by unknown authority, verifying certificate SN=7, SKID=, AKID=AA failed: x509: certificate signed by unknown authority]\"",
        );
        assert!(!log.contains("On kubectl") && !log.contains("To see it happen"), "{log}");
        let bare = shown("x509: certificate signed by unknown authority");
        assert!(!bare.contains("--fault other-ca:apiserver --out") || bare.contains("--to kube-apiserver"), "{bare}");
        let registry = shown("Head \"https://r.example/v2/\": x509: certificate signed by unknown authority");
        assert!(!registry.contains("kubepki"), "{registry}");
    }

    #[test]
    fn words_of_a_line_lead_to_where_it_was_recorded() {
        let lines = recorded_lines(&find("rejected connection", &[])).join("\n");
        assert!(lines.contains("  etcd 3.") && lines.contains(" → etcd, under "), "{lines}");
        assert!(recorded_lines(&find("nothing of the kind", &[])).is_empty());
    }
}
