//! RSA keys by the size of their modulus.

use kubepki_core::spec::KeyAlgorithm;
use pkcs1::RsaPublicKeyRef;
use pkcs8::der::Decode;
use pkcs8::der::asn1::ObjectIdentifier;

use super::KeyError;

/// rsaEncryption (RFC 8017 A.1).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const FORM: &str = "PKCS#1";

/// The algorithm of a PKCS#1 RSAPublicKey.
pub(super) fn algorithm_of_public(der: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    let key = RsaPublicKeyRef::from_der(der).map_err(|_| KeyError::Malformed { form: FORM })?;
    algorithm_of_modulus(key.modulus.as_bytes())
}

/// The algorithm of a modulus, without a sign.
pub(super) fn algorithm_of_modulus(modulus: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    [KeyAlgorithm::Rsa2048, KeyAlgorithm::Rsa3072, KeyAlgorithm::Rsa4096]
        .into_iter()
        .find(|one| one.bits() as usize == bits)
        .ok_or_else(|| KeyError::Unsupported { what: format!("an RSA key with {bits} bits") })
}
