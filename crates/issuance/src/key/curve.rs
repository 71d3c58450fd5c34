//! The curves of ECDSA keys, and points on them.

use kubepki_core::spec::KeyAlgorithm;
use p256::NistP256;
use p256::elliptic_curve::PublicKey as Point;
use p384::NistP384;
use pkcs8::der::asn1::ObjectIdentifier;

use super::KeyError;

/// id-ecPublicKey (RFC 5480 2.1.1).
pub(super) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// secp256r1 and secp384r1 (RFC 5480 2.1.1.1).
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// The curve of an algorithm; nothing for RSA.
pub(super) fn curve_of(algorithm: KeyAlgorithm) -> Option<ObjectIdentifier> {
    match algorithm {
        KeyAlgorithm::EcdsaP256 => Some(P256),
        KeyAlgorithm::EcdsaP384 => Some(P384),
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => None,
    }
}

/// The algorithm of a curve.
pub(super) fn algorithm_of_curve(curve: ObjectIdentifier) -> Result<KeyAlgorithm, KeyError> {
    match curve {
        P256 => Ok(KeyAlgorithm::EcdsaP256),
        P384 => Ok(KeyAlgorithm::EcdsaP384),
        other => Err(KeyError::Unsupported { what: format!("an ECDSA key on the curve {other}") }),
    }
}

/// Whether octets are an uncompressed point on the curve.
pub(super) fn check_point(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<(), KeyError> {
    let uncompressed = octets.first() == Some(&4);
    let on_curve = match algorithm {
        KeyAlgorithm::EcdsaP384 => Point::<NistP384>::from_sec1_bytes(octets).is_ok(),
        _ => Point::<NistP256>::from_sec1_bytes(octets).is_ok(),
    };
    (uncompressed && on_curve).then_some(()).ok_or(KeyError::Malformed { form: "SubjectPublicKeyInfo" })
}
