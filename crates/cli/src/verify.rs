//! `kubepki verify`: an export against its own design.

use std::fs;
use std::path::Path;

use kubepki_core::Plan;
use kubepki_core::check::connections;
use kubepki_core::view::text::{counted, days_from_now};
use kubepki_issuance::Pki;
use kubepki_issuance::archive::{self, Part};
use kubepki_issuance::inspect::inspect;

use crate::args::Verify;
use crate::clock;
use crate::export::Export;
use crate::failure::{Failure, why};
use crate::opened::Opened;
use crate::output::print;

pub(crate) fn run(given: &Verify) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    if let Some(bundle) = Bundle::read(&given.export)? {
        return bundle.verify(given, now);
    }
    let opened = Opened::read(&given.export)?;
    let mut found = opened.unsound();
    found.extend(expired(&opened.pki.plan, certificates(&opened.pki), now));
    let recorded = given.record.as_deref().map(read_record).transpose()?;
    if let Some(record) = &recorded {
        let other = archive::record_differences(record, &opened.pki, &opened.meta());
        found.extend(other.into_iter().map(|line| format!("error: the record is not of this export: {line}")));
    }
    if !found.is_empty() {
        return Err(Failure::Check(found));
    }
    let said = recorded.map(|_| "ok  the ceremony record is of this export".to_owned());
    print(said.into_iter().chain(summary(&opened.pki, now)))
}

fn read_record(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::Input(vec![format!("{}: error: {}", path.display(), why(&error))]))
}

/// One node's bundle, which holds no more of the PKI than the node needs.
struct Bundle {
    export: Export,
    issued_at: i64,
    plan: Plan,
    node: usize,
    without_ca_keys: bool,
}

impl Bundle {
    /// Reads one; nothing where it is an export of more than that.
    fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let (export, recorded) = Export::read(path)?;
        let Some(Part::Node { name, without_ca_keys }) = recorded.part else { return Ok(None) };
        let plan = export.planned()?.plan;
        let node = plan.spec.nodes.iter().position(|node| node.name == name);
        let node = node.ok_or_else(|| export.unfit(&[format!("is of {name:?}, and its design has no such node")]))?;
        Ok(Some(Self { export, issued_at: recorded.issued_at, plan, node, without_ca_keys }))
    }

    fn verify(&self, given: &Verify, now: i64) -> Result<(), Failure> {
        if given.record.is_some() {
            return Err(Failure::usage("a ceremony record is of a whole export; a bundle cannot be held to it"));
        }
        let read = self.export.bundle(&self.plan, self.issued_at, (self.node, self.without_ca_keys));
        let held = read.certificates.iter().map(|(index, der)| (*index, der.as_slice()));
        let mut found = self.export.problems(&read.problems);
        found.extend(expired(&self.plan, held.clone(), now));
        if !found.is_empty() {
            return Err(Failure::Check(found));
        }
        let ends = held.filter_map(|(_, der)| inspect(der).ok()).map(|facts| facts.not_after).min();
        let ends = ends.map_or_else(String::new, |end| {
            format!("; the first certificate ends {}", days_from_now((end - now) / 86_400))
        });
        print([format!(
            "ok  {}: {} and {} are as designed, and every file is the one that was packed{ends}",
            self.plan.spec.nodes[self.node].name,
            counted(read.certificates.len(), "certificate"),
            counted(read.keys, "key"),
        )])
    }
}

/// The certificates of a PKI with their indices, as DER.
pub(crate) fn certificates(pki: &Pki) -> impl Iterator<Item = (usize, &[u8])> {
    pki.certs.iter().enumerate().filter_map(|(index, cert)| Some((index, cert.der.as_deref()?)))
}

/// Certificates that are not valid at a time. How those are renewed that have ended is said once for all that share a way.
pub(crate) fn expired<'c>(plan: &Plan, held: impl Iterator<Item = (usize, &'c [u8])>, now: i64) -> Vec<String> {
    let (mut found, mut ways) = (Vec::new(), Vec::new());
    for (index, der) in held {
        let Ok(facts) = inspect(der) else { continue };
        let id = plan.key_of(index);
        let date = kubepki_core::instant::to_rfc3339;
        if now > facts.not_after {
            let way = archive::renewed_how(plan, index);
            let hint = if ways.contains(&way) { String::new() } else { format!(" ({way})") };
            found.push(format!("error: {id}: expired at {}{hint}", date(facts.not_after)));
            ways.push(way);
        } else if now < facts.not_before {
            found.push(format!(
                "error: {id}: is not valid before {} (is this machine's clock right?)",
                date(facts.not_before)
            ));
        }
    }
    found
}

fn summary(pki: &Pki, now: i64) -> Vec<String> {
    let plan = &pki.plan;
    let ends = pki.certs.iter().filter_map(|cert| inspect(cert.der.as_deref()?).ok()).map(|facts| facts.not_after);
    let days = ends.min().map_or(0, |end| (end - now) / 86_400);
    let mut lines: Vec<String> = connections(plan, None).iter().map(|line| format!("ok  {line}")).collect();
    lines.push(format!(
        "{} and {} are as designed; the first certificate ends {}",
        counted(plan.certificate_count(), "certificate"),
        counted(pki.certs.iter().filter(|cert| cert.key.is_here()).count(), "key"),
        days_from_now(days)
    ));
    lines
}
