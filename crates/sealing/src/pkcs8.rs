//! Private keys under a passphrase: `ENCRYPTED PRIVATE KEY` (RFC 5958) with PBES2 (RFC 8018), which openssl, etcd's and
//! Go's tools and keytool read.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use kubepki_issuance::{Entropy, Secret};
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::SealError;
use crate::oid::oid;

const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
const HMAC_SHA256: &[u64] = &[1, 2, 840, 113_549, 2, 9];
const AES_256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];

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

/// The algorithm with its parameters (DER; RFC 8018 appendices A.2, A.4, B.2.5) and the encrypted bytes.
///
/// Not by the `pkcs5` crate: it brings every cipher and every derivation that PBES2 has a name for.
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
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), &salt, rounds, key.as_mut());
    let cipher = cbc::Encryptor::<Aes256>::new(&(*key).into(), &start.into());
    let text = cipher.encrypt_padded_vec::<Pkcs7>(plain);
    let parameters = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_oid(&oid(PBES2));
            writer.next().write_sequence(|writer| {
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&oid(PBKDF2));
                    writer.next().write_sequence(|writer| {
                        writer.next().write_bytes(&salt);
                        writer.next().write_u32(rounds);
                        writer.next().write_sequence(|writer| {
                            writer.next().write_oid(&oid(HMAC_SHA256));
                            writer.next().write_null();
                        });
                    });
                });
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&oid(AES_256_CBC));
                    writer.next().write_bytes(&start);
                });
            });
        });
    });
    Ok((parameters, text))
}
