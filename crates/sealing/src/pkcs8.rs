//! Private keys under a passphrase: `ENCRYPTED PRIVATE KEY` (RFC 5958) with PBES2 (RFC 8018), which openssl, etcd's and
//! Go's tools and keytool read.

use kubepki_issuance::{Entropy, Secret};
use pkcs5::EncryptionScheme;
use pkcs5::der::Encode as _;
use pkcs5::pbes2::Parameters;

use crate::SealError;

/// Rounds of PBKDF2-HMAC-SHA-256: what OWASP advises (Password Storage Cheat Sheet, 600,000).
pub const ROUNDS: u32 = 600_000;

/// Encrypts a private key's PKCS#8 (DER) with AES-256-CBC under PBKDF2-HMAC-SHA-256; gives PEM.
///
/// # Errors
/// With an empty passphrase, and when the random source fails.
pub fn seal(key: &Secret, passphrase: &str, rounds: u32, entropy: &mut Entropy<'_>) -> Result<String, SealError> {
    let der = encrypted(key.expose(), passphrase, rounds, entropy)?;
    pem_rfc7468::encode_string("ENCRYPTED PRIVATE KEY", pem_rfc7468::LineEnding::LF, &der)
        .map_err(|_| SealError::Cipher)
}

/// `EncryptedPrivateKeyInfo`, DER.
pub(crate) fn encrypted(
    plain: &[u8],
    passphrase: &str,
    rounds: u32,
    entropy: &mut Entropy<'_>,
) -> Result<Vec<u8>, SealError> {
    let (parameters, text) = pbes2(plain, passphrase, rounds, entropy)?;
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_der(&parameters);
            writer.next().write_bytes(&text);
        });
    }))
}

/// The algorithm with its parameters (DER) and the encrypted bytes.
pub(crate) fn pbes2(
    plain: &[u8],
    passphrase: &str,
    rounds: u32,
    entropy: &mut Entropy<'_>,
) -> Result<(Vec<u8>, Vec<u8>), SealError> {
    if passphrase.is_empty() {
        return Err(SealError::NoPassphrase);
    }
    let (mut salt, mut start) = ([0; 16], [0; 16]);
    entropy(&mut salt)?;
    entropy(&mut start)?;
    // Salt, rounds and key length are within the scheme's bounds whatever the passphrase is.
    let sealed = Parameters::generate_pbkdf2_sha256_aes256cbc(rounds, &salt, start).ok().and_then(|scheme| {
        let text = scheme.encrypt(passphrase.as_bytes(), plain).ok()?;
        Some((EncryptionScheme::from(scheme).to_der().ok()?, text))
    });
    sealed.ok_or(SealError::Cipher)
}
