//! RSA signatures in pure Rust, where no faster signer is compiled in.

use pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{RsaPrivateKey, RsaPublicKey, pkcs1v15};
use sha2::Sha256;

use super::{KeyError, PrivateKey, PublicKey};
use crate::secret::Secret;

/// An RSA key made ready to sign. Reading it puts its numbers to the test.
pub(crate) struct RsaSigner(pkcs1v15::SigningKey<Sha256>);

impl RsaSigner {
    /// Reads PKCS#1 DER.
    pub(crate) fn new(pkcs1: &Secret) -> Result<Self, KeyError> {
        let read = RsaPrivateKey::from_pkcs1_der(pkcs1.expose());
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

/// Signs with a key in PKCS#1 DER, PKCS#1 v1.5 with SHA-256. For a program that does RSA and nothing else, which would
/// carry ECDSA along with [`crate::Signer`].
///
/// # Errors
/// When it is no RSA key, or its numbers do not fit together.
pub fn sign_rsa(pkcs1: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    RsaSigner::new(PrivateKey::from_pkcs1(pkcs1)?.der())?.sign(message)
}

/// Whether a signature is that of a key in DER SubjectPublicKeyInfo: [`sign_rsa`]'s counterpart.
pub fn verify_rsa_by_spki(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = RsaPublicKey::from_public_key_der(spki) else { return false };
    let Ok(signature) = pkcs1v15::Signature::try_from(signature) else { return false };
    pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PrivateKey {
        PrivateKey::from_pem(include_str!("../../testdata/keys/rsa-2048.pem")).expect("a test key")
    }

    #[test]
    fn a_signature_is_its_keys_and_for_its_message() {
        let key = key();
        let signature = RsaSigner::new(key.der()).and_then(|signer| signer.sign(b"message")).expect("a test key");
        assert!(verify(key.public_key(), b"message", &signature));
        assert!(!verify(key.public_key(), b"another", &signature));
        assert!(!verify(key.public_key(), b"message", &signature[1..]));
        assert!(!verify(key.public_key(), b"message", b""));
    }

    #[test]
    fn forms_from_elsewhere_do_as_well() {
        let key = key();
        let signature = sign_rsa(key.der().expose(), b"message").expect("a test key");
        assert!(verify_rsa_by_spki(key.public_key().spki(), b"message", &signature));
        assert!(!verify_rsa_by_spki(key.public_key().spki(), b"another", &signature));
        assert!(!verify_rsa_by_spki(b"none", b"message", &signature) && sign_rsa(b"none", b"message").is_err());
    }

    #[cfg(feature = "native")]
    #[test]
    fn both_signers_sign_alike_and_believe_each_other() {
        use crate::key::native_sign;
        let key = key();
        let ours = RsaSigner::new(key.der()).and_then(|signer| signer.sign(b"message")).expect("a test key");
        let native =
            native_sign::RsaSigner::new(key.der()).and_then(|signer| signer.sign(b"message")).expect("a test key");
        assert_eq!(ours, native);
        assert!(native_sign::verify(key.public_key(), b"message", &ours));
        assert!(!native_sign::verify(key.public_key(), b"another", &ours));
    }
}
