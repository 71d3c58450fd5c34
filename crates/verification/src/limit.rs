//! How long a certificate may be that comes from somebody else. The readers themselves have no limit: Go has none, and each
//! takes time in proportion.

use std::fmt;

use crate::pem;

/// Octets of DER that are read of one certificate from outside.
const MOST: usize = 64 << 10;

/// A certificate that is longer than what is read of one from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its octets, DER.
    pub octets: usize,
}

impl TooLong {
    /// The first certificate of a PEM text that is too long; nothing where none is.
    pub fn in_pem(text: &str) -> Option<Self> {
        // PEM is longer than what it holds.
        if text.len() <= MOST {
            return None;
        }
        let mut lengths = pem::blocks(text).filter(|block| block.label == "CERTIFICATE").map(|block| block.der.len());
        lengths.find(|octets| *octets > MOST).map(|octets| Self { octets })
    }
}

impl fmt::Display for TooLong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the certificate is {} bytes long as DER; at most {MOST} (64 KiB) are read of one that comes from outside. A \
             cluster's certificates have one to three thousand, and a very long one can keep whoever reads it busy. If you \
             trust where it comes from, look at it with openssl x509 -noout -text",
            self.octets
        )
    }
}

impl std::error::Error for TooLong {}
