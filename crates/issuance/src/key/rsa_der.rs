//! The forms of RSA keys. Nothing is computed with them here: numbers are only looked at.

use pkcs1::RsaPrivateKeyRef;
use pkcs8::der::{Decode, Encode};

use super::modulus::algorithm_of_modulus;
use super::{KeyError, PublicKey};

const FORM: &str = "PKCS#1";

/// The public key inside a PKCS#1 RSAPrivateKey.
pub(super) fn public_of_private(der: &[u8]) -> Result<PublicKey, KeyError> {
    let malformed = |_| KeyError::Malformed { form: FORM };
    let key = RsaPrivateKeyRef::from_der(der).map_err(malformed)?;
    if key.other_prime_infos.is_some() {
        return Err(KeyError::Unsupported { what: "an RSA key with more than two primes".to_owned() });
    }
    let public = key.public_key().to_der().map_err(malformed)?;
    Ok(PublicKey::encode(algorithm_of_modulus(key.modulus.as_bytes())?, &public))
}
