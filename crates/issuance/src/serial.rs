//! Serial numbers.

use std::fmt;

use kubepki_core::Plan;
use kubepki_core::sorted::SortedSet;

use crate::entropy::{Entropy, EntropyError, MOST_DRAWS};

/// A certificate's serial number: positive, in `[1, 2^63-1)`, so at most 8 octets. kubeadm draws its serials from the
/// same range (`cmd/kubeadm/app/util/pkiutil`, `NewSignedCert`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(u64);

/// One more than the largest serial.
const END: u64 = i64::MAX as u64;

impl Serial {
    /// A given serial number; nothing when it is out of range.
    pub fn new(value: u64) -> Option<Self> {
        (1..END).contains(&value).then_some(Self(value))
    }

    /// Draws a serial number, uniformly.
    ///
    /// # Errors
    /// When the source fails.
    pub fn draw(entropy: &mut Entropy<'_>) -> Result<Self, EntropyError> {
        for _ in 0..MOST_DRAWS {
            let mut bytes = [0; 8];
            entropy(&mut bytes)?;
            // 63 bits; the two values out of range are drawn again.
            if let Some(serial) = Self::new(u64::from_be_bytes(bytes) >> 1) {
                return Ok(serial);
            }
        }
        Err(EntropyError::NoneUsable)
    }

    /// Reads hexadecimal as [`fmt::Display`] writes it; nothing when it is none or out of range.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.len() <= 16 && text.bytes().all(|one| one.is_ascii_hexdigit());
        digits.then(|| u64::from_str_radix(text, 16).ok()).flatten().and_then(Self::new)
    }

    /// The number.
    pub fn value(self) -> u64 {
        self.0
    }

    /// Big-endian octets without leading zeros.
    pub fn octets(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        bytes[bytes.iter().position(|&one| one != 0).unwrap_or(7)..].to_vec()
    }
}

impl fmt::Display for Serial {
    /// Lower-case hexadecimal in whole octets, as `CertFacts::serial` has it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.octets().iter().try_for_each(|one| write!(out, "{one:02x}"))
    }
}

/// One serial number for every certificate of a plan, no two the same; nothing for a bare key pair, which has none.
///
/// # Errors
/// When the source fails, or gives what was drawn before over and over.
pub fn draw_serials(plan: &Plan, entropy: &mut Entropy<'_>) -> Result<Vec<Option<Serial>>, EntropyError> {
    let mut drawn = SortedSet::default();
    let mut draw = || {
        for _ in 0..MOST_DRAWS {
            let serial = Serial::draw(entropy)?;
            if drawn.insert(serial) {
                return Ok(serial);
            }
        }
        Err(EntropyError::NoneUsable)
    };
    plan.certs.iter().map(|cert| cert.subject.as_ref().map(|_| draw()).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_kubeadms() {
        assert_eq!(Serial::new(0), None);
        assert_eq!(Serial::new(END), None);
        assert!(Serial::new(1).is_some() && Serial::new(END - 1).is_some());
    }

    #[test]
    fn draws_again_when_out_of_range() {
        let mut given = [[0u8; 8], [0xff; 8], [0x01, 0x02, 0, 0, 0, 0, 0, 0x08]].into_iter();
        let mut entropy = |out: &mut [u8]| {
            out.copy_from_slice(&given.next().ok_or(EntropyError::Failed)?);
            Ok(())
        };
        assert_eq!(Serial::draw(&mut entropy).map(Serial::value), Ok(0x0081_0000_0000_0004));
        assert_eq!(Serial::draw(&mut entropy), Err(EntropyError::Failed));
    }

    #[test]
    fn hexadecimal_goes_both_ways() {
        for (value, text) in [(1, "01"), (0xabc, "0abc"), (END - 1, "7ffffffffffffffe")] {
            let serial = Serial::new(value).expect("in range");
            assert_eq!(serial.to_string(), text);
            assert_eq!(Serial::from_hex(text), Some(serial));
        }
        for bad in ["", "00", "+1", "xyz", "7fffffffffffffff", "00000000000000001"] {
            assert_eq!(Serial::from_hex(bad), None, "{bad}");
        }
    }
}
