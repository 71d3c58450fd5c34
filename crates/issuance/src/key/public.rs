//! Public keys.

use std::fmt;

use kubepki_core::spec::KeyAlgorithm;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::asn1::BitStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{KeyError, curve, modulus};
use crate::pem;

const FORM: &str = "SubjectPublicKeyInfo";

/// A public key as certificates carry it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
    /// Where the content of the BIT STRING begins in `spki`; it reaches to the end.
    content: usize,
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo. Points are checked to lie on their curve.
    ///
    /// # Errors
    /// When it is none, or its algorithm is not one that kubeadm makes.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed { form: FORM })?;
        let content = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed { form: FORM })?;
        let algorithm = if info.algorithm.oid == modulus::RSA_ENCRYPTION {
            modulus::algorithm_of_public(content)?
        } else if info.algorithm.oid == curve::EC_PUBLIC_KEY {
            let named = info.algorithm.parameters_oid().map_err(|_| KeyError::Malformed { form: FORM })?;
            let algorithm = curve::algorithm_of_curve(named)?;
            curve::check_point(algorithm, content)?;
            algorithm
        } else {
            return Err(KeyError::Unsupported { what: format!("a public key with algorithm {}", info.algorithm.oid) });
        };
        let public = Self { algorithm, spki: der.to_vec(), content: der.len() - content.len() };
        // DER allows one form only; anything else would not come back equal from a certificate.
        (Self::encode(algorithm, content).spki == public.spki)
            .then_some(public)
            .ok_or(KeyError::Malformed { form: FORM })
    }

    /// Reads PEM `PUBLIC KEY`.
    ///
    /// # Errors
    /// When there is no such block, or as for [`PublicKey::from_spki`].
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (_, der) = crate::pem::decode(text, &["PUBLIC KEY"])?;
        Self::from_spki(&der)
    }

    /// The key with these octets: a point for ECDSA, a DER RSAPublicKey for RSA.
    pub(super) fn encode(algorithm: KeyAlgorithm, content: &[u8]) -> Self {
        let named = curve::curve_of(algorithm);
        let (oid, parameters) = match &named {
            Some(named) => (curve::EC_PUBLIC_KEY, AnyRef::from(named)),
            None => (modulus::RSA_ENCRYPTION, AnyRef::NULL),
        };
        let spki = BitStringRef::from_bytes(content)
            .and_then(|subject_public_key| {
                let algorithm = AlgorithmIdentifierRef { oid, parameters: Some(parameters) };
                SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der()
            })
            .expect("a key of a few hundred octets has a DER form");
        Self { algorithm, content: spki.len() - content.len(), spki }
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Content of the BIT STRING subjectPublicKey, which key identifiers are computed over.
    pub fn content(&self) -> &[u8] {
        &self.spki[self.content..]
    }

    /// PEM `PUBLIC KEY`.
    pub fn to_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({})", self.algorithm.word())
    }
}
