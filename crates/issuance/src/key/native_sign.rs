//! RSA signatures by aws-lc-rs.

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};

use super::{KeyError, PublicKey};
use crate::secret::Secret;

/// An RSA key made ready to sign. Reading it puts its numbers to the test.
pub(crate) struct RsaSigner(KeyPair);

impl RsaSigner {
    /// Reads PKCS#1 DER.
    pub(crate) fn new(pkcs1: &Secret) -> Result<Self, KeyError> {
        KeyPair::from_der(pkcs1.expose()).map(Self).map_err(|_| KeyError::Malformed { form: "PKCS#1" })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        // PKCS#1 v1.5 needs no randomness; the interface asks for a source all the same.
        let unused = aws_lc_rs::rand::SystemRandom::new();
        self.0
            .sign(&RSA_PKCS1_SHA256, &unused, message, &mut signature)
            .map_err(|_| KeyError::Malformed { form: "PKCS#1" })?;
        Ok(signature)
    }
}

/// Whether a PKCS#1 v1.5 signature with SHA-256 is a key's.
pub(crate) fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.content()).verify(message, signature).is_ok()
}
