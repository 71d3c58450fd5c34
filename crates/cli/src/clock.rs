//! The time: the one that was given, or the machine's where that can be right. Machines without a network often have
//! wrong clocks, and certificates of a wrong time are found out late.

use std::time::{SystemTime, UNIX_EPOCH};

use kubepki_core::Plan;
use kubepki_core::instant::{self, VERSION_MADE, to_date, to_rfc3339};
use kubepki_core::plan::BACKDATE_SECONDS;

use crate::failure::Failure;

/// The time that was given with an option, or the machine's, in Unix seconds. What was given is not doubted.
///
/// # Errors
/// When none was given and the machine's clock cannot be right.
pub(crate) fn time(given: Option<i64>, option: &str) -> Result<i64, Failure> {
    given.map_or_else(|| believed(machine(), option), Ok)
}

/// Unix seconds by the machine's clock.
fn machine() -> i64 {
    let seconds = |since: std::time::Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()),
    }
}

fn believed(now: i64, option: &str) -> Result<i64, Failure> {
    let Some(why) = instant::disbelief(now) else { return Ok(now) };
    Err(Failure::Undone(format!(
        "this machine's clock says {}, which {why} ({}); set the clock (date -s), or say the time with {option} TIME",
        to_rfc3339(now),
        to_date(VERSION_MADE),
    )))
}

/// An error unless every date can be written that follows from an issue time. A certificate may be issued some seconds
/// before or after it: `offset`, by its index. `what` names where the time comes from.
pub(crate) fn in_range(now: i64, plan: &Plan, offset: impl Fn(usize) -> i64, what: &str) -> Result<(), Failure> {
    // Certificates write years with four digits (RFC 5280 4.1.2.5.2).
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;
    let certs = || plan.certs.iter().enumerate().filter(|(_, cert)| cert.subject.is_some());
    let first = certs().map(|(index, _)| FIRST + BACKDATE_SECONDS - offset(index)).max().unwrap_or(FIRST);
    let last = certs().map(|(index, cert)| LAST - cert.lifetime.seconds - offset(index)).min().unwrap_or(LAST);
    if (first..=last).contains(&now) {
        return Ok(());
    }
    let [now, first, last] = [now, first, last].map(to_rfc3339);
    Err(Failure::usage(&format!(
        "{what}: {now} is not a possible issue time; choose one between {first} and {last}, because certificates write \
         years with four digits"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_not_believed_and_says_what_it_shows() {
        assert!(matches!(believed(VERSION_MADE + 60, "--now"), Ok(now) if now == VERSION_MADE + 60));
        for (now, shown) in [(0, "1970-01-01T00:00:00Z"), (-86_400, "1969-12-31"), (4_000_000_000, "2096-10-02")] {
            let Err(Failure::Undone(line)) = believed(now, "--at") else { panic!("{now} was believed") };
            assert!(line.contains(shown) && line.contains("date -s") && line.contains("--at TIME"), "{line}");
        }
    }
}
