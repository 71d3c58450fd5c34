//! Lifetimes: Go durations, and days.

use std::fmt;

/// A lifetime in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime {
    /// Seconds, more than none.
    pub seconds: i64,
}

/// A hundred years of 365 days: certificates beyond this are refused, for their dates would leave what programs handle.
const LONGEST: i64 = 100 * 365 * 86_400;

/// Nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;

/// A decimal number, with or without a fraction, times this many nanoseconds; nothing when it is no number. What is too
/// large for a lifetime stays too large.
fn times(number: &str, nanoseconds: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || whole.len() + fraction.len() == 0 {
        return None;
    }
    let digits = |text: &str| text.bytes().map(|one| i128::from(one - b'0')).collect::<Vec<_>>();
    let whole = digits(whole).iter().fold(0i128, |sum, digit| sum.saturating_mul(10).saturating_add(*digit));
    let mut total = whole.saturating_mul(nanoseconds);
    let mut weight = nanoseconds;
    for digit in digits(fraction) {
        weight /= 10;
        total = total.saturating_add(digit * weight);
    }
    Some(total)
}

impl Lifetime {
    /// Parses Go's durations made of `h`, `m`, `s` (with fractions, `ms` and below rounded to whole seconds) and days
    /// as `d`: `8760h`, `8760h0m0s`, `365d`, `1.5h`.
    ///
    /// # Errors
    /// A sentence: not a duration, not more than nothing, or longer than a hundred years.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a duration");
        let mut rest = text.trim();
        // Whole nanoseconds: in integers, because parsing fractions as floating point brings large tables along.
        let mut total = 0i128;
        if rest.is_empty() || rest.len() > 40 {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.find(|one: char| !one.is_ascii_digit() && one != '.').ok_or_else(wrong)?;
            let number = &rest[..digits];
            rest = &rest[digits..];
            let unit = rest.find(|one: char| one.is_ascii_digit() || one == '.').unwrap_or(rest.len());
            let nanoseconds = match &rest[..unit] {
                "d" => 86_400 * SECOND,
                "h" => 3_600 * SECOND,
                "m" => 60 * SECOND,
                "s" => SECOND,
                "ms" => SECOND / 1_000,
                "us" | "µs" => SECOND / 1_000_000,
                "ns" => 1,
                _ => return Err(wrong()),
            };
            total = total.saturating_add(times(number, nanoseconds).ok_or_else(wrong)?);
            rest = &rest[unit..];
        }
        if total < SECOND {
            return Err(format!("{text:?} is shorter than a second"));
        }
        if total > i128::from(LONGEST) * SECOND {
            return Err(format!("{text:?} is longer than a hundred years"));
        }
        Ok(Self { seconds: (total / SECOND) as i64 })
    }

    /// As Go writes it: `8760h0m0s`.
    pub fn to_go(self) -> String {
        let Self { seconds } = self;
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, second) => format!("{second}s"),
            (0, minute, second) => format!("{minute}m{second}s"),
            (hour, minute, second) => format!("{hour}h{minute}m{second}s"),
        }
    }
}

impl fmt::Display for Lifetime {
    /// As people read it: `365 days`, `36 hours`, `90 minutes`, `30 seconds`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self.seconds {
            days if days % 86_400 == 0 => (days / 86_400, "day"),
            hours if hours % 3600 == 0 => (hours / 3600, "hour"),
            minutes if minutes % 60 == 0 => (minutes / 60, "minute"),
            seconds => (seconds, "second"),
        };
        write!(out, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations_and_days() {
        for (text, seconds) in [
            ("8760h", 31_536_000),
            ("8760h0m0s", 31_536_000),
            ("365d", 31_536_000),
            ("1.5h", 5_400),
            ("1h30m", 5_400),
            ("30s", 30),
            ("0.5h1.h.5m", 5_430),
            ("1500ms", 1),
            ("1000000us999999999ns", 1),
            ("36500d", LONGEST),
        ] {
            assert_eq!(Lifetime::parse(text).map(|one| one.seconds), Ok(seconds), "{text}");
        }
        for bad in [
            "",
            "1y",
            "h",
            "10",
            "-1h",
            "0h",
            "1e9h",
            "999999999999h",
            "1..h",
            "365 d",
            ".h",
            "999ms",
            "36500d1ns",
            "99999999999999999999999999999999999d",
        ] {
            assert!(Lifetime::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Lifetime { seconds: 31_536_000 }.to_go(), "8760h0m0s");
        assert_eq!(Lifetime { seconds: 31_536_000 }.to_string(), "365 days");
    }
}
