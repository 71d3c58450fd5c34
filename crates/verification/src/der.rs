//! DER, read as strictly and as leniently as golang.org/x/crypto/cryptobyte reads it.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Tag number `n` of the context, primitive; with [`CONSTRUCTED`] constructed.
pub(crate) const fn context(n: u8) -> u8 {
    0x80 | n
}

pub(crate) const CONSTRUCTED: u8 = 0x20;

/// Bytes that are read from the front.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn next_is(self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The next element: its tag, all of it, and its content. Tags of several octets and indefinite or padded lengths
    /// are refused.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let (tag, first) = (*self.0.first()?, *self.0.get(1)?);
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (header, length) = match first {
            0..=0x7f => (2, usize::from(first)),
            0x81..=0x84 => {
                let octets = usize::from(first & 0x7f);
                let length = self.0.get(2..2 + octets)?.iter().fold(0_u64, |sum, one| sum << 8 | u64::from(*one));
                // Short where it can be short, and no leading zero.
                if length < 0x80 || length >> (8 * (octets - 1)) == 0 {
                    return None;
                }
                (2 + octets, usize::try_from(length).ok()?)
            }
            _ => return None,
        };
        let end = header.checked_add(length)?;
        let whole = self.0.get(..end)?;
        self.0 = &self.0[end..];
        Some((tag, whole, &whole[header..]))
    }

    /// The content of the next element, which has this tag.
    pub(crate) fn read(&mut self, tag: u8) -> Option<Self> {
        if !self.next_is(tag) {
            return None;
        }
        self.any().map(|(_, _, content)| Self(content))
    }

    /// All of the next element, which has this tag.
    pub(crate) fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        if !self.next_is(tag) {
            return None;
        }
        self.any().map(|(_, whole, _)| whole)
    }

    /// The content of the next element if it has this tag; the outer nothing is an error.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Option<Self>> {
        if self.next_is(tag) { self.read(tag).map(Some) } else { Some(None) }
    }

    /// An INTEGER's octets, two's complement, in the shortest form.
    pub(crate) fn integer(&mut self) -> Option<&'a [u8]> {
        let octets = self.read(INTEGER)?.0;
        is_minimal(octets).then_some(octets)
    }

    /// An INTEGER that fits.
    pub(crate) fn small(&mut self) -> Option<i64> {
        small(self.integer()?)
    }

    /// A BOOLEAN.
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        match self.read(BOOLEAN)?.0 {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// A BIT STRING: its octets and how many bits of the last are not used.
    pub(crate) fn bits(&mut self) -> Option<(&'a [u8], u8)> {
        let (&padding, octets) = self.read(BIT_STRING)?.0.split_first()?;
        let unused = octets.last().map_or(0, |last| last & ((1 << padding.min(7)) - 1));
        (padding <= 7 && (padding == 0 || !octets.is_empty()) && unused == 0).then_some((octets, padding))
    }

    /// A BIT STRING of whole octets, moved to the right where it is not.
    pub(crate) fn aligned_bits(&mut self) -> Option<Vec<u8>> {
        let (octets, padding) = self.bits()?;
        if padding == 0 {
            return Some(octets.to_vec());
        }
        let mut carried = 0;
        Some(
            octets
                .iter()
                .map(|one| {
                    let moved = carried | one >> padding;
                    carried = one << (8 - padding);
                    moved
                })
                .collect(),
        )
    }

    /// The octets of an OBJECT IDENTIFIER whose numbers have at most 31 bits.
    pub(crate) fn oid(&mut self) -> Option<&'a [u8]> {
        let octets = self.long_oid()?;
        let mut number = 0_u32;
        for one in octets {
            if number >= 1 << (31 - 7) {
                return None;
            }
            number = if one & 0x80 == 0 { 0 } else { number << 7 | u32::from(one & 0x7f) };
        }
        Some(octets)
    }

    /// The octets of an OBJECT IDENTIFIER whose numbers may be of any size.
    pub(crate) fn long_oid(&mut self) -> Option<&'a [u8]> {
        let octets = self.read(OBJECT_IDENTIFIER)?.0;
        let mut start = true;
        for one in octets {
            if start && *one == 0x80 {
                return None;
            }
            start = one & 0x80 == 0;
        }
        (start && !octets.is_empty()).then_some(octets)
    }
}

fn is_minimal(octets: &[u8]) -> bool {
    match octets {
        [] => false,
        [_] => true,
        [0, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// Two's complement octets as a number.
pub(crate) fn small(octets: &[u8]) -> Option<i64> {
    if octets.len() > 8 || !is_minimal(octets) {
        return None;
    }
    let sign = if octets.first()? & 0x80 == 0 { 0 } else { -1 };
    Some(octets.iter().fold(sign, |sum: i64, one| sum << 8 | i64::from(*one)))
}

/// A UTCTime or GeneralizedTime as Unix seconds.
pub(crate) fn time(reader: &mut Reader<'_>) -> Option<i64> {
    let (tag, _, content) = reader.any()?;
    let text = std::str::from_utf8(content).ok()?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let year = digits(text, 0, 2)?;
            (if year >= 50 { 1900 + year } else { 2000 + year }, text.get(2..)?)
        }
        GENERALIZED_TIME => (digits(text, 0, 4)?, text.get(4..)?),
        _ => return None,
    };
    let [month, day, hour, minute] = [0, 2, 4, 6].map(|at| digits(rest, at, at + 2));
    let (month, day, hour, minute) = (month?, day?, hour?, minute?);
    let rest = rest.get(8..)?;
    let (second, zone) = match rest.as_bytes().first()?.is_ascii_digit() {
        true => (digits(rest, 0, 2)?, rest.get(2..)?),
        // Seconds may be left out in UTCTime alone.
        false if tag == UTC_TIME => (0, rest),
        false => return None,
    };
    let offset = match zone {
        "Z" => 0,
        _ => {
            let sign = match zone.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let (hours, minutes) = (digits(zone, 1, 3)?, digits(zone, 3, 5)?);
            // An offset of nothing is written Z.
            if zone.len() != 5 || hours > 24 || minutes > 59 || hours + minutes == 0 {
                return None;
            }
            sign * (hours * 3600 + minutes * 60)
        }
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let longest = usize::try_from(month - 1).ok().and_then(|month| days.get(month))?;
    if !(1..=*longest).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

fn digits(text: &str, from: usize, to: usize) -> Option<i64> {
    let part = text.get(from..to)?;
    part.bytes().all(|one| one.is_ascii_digit()).then(|| part.parse().ok()).flatten()
}

/// Days since 1970-01-01 (Howard Hinnant, chrono-compatible low-level date algorithms).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Unix seconds as Go writes `time.RFC3339` in UTC.
pub(crate) fn rfc3339(unix: i64) -> String {
    let days = unix.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let second = unix.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, unix) in [("700101000000Z", 0), ("491231235959Z", 2_524_607_999), ("5001010000Z", -631_152_000)] {
            let der = [&[UTC_TIME, text.len() as u8], text.as_bytes()].concat();
            assert_eq!(time(&mut Reader(&der)), Some(unix), "{text}");
        }
        for (text, unix) in
            [("20260228235960Z", None), ("20240229120000Z", Some(1_709_208_000)), ("20250229120000Z", None)]
        {
            let der = [&[GENERALIZED_TIME, text.len() as u8], text.as_bytes()].concat();
            assert_eq!(time(&mut Reader(&der)), unix, "{text}");
        }
        assert_eq!(rfc3339(1_709_208_000), "2024-02-29T12:00:00Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn lengths_and_numbers_have_one_form() {
        for bad in [&[0x02, 0x81, 0x01, 0x01][..], &[0x02, 0x80], &[0x1f, 0x01, 0x00], &[0x02, 0x02, 0x01]] {
            assert!(Reader(bad).any().is_none(), "{bad:?}");
        }
        assert_eq!(Reader(&[0x02, 0x02, 0x00, 0x80]).small(), Some(128));
        assert_eq!(Reader(&[0x02, 0x01, 0xff]).small(), Some(-1));
        assert!(Reader(&[0x02, 0x02, 0x00, 0x01]).small().is_none());
        assert!(Reader(&[0x03, 0x02, 0x01, 0x01]).bits().is_none());
    }
}
