//! Signatures, and certificates put together from them.

use kubepki_core::spec::KeyAlgorithm;
use p256::ecdsa::signature::Signer as _;

use crate::key::{KeyError, PrivateKey};
use crate::tbs::ToBeSigned;

/// A private key made ready to sign. Make one per CA and keep it: getting ready costs as much as a signature.
pub struct Signer(Kind);

enum Kind {
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    #[cfg(any(feature = "native", feature = "rsa-rust"))]
    Rsa(Box<crate::key::RsaSigner>),
}

impl Signer {
    /// Makes a key ready.
    ///
    /// # Errors
    /// When the key cannot be used: an RSA key in a build without `native` and `rsa-rust`, or numbers that do not fit
    /// together.
    pub fn new(key: &PrivateKey) -> Result<Self, KeyError> {
        let malformed = |_| KeyError::Malformed { form: "SEC 1" };
        Ok(Self(match key.algorithm() {
            KeyAlgorithm::EcdsaP256 => {
                Kind::P256(Box::new(p256::ecdsa::SigningKey::from_slice(key.scalar()?).map_err(malformed)?))
            }
            KeyAlgorithm::EcdsaP384 => {
                Kind::P384(Box::new(p384::ecdsa::SigningKey::from_slice(key.scalar()?).map_err(malformed)?))
            }
            #[cfg(any(feature = "native", feature = "rsa-rust"))]
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
                Kind::Rsa(Box::new(crate::key::RsaSigner::new(key.der())?))
            }
            #[cfg(not(any(feature = "native", feature = "rsa-rust")))]
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
                return Err(KeyError::NotHere { what: "signing with RSA keys" });
            }
        }))
    }

    /// Signs bytes, as the certificate's BIT STRING holds it: an ECDSA-Sig-Value in DER, or the RSA octets. Always the
    /// same for the same bytes: ECDSA by RFC 6979, RSA by PKCS#1 v1.5.
    ///
    /// # Errors
    /// When the key's numbers do not fit together after all.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok(match &self.0 {
            Kind::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(bytes);
                signature.to_der().as_bytes().to_vec()
            }
            Kind::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(bytes);
                signature.to_der().as_bytes().to_vec()
            }
            #[cfg(any(feature = "native", feature = "rsa-rust"))]
            Kind::Rsa(key) => key.sign(bytes)?,
        })
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Signer(redacted)")
    }
}

/// sha256WithRSAEncryption with NULL (RFC 4055 5), ecdsa-with-SHA256 and -SHA384 without parameters (RFC 5758 3.2).
fn algorithm_identifier(signer: KeyAlgorithm) -> &'static [u8] {
    match signer {
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
            &[0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0]
        }
        KeyAlgorithm::EcdsaP256 => &[0x30, 10, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
        KeyAlgorithm::EcdsaP384 => &[0x30, 10, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03],
    }
}

/// To-be-signed bytes and their signature as a DER Certificate. The signature is as [`Signer::sign`] gives it, which
/// for RSA is what WebCrypto's `sign` gives.
pub fn assemble(to_be_signed: &ToBeSigned, signature: &[u8]) -> Vec<u8> {
    certificate(&to_be_signed.bytes, to_be_signed.algorithm, signature)
}

/// A DER Certificate from its three parts.
pub(crate) fn certificate(tbs: &[u8], signer: KeyAlgorithm, signature: &[u8]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_der(tbs);
            fields.next().write_der(algorithm_identifier(signer));
            fields.next().write_bitvec_bytes(signature, signature.len() * 8);
        });
    })
}
