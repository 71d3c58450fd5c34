//! `kubepki verify`: an export against its own design.

use std::fs;
use std::path::Path;

use kubepki_core::check::connections;
use kubepki_core::view::text::{counted, days_from_now};
use kubepki_issuance::Pki;
use kubepki_issuance::archive;
use kubepki_issuance::inspect::inspect;

use crate::args::Verify;
use crate::clock;
use crate::failure::{Failure, why};
use crate::opened::Opened;
use crate::output::print;

pub(crate) fn run(given: &Verify) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let opened = Opened::read(&given.export)?;
    let mut found = opened.unsound();
    found.extend(expired(&opened.pki, now));
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

/// Certificates that are not valid at a time. How those are renewed that have ended is said once for all that share a way.
pub(crate) fn expired(pki: &Pki, now: i64) -> Vec<String> {
    let (mut found, mut ways) = (Vec::new(), Vec::new());
    for (index, cert) in pki.certs.iter().enumerate() {
        let Some(Ok(facts)) = cert.der.as_deref().map(inspect) else { continue };
        let id = pki.plan.key_of(index);
        let date = kubepki_core::instant::to_rfc3339;
        if now > facts.not_after {
            let way = archive::renewed_how(&pki.plan, index);
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
        counted(plan.key_count(), "key"),
        days_from_now(days)
    ));
    lines
}
