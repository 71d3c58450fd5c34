//! Points in time as text: RFC 3339 in UTC, without a clock. Days are counted by Howard Hinnant's civil-date algorithm.

use crate::diag::Quoted;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The day this version was made, Unix seconds: set by hand with the version, so that builds come out the same.
pub const VERSION_MADE: i64 = 1_795_392_000;
/// The latest time that a clock is believed to show: then it is wrong, or this version is too old.
pub const BELIEVED_UNTIL: i64 = VERSION_MADE + 2 * 365 * DAY;

/// Why the time that a machine's clock shows is not to be believed, as what follows "it"; nothing where it may be right.
pub fn disbelief(unix: i64) -> Option<&'static str> {
    if unix < VERSION_MADE {
        Some("lies before this version was made")
    } else if unix > BELIEVED_UNTIL {
        Some("lies more than two years after this version was made")
    } else {
        None
    }
}

/// Unix seconds as `2026-11-23T20:39:00Z`. Years beyond 9999 are not expected: lifetimes are bounded.
pub fn to_rfc3339(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(DAY));
    let second = unix.rem_euclid(DAY);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Unix seconds as `2026-11-23`.
pub fn to_date(unix: i64) -> String {
    to_rfc3339(unix)[..10].to_owned()
}

/// Reads RFC 3339 in UTC or with an offset, to the second; a fraction is dropped, seconds may be left out.
///
/// # Errors
/// A sentence that says what is expected.
pub fn parse(text: &str) -> Result<i64, String> {
    read(text.trim())
        .ok_or_else(|| format!("{} is not a time; expected is UTC such as 2026-11-23T20:39:00Z", Quoted(text)))
}

fn read(text: &str) -> Option<i64> {
    if !text.is_ascii() || text.len() < 16 {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten()
    };
    let mark = |at: usize, marks: &[u8]| text.as_bytes().get(at).filter(|mark| marks.contains(mark));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    mark(4, b"-").and(mark(7, b"-")).and(mark(10, b"Tt ")).and(mark(13, b":"))?;
    let (second, rest) = match text.get(16..17) {
        Some(":") => (number(17, 19)?, &text[19..]),
        _ => (0, &text[16..]),
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|one: char| one.is_ascii_digit()),
        None => rest,
    };
    let offset = match rest {
        "" | "Z" | "z" => 0,
        _ if rest.len() == 6 && &rest[3..4] == ":" => {
            let minutes = rest[1..3].parse::<i64>().ok()? * 60 + rest[4..6].parse::<i64>().ok()?;
            match &rest[..1] {
                "+" => minutes * 60,
                "-" => -minutes * 60,
                _ => return None,
            }
        }
        _ => return None,
    };
    let days = days(year, month, day);
    let valid = civil(days) == (year, month, day) && hour < 24 && minute < 60 && second < 61;
    valid.then(|| days * DAY + hour * 3600 + minute * 60 + second - offset)
}

/// Days since 1970-01-01 of a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a number of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_believed_from_when_this_version_was_made_for_two_years() {
        for right in [VERSION_MADE, BELIEVED_UNTIL] {
            assert_eq!(disbelief(right), None);
        }
        for wrong in [i64::MIN, 0, VERSION_MADE - 1, BELIEVED_UNTIL + 1, i64::MAX] {
            assert!(disbelief(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn times_come_back_from_their_text() {
        for unix in [0, 1_795_466_340, 951_782_399, 951_782_400, 4_102_444_799, 253_402_300_799] {
            assert_eq!(parse(&to_rfc3339(unix)), Ok(unix));
        }
        assert_eq!(to_rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(parse("2026-11-23T22:39:00.5+02:00"), parse("2026-11-23T20:39Z"));
        for bad in [
            "",
            "2026-02-30T00:00:00Z",
            "2026-11-23",
            "now",
            "2026-11-23T25:00:00Z",
            "2026-11-23T20:39:00+2",
            "２026-11-23T20:39:00Z",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
