//! Certificate and key as a TLS endpoint loads them (crypto/tls, X509KeyPair).

use std::fmt;

use crate::certificate::Certificate;
use crate::der::{self, CONSTRUCTED, Reader, SEQUENCE, context};
use crate::parse_error::ParseError;
use crate::pem;
use crate::signature::{PublicKey, point_of};

/// A certificate with what follows it, whose private key was seen to fit. The private key itself is not kept.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// Leaf first.
    pub chain: Vec<Certificate>,
}

/// Why a pair cannot be loaded. `Display` is what Go says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairError {
    /// No PEM block where the certificate should be.
    NoCertificate,
    /// A private key stands there.
    KeyForCertificate,
    /// Blocks of these labels stand there.
    OtherForCertificate(String),
    /// No PEM block where the key should be.
    NoKey,
    /// A certificate stands there.
    CertificateForKey,
    /// Blocks of these labels stand there.
    OtherForKey(String),
    /// The certificate cannot be read.
    Certificate(ParseError),
    /// The key cannot be read.
    Key,
    /// The key is of another kind.
    OtherType,
    /// The key is another's.
    Mismatch,
    /// A kind of key that TLS does not use.
    UnknownAlgorithm,
}

impl fmt::Display for PairError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => out.write_str("tls: failed to find any PEM data in certificate input"),
            Self::KeyForCertificate => out.write_str(
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs \
                 may have been switched",
            ),
            Self::OtherForCertificate(labels) => write!(
                out,
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the \
                 following types: [{labels}]"
            ),
            Self::NoKey => out.write_str("tls: failed to find any PEM data in key input"),
            Self::CertificateForKey => {
                out.write_str("tls: found a certificate rather than a key in the PEM for the private key")
            }
            Self::OtherForKey(labels) => write!(
                out,
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM \
                 blocks of the following types: [{labels}]"
            ),
            Self::Certificate(error) => error.fmt(out),
            Self::Key => out.write_str("tls: failed to parse private key"),
            Self::OtherType => out.write_str("tls: private key type does not match public key type"),
            Self::Mismatch => out.write_str("tls: private key does not match public key"),
            Self::UnknownAlgorithm => out.write_str("tls: unknown public key algorithm"),
        }
    }
}

impl std::error::Error for PairError {}

impl KeyPair {
    /// Loads a pair.
    ///
    /// # Errors
    /// As Go's `tls.X509KeyPair`.
    pub fn from_pem(certificates: &str, key: &str) -> Result<Self, PairError> {
        let blocks: Vec<_> = pem::blocks(certificates).collect();
        let (shown, skipped): (Vec<_>, Vec<_>) = blocks.iter().partition(|block| block.label == "CERTIFICATE");
        if shown.is_empty() {
            return Err(match &skipped[..] {
                [] => PairError::NoCertificate,
                [one] if one.label.ends_with("PRIVATE KEY") => PairError::KeyForCertificate,
                all => PairError::OtherForCertificate(labels(all.iter().map(|block| block.label))),
            });
        }
        let keys: Vec<_> = pem::blocks(key).collect();
        let is_key = |label: &str| label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY");
        let Some(key) = keys.iter().find(|block| is_key(block.label)) else {
            return Err(match &keys[..] {
                [] => PairError::NoKey,
                [one] if one.label == "CERTIFICATE" => PairError::CertificateForKey,
                all => PairError::OtherForKey(labels(all.iter().map(|block| block.label))),
            });
        };
        let leaf = Certificate::parse(&shown[0].der).map_err(PairError::Certificate)?;
        let private = public_of(&key.der).ok_or(PairError::Key)?;
        match (&leaf.public_key, &private) {
            (None | Some(PublicKey::Other(_)), _) => return Err(PairError::UnknownAlgorithm),
            (Some(public), private) if public.is_rsa() != private.is_rsa() => return Err(PairError::OtherType),
            (Some(public), private) if public != private => return Err(PairError::Mismatch),
            _ => {}
        }
        // What follows the leaf is read by the other side: what cannot be read is its business.
        let rest = shown[1..].iter().filter_map(|block| Certificate::parse(&block.der).ok());
        Ok(Self { chain: [leaf].into_iter().chain(rest).collect() })
    }

    /// A pair whose private half is elsewhere: the public half that was taken from it stands in its place, as PEM
    /// `PUBLIC KEY`. Nothing where that is not what stands there.
    pub fn from_public_half(certificates: &str, public: &str) -> Option<Result<Self, PairError>> {
        let block = pem::blocks(public).find(|block| block.label == "PUBLIC KEY")?;
        let chain: Result<Vec<Certificate>, ParseError> = pem::blocks(certificates)
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| Certificate::parse(&block.der))
            .collect();
        let chain = match chain {
            Ok(chain) => chain,
            Err(error) => return Some(Err(PairError::Certificate(error))),
        };
        Some(match chain.first() {
            None => Err(PairError::NoCertificate),
            Some(leaf) if leaf.raw_public_key != *block.der => Err(PairError::Mismatch),
            Some(_) => Ok(Self { chain }),
        })
    }

    /// Whether its key is RSA.
    pub fn is_rsa(&self) -> bool {
        self.chain.first().and_then(|leaf| leaf.public_key.as_ref()).is_some_and(PublicKey::is_rsa)
    }
}

fn labels<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.collect::<Vec<_>>().join(" ")
}

/// The public half of a private key in PKCS#8, PKCS#1 or SEC 1.
fn public_of(key: &[u8]) -> Option<PublicKey> {
    pkcs8(key).or_else(|| pkcs1(key)).or_else(|| sec1(key, None))
}

fn pkcs8(key: &[u8]) -> Option<PublicKey> {
    let mut body = Reader(key).read(SEQUENCE)?;
    body.small()?;
    let mut algorithm = body.read(SEQUENCE)?;
    let oid = algorithm.oid()?;
    let inner = body.read(der::OCTET_STRING)?;
    match oid {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01] => pkcs1(inner.0),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] => sec1(inner.0, algorithm.oid()),
        _ => None,
    }
}

fn pkcs1(key: &[u8]) -> Option<PublicKey> {
    let mut body = Reader(key).read(SEQUENCE)?;
    if body.small()? > 1 {
        return None;
    }
    let (modulus, exponent) = (body.integer()?, body.integer()?);
    // The private exponent and the primes must be there.
    (0..3).try_for_each(|_| body.integer().map(|_| ()))?;
    let short = |octets: &[u8]| octets[usize::from(octets.first() == Some(&0))..].to_vec();
    Some(PublicKey::Rsa { modulus: short(modulus), exponent: short(exponent) })
}

fn sec1(key: &[u8], curve: Option<&[u8]>) -> Option<PublicKey> {
    let mut body = Reader(key).read(SEQUENCE)?;
    if body.small()? != 1 {
        return None;
    }
    let scalar = body.read(der::OCTET_STRING)?.0;
    let named = match body.optional(CONSTRUCTED | context(0))? {
        Some(mut inner) => inner.oid(),
        None => None,
    };
    match curve.or(named)? {
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => point_of(scalar, true).map(PublicKey::P256),
        [0x2b, 0x81, 0x04, 0x00, 0x22] => point_of(scalar, false).map(PublicKey::P384),
        _ => None,
    }
}
