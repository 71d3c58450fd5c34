//! Recipients (`age1…`) and identities (`AGE-SECRET-KEY-1…`).

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use kubepki_issuance::Entropy;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use crate::{OpenError, SealError};

const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";

/// Who can open a file: a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl Recipient {
    pub(super) fn point(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        // Shortened: whatever was pasted here by mistake stays out of the message.
        let wrong = || SealError::NotARecipient(text.chars().take(12).collect());
        decode(text.trim(), RECIPIENT).map(|bytes| Self(*bytes)).ok_or_else(wrong)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A prefix of three letters and 32 bytes always fit.
        out.write_str(&bech32::encode::<Bech32>(Hrp::parse_unchecked(RECIPIENT), &self.0).unwrap_or_default())
    }
}

/// What opens a file: a private key, wiped when dropped.
pub struct Identity(Zeroizing<[u8; 32]>);

impl Identity {
    /// Draws a new one.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn draw(entropy: &mut Entropy<'_>) -> Result<Self, SealError> {
        let mut scalar = Zeroizing::new([0; 32]);
        entropy(scalar.as_mut())?;
        Ok(Self(scalar))
    }

    /// Who can be encrypted to for this identity to open.
    pub fn recipient(&self) -> Recipient {
        Recipient(x25519(*self.0, X25519_BASEPOINT_BYTES))
    }

    pub(super) fn scalar(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Identity {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        decode(text.trim(), IDENTITY).map(Self).ok_or(OpenError::NotAnIdentity)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Identity(redacted)")
    }
}

fn decode(text: &str, prefix: &str) -> Option<Zeroizing<[u8; 32]>> {
    let read = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if read.hrp() != Hrp::parse_unchecked(prefix) {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    let mut bytes = read.byte_iter();
    for place in key.iter_mut() {
        *place = bytes.next()?;
    }
    bytes.next().is_none().then_some(key)
}
