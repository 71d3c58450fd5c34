//! The forms of RSA keys. Nothing is computed with them here: numbers are only looked at.

use kubepki_core::spec::KeyAlgorithm;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::asn1::ObjectIdentifier;
use pkcs8::der::{Decode, Encode};

use super::{KeyError, PublicKey};

/// rsaEncryption (RFC 8017 A.1).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

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

/// The algorithm of a PKCS#1 RSAPublicKey.
pub(super) fn algorithm_of_public(der: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    let key = RsaPublicKeyRef::from_der(der).map_err(|_| KeyError::Malformed { form: FORM })?;
    algorithm_of_modulus(key.modulus.as_bytes())
}

fn algorithm_of_modulus(modulus: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    [KeyAlgorithm::Rsa2048, KeyAlgorithm::Rsa3072, KeyAlgorithm::Rsa4096]
        .into_iter()
        .find(|one| one.bits() as usize == bits)
        .ok_or_else(|| KeyError::Unsupported { what: format!("an RSA key with {bits} bits") })
}
