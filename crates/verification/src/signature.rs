//! Public keys and signatures. The only file that names the cryptographic libraries.

use std::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::curve::Curve;
use crate::der::{Reader, SEQUENCE};
use crate::parse_error::ParseError;

/// A public key of a kind that is known.
#[derive(Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA: modulus and exponent, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The exponent.
        exponent: Vec<u8>,
    },
    /// ECDSA on P-256: the uncompressed point.
    P256(Vec<u8>),
    /// ECDSA on P-384: the uncompressed point.
    P384(Vec<u8>),
    /// A kind that Go knows and this does not; its name in Go.
    Other(&'static str),
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.go_type())
    }
}

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// NULL, DER.
const NULL: &[u8] = &[5, 0];

impl PublicKey {
    /// Reads a key as Go's `parsePublicKey`; nothing for an algorithm that Go does not know.
    pub(crate) fn read(oid: &[u8], parameters: &[u8], key: &[u8]) -> Result<Option<Self>, ParseError> {
        match oid {
            RSA_ENCRYPTION => rsa_key(parameters, key).map(Some),
            EC_PUBLIC_KEY => {
                let curve = Reader(parameters).oid().ok_or_else(|| ParseError::new("invalid ECDSA parameters"))?;
                let curve = Curve::of(curve).ok_or_else(|| ParseError::new("unsupported elliptic curve"))?;
                curve.check_form(key)?;
                match curve {
                    Curve::P256 => {
                        p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| curve.beside())?;
                        Ok(Some(Self::P256(key.to_vec())))
                    }
                    Curve::P384 => {
                        p384::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| curve.beside())?;
                        Ok(Some(Self::P384(key.to_vec())))
                    }
                    Curve::P224 | Curve::P521 => Ok(Some(Self::Other("*ecdsa.PublicKey"))),
                }
            }
            ED25519 if !parameters.is_empty() => Err(ParseError::new("Ed25519 key encoded with illegal parameters")),
            ED25519 if key.len() != 32 => Err(ParseError::new("wrong Ed25519 public key size")),
            ED25519 => Ok(Some(Self::Other("ed25519.PublicKey"))),
            _ => Ok(None),
        }
    }

    /// How Go's `%T` calls it.
    pub fn go_type(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "*rsa.PublicKey",
            Self::P256(_) | Self::P384(_) => "*ecdsa.PublicKey",
            Self::Other(name) => name,
        }
    }

    /// Whether it is RSA.
    pub fn is_rsa(&self) -> bool {
        matches!(self, Self::Rsa { .. })
    }

    /// Bits of an RSA modulus.
    pub(crate) fn modulus_bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { modulus, .. } => {
                let first = modulus.first().copied().unwrap_or_default();
                Some(modulus.len() * 8 - first.leading_zeros() as usize)
            }
            _ => None,
        }
    }
}

fn rsa_key(parameters: &[u8], key: &[u8]) -> Result<PublicKey, ParseError> {
    if parameters != NULL {
        return Err(ParseError::new("RSA key missing NULL parameters"));
    }
    let mut body = Reader(key).read(SEQUENCE).ok_or_else(|| ParseError::new("invalid RSA public key"))?;
    let modulus = body.integer().ok_or_else(|| ParseError::new("invalid RSA modulus"))?;
    let exponent = body.integer().ok_or_else(|| ParseError::new("invalid RSA public exponent"))?;
    let is_positive = |octets: &[u8]| octets[0] & 0x80 == 0 && octets != [0];
    if !is_positive(modulus) {
        return Err(ParseError::new("RSA modulus is not a positive number"));
    }
    if exponent.len() > 8 {
        return Err(ParseError::new("invalid RSA public exponent"));
    }
    if !is_positive(exponent) {
        return Err(ParseError::new("RSA public exponent is not a positive number"));
    }
    let short = |octets: &[u8]| octets[usize::from(octets[0] == 0)..].to_vec();
    Ok(PublicKey::Rsa { modulus: short(modulus), exponent: short(exponent) })
}

/// How a certificate was signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// None that Go knows.
    #[default]
    Unknown,
    /// One that Go refuses, by Go's name.
    Insecure(&'static str),
    /// RSA, PKCS#1 v1.5.
    Rsa(Hash),
    /// RSA, PSS with a salt as long as the hash.
    RsaPss(Hash),
    /// ECDSA.
    Ecdsa(Hash),
    /// One that Go knows and this does not, by the kind of key in Go's words.
    Other(&'static str),
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl SignatureAlgorithm {
    /// The algorithm of an AlgorithmIdentifier (Go: getSignatureAlgorithmFromAI).
    pub(crate) fn of(oid: &[u8], parameters: &[u8]) -> Self {
        const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
        const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
        match oid {
            [prefix @ .., last] if prefix == PKCS1 => match last {
                4 => Self::Insecure("MD5-RSA"),
                5 => Self::Insecure("SHA1-RSA"),
                10 => pss(parameters),
                11 => Self::Rsa(Hash::Sha256),
                12 => Self::Rsa(Hash::Sha384),
                13 => Self::Rsa(Hash::Sha512),
                _ => Self::Unknown,
            },
            [0x2b, 0x0e, 0x03, 0x02, 0x1d] => Self::Insecure("SHA1-RSA"),
            [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03] => Self::Insecure("DSA-SHA1"),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01] => Self::Insecure("ECDSA-SHA1"),
            [prefix @ .., last] if prefix == ECDSA_SHA2 => match last {
                2 => Self::Ecdsa(Hash::Sha256),
                3 => Self::Ecdsa(Hash::Sha384),
                4 => Self::Ecdsa(Hash::Sha512),
                _ => Self::Unknown,
            },
            ED25519 if parameters.is_empty() => Self::Other("Ed25519"),
            _ => Self::Unknown,
        }
    }

    /// Go's name for the kind of key that makes such signatures.
    fn key_kind(self) -> &'static str {
        match self {
            Self::Rsa(_) | Self::RsaPss(_) => "RSA",
            Self::Ecdsa(_) => "ECDSA",
            Self::Other(kind) => kind,
            Self::Unknown | Self::Insecure(_) => "",
        }
    }
}

/// PSS parameters that say one hash throughout and a salt as long as it.
fn pss(parameters: &[u8]) -> SignatureAlgorithm {
    let wanted = [(Hash::Sha256, 1_u8, 32_u8), (Hash::Sha384, 2, 48), (Hash::Sha512, 3, 64)];
    let read = || -> Option<SignatureAlgorithm> {
        let mut body = Reader(parameters).read(SEQUENCE)?;
        let hash = |mut from: Reader<'_>| -> Option<u8> {
            let mut identifier = from.read(SEQUENCE)?;
            let oid = identifier.oid()?;
            let [prefix @ .., last] = oid else { return None };
            let rest = identifier.0;
            (prefix == [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02] && (rest.is_empty() || rest == NULL))
                .then_some(*last)
        };
        let message = hash(body.read(0xa0)?)?;
        let mut mask = body.read(0xa1)?.read(SEQUENCE)?;
        if mask.oid()? != [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08] || hash(mask)? != message {
            return None;
        }
        let salt = body.read(0xa2)?.small()?;
        let trailer = match body.optional(0xa3)? {
            Some(mut one) => one.small()?,
            None => 1,
        };
        let (found, ..) = wanted.iter().find(|(_, last, length)| *last == message && i64::from(*length) == salt)?;
        (trailer == 1).then_some(SignatureAlgorithm::RsaPss(*found))
    };
    read().unwrap_or(SignatureAlgorithm::Unknown)
}

/// Why a signature does not count. `Display` is what Go says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// The issuer is no CA, or its key usage leaves signing certificates out.
    CannotSign,
    /// An algorithm that is not known.
    Unsupported,
    /// An algorithm that is not trusted any more, by Go's name.
    Insecure(&'static str),
    /// The key is of another kind than the signature.
    OtherKey {
        /// What the signature asks for.
        expected: &'static str,
        /// What Go calls the key.
        found: &'static str,
    },
    /// An RSA signature that is not this key's.
    Rsa,
    /// An RSA key of so few bits.
    RsaTooSmall(usize),
    /// An ECDSA signature that is not this key's.
    Ecdsa,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CannotSign => {
                out.write_str("x509: invalid signature: parent certificate cannot sign this kind of certificate")
            }
            Self::Unsupported => out.write_str("x509: cannot verify signature: algorithm unimplemented"),
            Self::Insecure(name) => write!(out, "x509: cannot verify signature: insecure algorithm {name}"),
            Self::OtherKey { expected, found } => write!(
                out,
                "x509: signature algorithm specifies an {expected} public key, but have public key of type {found}"
            ),
            Self::Rsa => out.write_str("crypto/rsa: verification error"),
            Self::RsaTooSmall(bits) => write!(
                out,
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            ),
            Self::Ecdsa => out.write_str("x509: ECDSA verification failure"),
        }
    }
}

impl std::error::Error for SignatureError {}

/// The SHA-256 sum of octets.
pub(crate) fn sha256(octets: &[u8]) -> [u8; 32] {
    Sha256::digest(octets).into()
}

/// Go's `checkSignature`.
pub(crate) fn check(
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
    key: &PublicKey,
) -> Result<(), SignatureError> {
    let hash = match algorithm {
        SignatureAlgorithm::Unknown => return Err(SignatureError::Unsupported),
        SignatureAlgorithm::Insecure(name) => return Err(SignatureError::Insecure(name)),
        SignatureAlgorithm::Rsa(hash) | SignatureAlgorithm::RsaPss(hash) | SignatureAlgorithm::Ecdsa(hash) => hash,
        SignatureAlgorithm::Other(_) => Hash::Sha256,
    };
    let digest = match hash {
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    };
    let other = SignatureError::OtherKey { expected: algorithm.key_kind(), found: key.go_type() };
    match (key, algorithm) {
        (PublicKey::Rsa { modulus, exponent }, SignatureAlgorithm::Rsa(_) | SignatureAlgorithm::RsaPss(_)) => {
            let bits = key.modulus_bits().unwrap_or_default();
            if bits < 1024 {
                return Err(SignatureError::RsaTooSmall(bits));
            }
            let is_pss = matches!(algorithm, SignatureAlgorithm::RsaPss(_));
            rsa_verifies(modulus, exponent, hash, is_pss, &digest, signature).then_some(()).ok_or(SignatureError::Rsa)
        }
        (PublicKey::P256(point), SignatureAlgorithm::Ecdsa(_)) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok();
            let signature = p256::ecdsa::Signature::from_der(signature).ok();
            let verifies = key.zip(signature).is_some_and(|(key, one)| key.verify_prehash(&digest, &one).is_ok());
            verifies.then_some(()).ok_or(SignatureError::Ecdsa)
        }
        (PublicKey::P384(point), SignatureAlgorithm::Ecdsa(_)) => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok();
            let signature = p384::ecdsa::Signature::from_der(signature).ok();
            let verifies = key.zip(signature).is_some_and(|(key, one)| key.verify_prehash(&digest, &one).is_ok());
            verifies.then_some(()).ok_or(SignatureError::Ecdsa)
        }
        (PublicKey::Other(_), _) => Err(SignatureError::Unsupported),
        _ => Err(other),
    }
}

fn rsa_verifies(modulus: &[u8], exponent: &[u8], hash: Hash, is_pss: bool, digest: &[u8], signature: &[u8]) -> bool {
    let (n, e) = (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent));
    let Ok(key) = RsaPublicKey::new_with_size_limits(n, e, 1_024..=16_384) else { return false };
    // Go wants a signature exactly as long as the modulus.
    if key.size() != signature.len() {
        return false;
    }
    match (is_pss, hash) {
        (false, Hash::Sha256) => key.verify(Pkcs1v15Sign::new::<Sha256>(), digest, signature),
        (false, Hash::Sha384) => key.verify(Pkcs1v15Sign::new::<Sha384>(), digest, signature),
        (false, Hash::Sha512) => key.verify(Pkcs1v15Sign::new::<Sha512>(), digest, signature),
        (true, Hash::Sha256) => key.verify(Pss::<Sha256>::new(), digest, signature),
        (true, Hash::Sha384) => key.verify(Pss::<Sha384>::new(), digest, signature),
        (true, Hash::Sha512) => key.verify(Pss::<Sha512>::new(), digest, signature),
    }
    .is_ok()
}

/// The point of an ECDSA private key on P-256 (first) or P-384, uncompressed; nothing for numbers that are none.
pub(crate) fn point_of(scalar: &[u8], is_p256: bool) -> Option<Vec<u8>> {
    match is_p256 {
        true => {
            let key = p256::SecretKey::from_slice(scalar).ok()?;
            Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        }
        false => {
            let key = p384::SecretKey::from_slice(scalar).ok()?;
            Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        }
    }
}
