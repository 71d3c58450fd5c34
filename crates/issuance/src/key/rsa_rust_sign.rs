//! RSA signatures in pure Rust, where no faster signer is compiled in.

use pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{RsaPrivateKey, RsaPublicKey, pkcs1v15};
use sha2::Sha256;

use super::{KeyError, PrivateKey, PublicKey};

/// An RSA key made ready to sign. Reading it puts its numbers to the test.
pub(crate) struct RsaSigner(pkcs1v15::SigningKey<Sha256>);

impl RsaSigner {
    pub(crate) fn new(key: &PrivateKey) -> Result<Self, KeyError> {
        let read = RsaPrivateKey::from_pkcs1_der(key.der().expose());
        read.map(|key| Self(pkcs1v15::SigningKey::new(key))).map_err(|_| KeyError::Malformed { form: "PKCS#1" })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.0.try_sign(message).map_err(|_| KeyError::Malformed { form: "PKCS#1" })?;
        Ok(signature.to_vec())
    }
}

/// Whether a PKCS#1 v1.5 signature with SHA-256 is a key's.
pub(crate) fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = RsaPublicKey::from_pkcs1_der(key.content()) else { return false };
    let Ok(signature) = pkcs1v15::Signature::try_from(signature) else { return false };
    pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature).is_ok()
}
