//! Lifetimes: Go durations, and days.

use std::fmt;

use crate::diag::Quoted;

/// A lifetime in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime {
    /// Seconds, more than none.
    pub seconds: i64,
}

/// A hundred years of 365 days: certificates beyond this are refused, for their dates would leave what programs handle.
const LONGEST: i64 = 100 * 365 * 86_400;

/// A second in nanoseconds.
const SECOND: i64 = 1_000_000_000;

/// A unit in nanoseconds.
fn nanoseconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "d" => 86_400 * SECOND,
        "h" => 3_600 * SECOND,
        "m" => 60 * SECOND,
        "s" => SECOND,
        "ms" => 1_000_000,
        "us" | "µs" => 1_000,
        "ns" => 1,
        _ => return None,
    })
}

impl Lifetime {
    /// Parses Go's durations made of `h`, `m`, `s` (with fractions, `ms` and below rounded to whole seconds) and days
    /// as `d`: `8760h`, `8760h0m0s`, `365d`, `1.5h`.
    ///
    /// # Errors
    /// A sentence: not a duration, not more than nothing, or longer than a hundred years.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{} is not a duration", Quoted(text));
        let long = || format!("{} is longer than a hundred years", Quoted(text));
        let mut rest = text.trim();
        let mut total = 0i64;
        if rest.is_empty() || rest.len() > 40 {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.find(|one: char| !one.is_ascii_digit() && one != '.').ok_or_else(wrong)?;
            let (number, behind) = rest.split_at(digits);
            let unit = behind.find(|one: char| one.is_ascii_digit() || one == '.').unwrap_or(behind.len());
            let nanoseconds = nanoseconds(&behind[..unit]).ok_or_else(wrong)?;
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            if whole.len() + fraction.len() == 0 || fraction.contains('.') {
                return Err(wrong());
            }
            // Nanoseconds beyond the ninth digit of a fraction make no difference to whole seconds.
            let part = fraction
                .bytes()
                .take(9)
                .fold((0, nanoseconds), |(sum, unit), digit| (sum + i64::from(digit - b'0') * (unit / 10), unit / 10));
            let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| long())? };
            let sum = whole.checked_mul(nanoseconds).and_then(|one| total.checked_add(one)?.checked_add(part.0));
            total = sum.filter(|sum| *sum <= LONGEST * SECOND).ok_or_else(long)?;
            rest = &behind[unit..];
        }
        if total < SECOND {
            return Err(format!("{} is shorter than a second", Quoted(text)));
        }
        Ok(Self { seconds: total / SECOND })
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
            ("0.5m1500ms", 31),
            ("0.5h1.h.5m", 5_430),
            ("1000000us999999999ns", 1),
            ("876000h", LONGEST),
        ] {
            assert_eq!(Lifetime::parse(text).map(|one| one.seconds), Ok(seconds), "{text}");
        }
        for bad in
            ["", "1y", "h", "10", "-1h", "0h", "1e9h", "999999999999h", "1..h", ".h", "365 d", "876001h", "36500d1ns"]
        {
            assert!(Lifetime::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Lifetime { seconds: 31_536_000 }.to_go(), "8760h0m0s");
        assert_eq!(Lifetime { seconds: 31_536_000 }.to_string(), "365 days");
    }
}
