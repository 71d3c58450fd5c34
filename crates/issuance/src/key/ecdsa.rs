//! ECDSA keys on P-256 and P-384.

use kubepki_core::spec::KeyAlgorithm;
use p256::NistP256;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, SecretKey};
use p384::NistP384;
use pkcs8::der::asn1::ObjectIdentifier;
use pkcs8::der::{Decode, Encode};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::curve::{algorithm_of_curve, curve_of};
use super::{KeyError, PublicKey};
use crate::entropy::{Entropy, EntropyError, MOST_DRAWS};
use crate::secret::Secret;

const FORM: &str = "SEC 1";

/// Makes a key, uniformly distributed: candidates outside `[1, n)` are drawn again (FIPS 186-5 A.2.2). Gives SEC 1 DER
/// and the public key; nothing for RSA.
pub(super) fn generate(
    algorithm: KeyAlgorithm,
    entropy: &mut Entropy<'_>,
) -> Result<Option<(Secret, PublicKey)>, EntropyError> {
    match algorithm {
        KeyAlgorithm::EcdsaP256 => generate_on::<NistP256>(algorithm, entropy).map(Some),
        KeyAlgorithm::EcdsaP384 => generate_on::<NistP384>(algorithm, entropy).map(Some),
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => Ok(None),
    }
}

fn generate_on<C>(algorithm: KeyAlgorithm, entropy: &mut Entropy<'_>) -> Result<(Secret, PublicKey), EntropyError>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let mut candidate = Zeroizing::new(FieldBytes::<C>::default());
    let mut draws = 0..MOST_DRAWS;
    let secret = loop {
        draws.next().ok_or(EntropyError::NoneUsable)?;
        entropy(&mut candidate[..])?;
        if let Ok(secret) = SecretKey::<C>::from_bytes(&candidate) {
            break secret;
        }
    };
    let point = secret.public_key().to_sec1_point(false);
    let der = write(algorithm, &candidate, point.as_bytes());
    Ok((der, PublicKey::encode(algorithm, point.as_bytes())))
}

/// Private scalar and point as SEC 1 DER (RFC 5915), with curve and public key, as Go's `x509.MarshalECPrivateKey`.
fn write(algorithm: KeyAlgorithm, scalar: &[u8], point: &[u8]) -> Secret {
    let parameters = curve_of(algorithm).map(EcParameters::NamedCurve);
    let der = EcPrivateKey { private_key: scalar, parameters, public_key: Some(point) }.to_der();
    Secret::new(der.expect("a scalar and a point have a DER form"))
}

/// Reads SEC 1 DER, derives the public key and gives both in the form [`generate`] does. `curve` is what surrounds it
/// (PKCS#8) says about the curve.
pub(super) fn read(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<(Secret, PublicKey), KeyError> {
    let key = EcPrivateKey::from_der(der).map_err(|_| KeyError::Malformed { form: FORM })?;
    let inner = key.parameters.map(|EcParameters::NamedCurve(curve)| curve);
    let algorithm = algorithm_of_curve(curve.or(inner).ok_or(KeyError::Malformed { form: FORM })?)?;
    if inner.is_some_and(|inner| Some(inner) != curve_of(algorithm)) {
        return Err(KeyError::Malformed { form: FORM });
    }
    match algorithm {
        KeyAlgorithm::EcdsaP384 => read_on::<NistP384>(algorithm, &key),
        _ => read_on::<NistP256>(algorithm, &key),
    }
}

fn read_on<C>(algorithm: KeyAlgorithm, key: &EcPrivateKey<'_>) -> Result<(Secret, PublicKey), KeyError>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let scalar = <&FieldBytes<C>>::try_from(key.private_key).map_err(|_| KeyError::Malformed { form: FORM })?;
    let secret = SecretKey::<C>::from_bytes(scalar).map_err(|_| KeyError::Malformed { form: FORM })?;
    let point = secret.public_key().to_sec1_point(false);
    if key.public_key.is_some_and(|stored| stored != point.as_bytes()) {
        return Err(KeyError::Mismatch);
    }
    Ok((write(algorithm, scalar, point.as_bytes()), PublicKey::encode(algorithm, point.as_bytes())))
}

/// The public key that stands in SEC 1 DER which [`generate`] or [`read`] gave, without deriving it again.
pub(super) fn stored_public(der: &[u8]) -> Result<PublicKey, KeyError> {
    let malformed = KeyError::Malformed { form: FORM };
    let key = EcPrivateKey::from_der(der).map_err(|_| malformed.clone())?;
    match (key.parameters, key.public_key) {
        (Some(EcParameters::NamedCurve(curve)), Some(point)) => {
            Ok(PublicKey::encode(algorithm_of_curve(curve)?, point))
        }
        _ => Err(malformed),
    }
}

/// The scalar inside SEC 1 DER.
pub(super) fn scalar(der: &[u8]) -> Result<&[u8], KeyError> {
    EcPrivateKey::from_der(der).map(|key| key.private_key).map_err(|_| KeyError::Malformed { form: FORM })
}
