//! Private keys.

use std::fmt;

use kubepki_core::spec::KeyAlgorithm;
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;

use super::curve::EC_PUBLIC_KEY;
use super::modulus::RSA_ENCRYPTION;
use super::{KeyError, PublicKey, ecdsa, rsa_der};
use crate::entropy::Entropy;
use crate::pem;
use crate::secret::{Secret, SecretText};

const PKCS1: &str = "RSA PRIVATE KEY";
const SEC1: &str = "EC PRIVATE KEY";
const PKCS8: &str = "PRIVATE KEY";

/// A private key with its public one, kept as the DER that kubeadm writes: PKCS#1 for RSA, SEC 1 for ECDSA. Wiped when
/// dropped, redacted in `Debug`.
pub struct PrivateKey {
    der: Secret,
    public: PublicKey,
}

impl PrivateKey {
    /// Makes an ECDSA key from the caller's entropy, uniformly distributed.
    ///
    /// # Errors
    /// When the source fails, or the algorithm is RSA: those keys are made by WebCrypto, or with the features `native`
    /// and `rsa-rust`.
    pub fn generate_ecdsa(algorithm: KeyAlgorithm, entropy: &mut Entropy<'_>) -> Result<Self, KeyError> {
        let (der, public) =
            ecdsa::generate(algorithm, entropy)?.ok_or(KeyError::NotHere { what: "making RSA keys" })?;
        Ok(Self { der, public })
    }

    /// Reads PKCS#8 DER, as WebCrypto exports it. What is inside is kept as it is: for RSA that is the PKCS#1 key.
    ///
    /// # Errors
    /// When it is no PKCS#8 key, or one of a kind that kubeadm does not make.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let malformed = |_| KeyError::Malformed { form: "PKCS#8" };
        let info = PrivateKeyInfoRef::from_der(der).map_err(malformed)?;
        let inner = info.private_key.as_bytes();
        if info.algorithm.oid == RSA_ENCRYPTION {
            Self::from_pkcs1(inner)
        } else if info.algorithm.oid == EC_PUBLIC_KEY {
            let curve = info.algorithm.parameters_oid().map_err(|_| KeyError::Malformed { form: "PKCS#8" })?;
            let (der, public) = ecdsa::read(inner, Some(curve))?;
            Ok(Self { der, public })
        } else {
            Err(KeyError::Unsupported { what: format!("a private key with algorithm {}", info.algorithm.oid) })
        }
    }

    /// Reads PKCS#1 DER. With the feature `native` its numbers are put to the test; without it a wrong one shows when
    /// a signature is verified.
    ///
    /// # Errors
    /// When it is no RSA key of 2048, 3072 or 4096 bits with two primes.
    pub fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let public = rsa_der::public_of_private(der)?;
        let key = Self { der: Secret::new(der.to_vec()), public };
        #[cfg(feature = "native")]
        super::RsaSigner::new(&key.der)?;
        Ok(key)
    }

    /// Reads SEC 1 DER.
    ///
    /// # Errors
    /// When it is no key on P-256 or P-384, or the public key in it is another's.
    pub fn from_sec1(der: &[u8]) -> Result<Self, KeyError> {
        let (der, public) = ecdsa::read(der, None)?;
        Ok(Self { der, public })
    }

    /// Takes over DER that [`PrivateKey::der`] gave in another worker of the same program. The public key in it is
    /// believed and not derived again, which for thousands of keys would take as long as making them.
    ///
    /// # Errors
    /// When it is not in that form.
    pub fn from_own_der(der: Secret) -> Result<Self, KeyError> {
        let public = ecdsa::stored_public(der.expose()).or_else(|_| rsa_der::public_of_private(der.expose()))?;
        Ok(Self { der, public })
    }

    /// Reads PEM: the first block that is `RSA PRIVATE KEY`, `EC PRIVATE KEY` or `PRIVATE KEY`; others are skipped, as
    /// kubeadm does (client-go `util/keyutil/key.go`, `ParsePrivateKeyPEM`).
    ///
    /// # Errors
    /// When there is none, it is damaged, or of a kind that kubeadm does not make.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, der) = pem::decode(text, &[PKCS1, SEC1, PKCS8])?;
        match label {
            PKCS1 => Self::from_pkcs1(&der),
            SEC1 => Self::from_sec1(&der),
            _ => Self::from_pkcs8(&der),
        }
    }

    /// A key whose private half is kept elsewhere: what stands in its place where the public one is all that is known.
    /// Nothing can be signed with it, and it is written nowhere.
    pub fn kept_elsewhere(public: PublicKey) -> Self {
        Self { der: Secret::new(Vec::new()), public }
    }

    /// Whether its private half is here.
    pub fn is_here(&self) -> bool {
        !self.der.expose().is_empty()
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm()
    }

    /// Its public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// PKCS#1 for RSA, SEC 1 for ECDSA.
    pub fn der(&self) -> &Secret {
        &self.der
    }

    /// As kubeadm writes it: PEM `RSA PRIVATE KEY`, or `EC PRIVATE KEY` without a block `EC PARAMETERS`.
    pub fn to_pem(&self) -> SecretText {
        let label = if self.algorithm().is_rsa() { PKCS1 } else { SEC1 };
        SecretText::new(pem::encode(label, self.der.expose()))
    }

    /// As PKCS#8 (RFC 5958 section 2): what encrypted keys and PKCS#12 hold.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] where the key does not fit the form, which none does that was read or made here.
    pub fn to_pkcs8(&self) -> Result<Secret, KeyError> {
        let curve = super::curve::curve_of(self.algorithm());
        let algorithm = AlgorithmIdentifierRef {
            oid: if curve.is_some() { EC_PUBLIC_KEY } else { RSA_ENCRYPTION },
            parameters: Some(curve.as_ref().map_or(AnyRef::NULL, AnyRef::from)),
        };
        let info = OctetStringRef::new(self.der.expose())
            .and_then(|key| PrivateKeyInfoRef::new(algorithm, key).to_der())
            .map_err(|_| KeyError::Malformed { form: "PKCS#8" })?;
        Ok(Secret::new(info))
    }

    /// The private scalar of an ECDSA key, big-endian.
    pub(crate) fn scalar(&self) -> Result<&[u8], KeyError> {
        ecdsa::scalar(self.der.expose())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PrivateKey({}, redacted)", self.algorithm().word())
    }
}
