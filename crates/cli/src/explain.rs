//! `kubepki explain`: what a component's error message means.

use std::io::{self, Read};

use kubepki_core::catalog::cert;
use kubepki_core::catalog::connections::{connection, told};
use kubepki_core::catalog::messages::{Arose, End, Explanation, MessageRow, explain};
use kubepki_core::plan::{self, Plan};
use kubepki_core::spec;
use kubepki_core::spec::preset::Preset;
use kubepki_rehearsal::fault::{Fault, faults};

use crate::args::Explain;
use crate::failure::{Failure, why};
use crate::output::print;

/// Bytes of a text that are read: more than any log of one failure.
const LONGEST: u64 = 1 << 20;
/// The design that faults are shown on.
const PRESET: &str = "single";

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
    if found.is_empty() {
        let what = "error: no message about certificates is recognised in this text (paste the whole line of the log)";
        return Err(Failure::Input(vec![what.to_owned()]));
    }
    print(found.iter().flat_map(lines))
}

/// One explanation, line by line, with an empty line behind it.
pub(crate) fn lines(explanation: &Explanation) -> Vec<String> {
    let Explanation { row, arose } = explanation;
    let mut lines = vec![row.title()];
    lines.extend(arose.iter().map(|Arose { connection, who, .. }| match connection.and_then(told) {
        Some(told) => format!("  On {} → {}: {who}", told.caller, told.server),
        None => format!("  {who}"),
    }));
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
/// none where no fault does.
pub(crate) fn demonstration(row: &MessageRow, place: Option<(&'static str, Option<End>)>) -> Vec<String> {
    let Some(plan) = sound() else { return Vec::new() };
    let all: Vec<Fault> = faults().into_iter().filter(|fault| is_in(fault, &plan)).collect();
    let found = row.faults.iter().find_map(|kind| {
        let mut of_kind = all.iter().filter(|fault| fault.kind.id == *kind);
        match place {
            Some((id, judged)) => of_kind.find(|fault| fits(fault, id, judged)).map(|fault| (fault, id)),
            None => of_kind.find_map(|fault| {
                fault.connections().into_iter().find(|id| fits(fault, id, None)).map(|id| (fault, id))
            }),
        }
    });
    let Some((fault, id)) = found else { return Vec::new() };
    let mut lines = vec![format!("kubepki break --preset {PRESET} --fault {} --out broken", fault.id())];
    if let Some((from, to)) = id.split_once("->") {
        lines.push(format!("kubepki handshake --pki broken --from {from} --to {to}"));
    }
    lines
}

fn sound() -> Option<Plan> {
    Some(plan::unchecked(&spec::parse(&Preset::named(PRESET)?.draft()).0?))
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
}
