//! What is issued, and by which CAs.

use kubepki_core::Plan;
#[cfg(feature = "worker")]
use kubepki_issuance::PrivateKey;
use kubepki_issuance::{Issuer, Serial, Verifier, draw_serials};

use super::rsa::MadeKey;
use crate::browser::random;

/// What is issued.
pub(super) struct Job {
    /// What is planned.
    pub(super) plan: Plan,
    /// The design that it was planned from, as link text: helpers plan for themselves.
    #[cfg_attr(not(feature = "worker"), allow(dead_code, reason = "nobody helps"))]
    pub(super) design: String,
    /// The issue time, Unix seconds.
    pub(super) now: i64,
    /// Serial numbers, by index of `Plan::certs`.
    pub(super) serials: Vec<Option<Serial>>,
}

impl Job {
    /// Draws the serial numbers; no two are the same.
    pub(super) fn new(plan: Plan, design: String, now: i64) -> Result<Self, String> {
        let serials = draw_serials(&plan, &mut random::fill).map_err(|error| error.to_string())?;
        Ok(Self { plan, design, now, serials })
    }

    pub(super) fn serial(&self, index: usize) -> Result<Serial, String> {
        self.serials[index].ok_or_else(|| format!("{} has no serial number", self.plan.key_of(index)))
    }
}

/// A CA that is ready to sign.
pub(super) struct Authority {
    pub(super) made: MadeKey,
    pub(super) hand: Hand,
}

/// Who signs for it.
pub(super) enum Hand {
    /// ECDSA, in Rust.
    Here(Issuer),
    /// RSA, elsewhere.
    Elsewhere(Verifier),
}

impl Authority {
    pub(super) fn new(plan: &Plan, index: usize, made: MadeKey) -> Result<Self, String> {
        let hand = if made.key.algorithm().is_rsa() {
            Hand::Elsewhere(Verifier::new(made.key.public_key(), 0).map_err(|error| error.to_string())?)
        } else {
            Hand::Here(Issuer::new(plan, index, &made.key).map_err(|error| error.to_string())?)
        };
        Ok(Self { made, hand })
    }

    /// Its private key, for helpers.
    #[cfg(feature = "worker")]
    pub(super) fn key(&self) -> &PrivateKey {
        &self.made.key
    }
}
