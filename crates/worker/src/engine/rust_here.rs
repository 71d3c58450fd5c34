//! RSA in Rust, in the thread that asks: each key takes it a second or more, without a rest.

use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::Secret;
use kubepki_issuance::key::{generate_rsa, sign_rsa, verify_rsa_by_spki};

use crate::browser::random;

/// RSA in Rust.
pub(super) struct Rust;

impl Rust {
    /// Always there.
    pub(super) fn of_page() -> Option<Self> {
        Some(Self)
    }

    /// How many keys are made at a time.
    pub(super) fn size(&self) -> usize {
        1
    }

    /// Makes a key: PKCS#1 DER.
    pub(super) async fn generate(&self, algorithm: KeyAlgorithm) -> Result<Secret, String> {
        let key = generate_rsa(algorithm, &mut random::fill).map_err(|error| error.to_string())?;
        Ok(key.der().duplicate())
    }

    /// Signs with a key in PKCS#1 DER: PKCS#1 v1.5 with SHA-256.
    pub(super) async fn sign(&self, key: &Secret, message: &[u8]) -> Result<Vec<u8>, String> {
        sign_rsa(key.expose(), message).map_err(|error| error.to_string())
    }

    /// Whether a signature is right.
    pub(super) async fn verify(&self, spki: &[u8], signature: &[u8], message: &[u8]) -> Result<bool, String> {
        Ok(verify_rsa_by_spki(spki, message, signature))
    }
}
