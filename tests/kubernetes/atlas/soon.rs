//! How soon a line stood in a log, by the time that the component wrote before it.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use regex_lite::Regex;

/// Components tell the time of day in the zone of their machine: times are compared within half an hour, which is the same in
/// every zone. Nothing here takes as long.
const AROUND: f64 = 1800.0;
/// By how much clocks that are read one after the other may differ, seconds.
const ABOUT: f64 = 0.05;

/// Whole seconds within which something ended.
pub(crate) fn seconds(it: Duration) -> u32 {
    (it.as_secs_f64().ceil() as u32).max(1)
}

/// Within how many seconds after the last of these times before it a line was written; nothing where it does not tell when, or no
/// time is given.
pub(crate) fn within(line: &str, after: impl Iterator<Item = SystemTime>) -> Option<u32> {
    let (written, is_whole) = time_of_day(line)?;
    let since = |time: SystemTime| {
        let time = time.duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64();
        // Where the fraction was cut off, so is it here.
        let time = if is_whole { time.floor() } else { time };
        (written - time + ABOUT).rem_euclid(AROUND) - ABOUT
    };
    let least = after.map(since).min_by(f64::total_cmp)?;
    Some(seconds(Duration::from_secs_f64(least.max(0.0))))
}

/// The seconds of the day at which a line was written, and whether they are whole: klog, zap, grpc-go.
fn time_of_day(line: &str) -> Option<(f64, bool)> {
    static STAMP: OnceLock<Regex> = OnceLock::new();
    let stamp = STAMP.get_or_init(|| {
        let before = r#"^(?:[IWEF]\d{4} |\d{4}/\d\d/\d\d |.*?"ts":"\d{4}-\d\d-\d\dT)"#;
        Regex::new(&format!(r"{before}(\d\d):(\d\d):(\d\d(?:\.\d+)?)")).expect("a pattern")
    });
    let found = stamp.captures(line)?;
    let number = |at: usize| found[at].parse::<f64>().ok();
    Some((number(1)? * 3600.0 + number(2)? * 60.0 + number(3)?, !found[3].contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_soon_it_came_in_any_zone() {
        // 1970-01-01 15:06:12.5 UTC, and a start long before.
        let started = [54_372_500, 54_000_000].map(|millis| UNIX_EPOCH + Duration::from_millis(millis));
        let within = |line: &str| within(line, started.into_iter());
        assert_eq!(within("E0101 15:06:13.904638     329 a.go:473] x"), Some(2));
        assert_eq!(within("E0101 18:36:12.490000     329 a.go:473] x"), Some(1));
        assert_eq!(within("{\"level\":\"warn\",\"ts\":\"1970-01-01T15:06:15.4Z\"}"), Some(3));
        assert_eq!(within("1970/01/01 15:06:12 ERROR: x"), Some(1));
        assert_eq!(within("Error: x"), None);
    }
}
