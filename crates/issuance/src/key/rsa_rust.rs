//! RSA keys made in pure Rust: for browsers without WebCrypto. Many times slower than the platform.

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use kubepki_core::spec::KeyAlgorithm;
use pkcs1::EncodeRsaPrivateKey;
use rsa::RsaPrivateKey;
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey};
use crate::entropy::Entropy;

/// Makes an RSA key from the caller's entropy: 32 octets of it, stretched by ChaCha20, for the search for primes cannot
/// be told of a source that fails half-way.
///
/// # Errors
/// When the source fails, or the algorithm is not RSA.
pub fn generate_rsa(algorithm: KeyAlgorithm, entropy: &mut Entropy<'_>) -> Result<PrivateKey, KeyError> {
    if !algorithm.is_rsa() {
        return Err(KeyError::NotHere { what: "making ECDSA keys by the search for primes" });
    }
    let mut seed = Zeroizing::new([0; 32]);
    entropy(&mut *seed)?;
    let mut random = ChaCha20Rng::from_seed(*seed);
    let malformed = KeyError::Malformed { form: "PKCS#1" };
    let key = RsaPrivateKey::new(&mut random, algorithm.bits() as usize).map_err(|_| malformed.clone())?;
    PrivateKey::from_pkcs1(key.to_pkcs1_der().map_err(|_| malformed)?.as_bytes())
}
