//! Curves of ECDSA keys, and the form that a point on one must have in a certificate (crypto/ecdsa,
//! `ParseUncompressedPublicKey`).

use crate::parse_error::ParseError;

/// A curve that Go knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P224,
    P256,
    P384,
    P521,
}

impl Curve {
    /// The curve of an OID; nothing for one that Go does not know.
    pub(crate) fn of(oid: &[u8]) -> Option<Self> {
        match oid {
            [0x2b, 0x81, 0x04, 0x00, 0x21] => Some(Self::P224),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => Some(Self::P256),
            [0x2b, 0x81, 0x04, 0x00, 0x22] => Some(Self::P384),
            [0x2b, 0x81, 0x04, 0x00, 0x23] => Some(Self::P521),
            _ => None,
        }
    }

    /// The prime of its field, big-endian.
    fn prime(self) -> &'static [u8] {
        match self {
            Self::P224 => PRIME_224,
            Self::P256 => PRIME_256,
            Self::P384 => PRIME_384,
            Self::P521 => &PRIME_521,
        }
    }

    /// Whether octets have the form of a point: uncompressed, of the right length, with coordinates below the prime.
    ///
    /// # Errors
    /// As Go says it.
    pub(crate) fn check_form(self, point: &[u8]) -> Result<(), ParseError> {
        let octets = self.prime().len();
        let coordinates = match point {
            [4, coordinates @ ..] => coordinates,
            _ => return Err(ParseError("ecdsa: invalid uncompressed public key".to_owned())),
        };
        if coordinates.len() != 2 * octets {
            return Err(ParseError(format!("invalid {self:?} point encoding")));
        }
        if coordinates.chunks(octets).any(|one| one >= self.prime()) {
            // P-256 alone is written in assembly.
            let element = if self == Self::P256 { "P256 element" } else { &format!("{self:?}Element") };
            return Err(ParseError(format!("invalid {element} encoding")));
        }
        Ok(())
    }

    /// What Go says of a point beside the curve.
    pub(crate) fn beside(self) -> ParseError {
        ParseError(format!("{self:?} point not on curve"))
    }
}

const PRIME_224: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01";
const PRIME_256: &[u8] = b"\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\
    \x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
const PRIME_384: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
    \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\
    \xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff";
const PRIME_521: [u8; 66] = {
    let mut prime = [0xff; 66];
    prime[0] = 0x01;
    prime
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_have_the_length_of_their_field() {
        let lengths = [Curve::P224, Curve::P256, Curve::P384, Curve::P521].map(|curve| curve.prime().len());
        assert_eq!(lengths, [28, 32, 48, 66]);
    }
}
