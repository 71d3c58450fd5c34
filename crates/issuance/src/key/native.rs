//! RSA by aws-lc-rs: for the command line, where a key takes a tenth of a second and a signature a millisecond.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use kubepki_core::spec::KeyAlgorithm;

use super::{KeyError, PrivateKey};
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
