//! Signatures put to the test with the issuer's public key.

use std::fmt;

use kubepki_core::spec::KeyAlgorithm;
use p256::ecdsa::signature::Verifier as _;
use p256::elliptic_curve::group::{Curve as _, Group as _};
use p256::elliptic_curve::ops::{Invert, MulByGeneratorVartime, Reduce};
use p256::elliptic_curve::point::AffineCoordinates;
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, ProjectivePoint, Scalar};
use p256::{NistP256, ecdsa as on_p256};
use p384::{NistP384, ecdsa as on_p384};
use sha2::{Digest, Sha256, Sha384};

use crate::key::{KeyError, PublicKey};
use crate::multiples::Multiples;

/// An issuer's public key made ready to verify. Make one per CA and keep it.
pub struct Verifier {
    public: PublicKey,
    kind: Kind,
}

enum Kind {
    P256(on_p256::VerifyingKey),
    P384(on_p384::VerifyingKey),
    ManyP256(Many<NistP256>),
    ManyP384(Many<NistP384>),
    Rsa,
}

/// From this many signatures on, tables pay for themselves.
const MANY: usize = 4;
/// From this many on, so does a second one for the generator.
const VERY_MANY: usize = 100;

impl Verifier {
    /// Makes a public key ready to verify about this many signatures.
    ///
    /// # Errors
    /// When it is no point on its curve.
    pub fn new(key: &PublicKey, signatures: usize) -> Result<Self, KeyError> {
        let malformed = KeyError::Malformed { form: "SubjectPublicKeyInfo" };
        let many = signatures >= MANY;
        let kind = match key.algorithm() {
            KeyAlgorithm::EcdsaP256 => {
                let point = point::<NistP256>(key.content()).ok_or_else(|| malformed.clone())?;
                match many {
                    true => Kind::ManyP256(Many::new(point.into(), signatures)),
                    false => Kind::P256(on_p256::VerifyingKey::from_affine(point).map_err(|_| malformed)?),
                }
            }
            KeyAlgorithm::EcdsaP384 => {
                let point = point::<NistP384>(key.content()).ok_or_else(|| malformed.clone())?;
                match many {
                    true => Kind::ManyP384(Many::new(point.into(), signatures)),
                    false => Kind::P384(on_p384::VerifyingKey::from_affine(point).map_err(|_| malformed)?),
                }
            }
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => Kind::Rsa,
        };
        Ok(Self { public: key.clone(), kind })
    }

    /// The key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Whether a signature is this key's; nothing when this build cannot tell, which is so for RSA without the
    /// features `native` and `rsa-rust`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let p256 = || on_p256::Signature::from_der(signature).ok();
        let p384 = || on_p384::Signature::from_der(signature).ok();
        Some(match &self.kind {
            Kind::P256(key) => p256().is_some_and(|one| key.verify(message, &one).is_ok()),
            Kind::P384(key) => p384().is_some_and(|one| key.verify(message, &one).is_ok()),
            Kind::ManyP256(key) => p256().is_some_and(|one| {
                let (r, s) = one.split_scalars();
                key.verify(&Sha256::digest(message), *r, *s)
            }),
            Kind::ManyP384(key) => p384().is_some_and(|one| {
                let (r, s) = one.split_scalars();
                key.verify(&Sha384::digest(message), *r, *s)
            }),
            #[cfg(any(feature = "native", feature = "rsa-rust"))]
            Kind::Rsa => crate::key::verify_rsa(&self.public, message, signature),
            #[cfg(not(any(feature = "native", feature = "rsa-rust")))]
            Kind::Rsa => return None,
        })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Verifier").field(&self.public).finish()
    }
}

/// An uncompressed point (SEC 1 2.3.4) that lies on its curve. The library's own reader knows compressed ones as well,
/// which certificates here never hold, and brings square roots along.
fn point<C: CurveArithmetic>(octets: &[u8]) -> Option<AffinePoint<C>>
where
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let (4, coordinates) = octets.split_first().map(|(form, rest)| (*form, rest))? else { return None };
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let (x, y) = (<&FieldBytes<C>>::try_from(x).ok()?, <&FieldBytes<C>>::try_from(y).ok()?);
    AffinePoint::<C>::from_coordinates(x, y).into_option()
}

/// A key with tables of its multiples.
struct Many<C: CurveArithmetic> {
    key: Multiples<ProjectivePoint<C>>,
    generator: Option<Multiples<ProjectivePoint<C>>>,
}

impl<C: CurveArithmetic> Many<C> {
    fn new(key: ProjectivePoint<C>, signatures: usize) -> Self {
        let generator = || Multiples::new(ProjectivePoint::<C>::generator(), signatures);
        Self { key: Multiples::new(key, signatures), generator: (signatures >= VERY_MANY).then(generator) }
    }

    /// ECDSA verification (FIPS 186-5 6.4.2) of a digest as long as the curve's order; `r` and `s` are not zero.
    fn verify(&self, digest: &FieldBytes<C>, r: Scalar<C>, s: Scalar<C>) -> bool {
        let Some(inverse) = s.invert_vartime().into_option() else { return false };
        let by_generator = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(digest) * inverse;
        let generated = match &self.generator {
            Some(generator) => generator.times(&by_generator),
            None => ProjectivePoint::<C>::mul_by_generator_vartime(&by_generator),
        };
        let point = generated + self.key.times(&(r * inverse));
        !bool::from(point.is_identity()) && <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&point.to_affine().x()) == r
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PrivateKey;
    use crate::sign::Signer;

    #[test]
    fn a_point_is_uncompressed_and_on_its_curve() {
        let mut entropy = |out: &mut [u8]| {
            out.fill(7);
            Ok(())
        };
        let key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut entropy).expect("entropy");
        let good = key.public_key().content();
        assert!(point::<NistP256>(good).is_some() && point::<NistP384>(good).is_none());
        let mut off = good.to_vec();
        off[64] ^= 1;
        for bad in [&off[..], &good[..64], &[&[2], &good[1..33]].concat(), &[0], &[]] {
            assert!(point::<NistP256>(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn every_way_of_verifying_gives_the_same_answer() {
        for algorithm in [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384] {
            let mut next = 0;
            let mut entropy = |out: &mut [u8]| {
                next += 1;
                out.fill(next);
                Ok(())
            };
            let keys = [(); 2].map(|()| PrivateKey::generate_ecdsa(algorithm, &mut entropy).expect("entropy"));
            let signers = keys.each_ref().map(|key| Signer::new(key).expect("its own key"));
            for signatures in [1, MANY, VERY_MANY] {
                let verifier = Verifier::new(keys[0].public_key(), signatures).expect("its own key");
                for message in 0..20u8 {
                    let signature = signers[0].sign(&[message]).expect("an ECDSA key");
                    assert_eq!(verifier.verify(&[message], &signature), Some(true));
                    assert_eq!(verifier.verify(&[message, 0], &signature), Some(false));
                    let other = signers[1].sign(&[message]).expect("an ECDSA key");
                    assert_eq!(verifier.verify(&[message], &other), Some(false));
                }
                for garbage in [&b""[..], &[0x30, 6, 2, 1, 1, 2, 1, 1], &[0x30, 6, 2, 1, 0, 2, 1, 0], &[0xff; 72]] {
                    assert_eq!(verifier.verify(b"message", garbage), Some(false));
                }
            }
        }
    }
}
