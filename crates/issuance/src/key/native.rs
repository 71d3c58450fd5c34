//! RSA by aws-lc-rs: for the command line, where a key takes a tenth of a second and a signature a millisecond.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use kubepki_core::spec::KeyAlgorithm;

use super::{KeyError, PrivateKey, PublicKey};
use crate::entropy::EntropyError;

/// Makes an RSA key. aws-lc-rs takes its randomness from the operating system itself, not from the caller.
///
/// # Errors
/// When the system's random source fails, or the algorithm is not RSA.
pub fn generate_rsa_native(algorithm: KeyAlgorithm) -> Result<PrivateKey, KeyError> {
    let size = match algorithm {
        KeyAlgorithm::Rsa2048 => KeySize::Rsa2048,
        KeyAlgorithm::Rsa3072 => KeySize::Rsa3072,
        KeyAlgorithm::Rsa4096 => KeySize::Rsa4096,
        KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384 => {
            return Err(KeyError::NotHere { what: "making ECDSA keys from the system's random source" });
        }
    };
    let pkcs8 = KeyPair::generate(size).and_then(|pair| pair.as_der()).map_err(|_| EntropyError::Failed)?;
    PrivateKey::from_pkcs8(pkcs8.as_ref())
}

/// An RSA key made ready to sign. Reading it puts its numbers to the test.
pub(crate) struct RsaSigner(KeyPair);

impl RsaSigner {
    pub(crate) fn new(key: &PrivateKey) -> Result<Self, KeyError> {
        KeyPair::from_der(key.der().expose()).map(Self).map_err(|_| KeyError::Malformed { form: "PKCS#1" })
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
