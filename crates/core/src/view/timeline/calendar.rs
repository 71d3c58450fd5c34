//! A calendar of what ends (RFC 5545), for whoever must not forget.

use super::{DAY, lives, title};
use crate::catalog::renewal::Renewal;
use crate::instant::to_rfc3339;
use crate::plan::Plan;

/// Octets of a line, without its end (RFC 5545 3.1).
const LINE: usize = 75;

/// The calendar: an event for each life's end, with alarms 30 and 7 days before. What rotates by itself is left out.
/// `stamp` is when it was written, Unix seconds.
pub fn ics(plan: &Plan, issued: i64, stamp: i64) -> String {
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//KubePKI Workbench//Timeline//EN", "CALSCALE:GREGORIAN"]
            .map(str::to_owned)
            .to_vec();
    for life in lives(plan, issued).iter().filter(|life| life.renewal != Renewal::ByItself) {
        let Some(until) = life.until else { continue };
        let name = title(plan, life);
        let cluster = &plan.spec.cluster_name;
        let alarm = |days: u32| {
            [
                "BEGIN:VALARM".to_owned(),
                "ACTION:DISPLAY".to_owned(),
                format!("DESCRIPTION:{}", escaped(&format!("{name} of {cluster} ends in {days} days"))),
                format!("TRIGGER:-P{days}D"),
                "END:VALARM".to_owned(),
            ]
        };
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}-{until}@{}.kubepki", plan.key_of(life.cert).replace('@', "-"), cluster),
            format!("DTSTAMP:{}", moment(stamp)),
            format!("DTSTART;VALUE=DATE:{}", &moment(until)[..8]),
            format!("DTEND;VALUE=DATE:{}", &moment(until + DAY)[..8]),
            format!("SUMMARY:{}", escaped(&format!("{cluster}: {name} ends"))),
            format!("DESCRIPTION:{}", escaped(&format!("Renewed: {}. {}", life.renewal.word(), life.how))),
            "TRANSP:TRANSPARENT".to_owned(),
        ]);
        lines.extend(alarm(30));
        lines.extend(alarm(7));
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// `20261126T120000Z`.
fn moment(unix: i64) -> String {
    to_rfc3339(unix).chars().filter(|one| !matches!(one, '-' | ':')).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line with its end; long ones go on behind a space, and no character is cut in two.
fn folded(line: &str) -> String {
    let (mut out, mut room) = (String::new(), LINE);
    for one in line.chars() {
        if one.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= one.len_utf8();
        out.push(one);
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse;
    use crate::spec::preset::Preset;

    #[test]
    fn lines_are_short_and_everything_that_begins_ends() {
        let plan =
            crate::plan::plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"));
        let text = ics(&plan, 1_795_694_400, 1_795_694_400);
        assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains('\n'));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        let unfolded = text.replace("\r\n ", "");
        let mut open = Vec::new();
        for line in unfolded.lines() {
            match line.split_once(':') {
                Some(("BEGIN", what)) => open.push(what.to_owned()),
                Some(("END", what)) => assert_eq!(open.pop().as_deref(), Some(what)),
                _ => {}
            }
        }
        assert!(open.is_empty());
        let uids: std::collections::BTreeSet<&str> = unfolded.lines().filter(|line| line.starts_with("UID:")).collect();
        assert_eq!(uids.len(), unfolded.matches("BEGIN:VEVENT").count());
        assert!(
            unfolded.contains("SUMMARY:prod-eu: kube-apiserver") && unfolded.contains("TRIGGER:-P30D"),
            "{unfolded}"
        );
        assert!(!unfolded.contains("kubelet.conf"), "what rotates by itself needs no reminder");
    }
}
