//! An identity in one file: PKCS#12 (RFC 7292) under PBES2 with AES-256-CBC, its seal an HMAC-SHA-256. No RC2, no DES, no
//! SHA-1 but in the name of the key.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kubepki_issuance::{Entropy, Secret};
use sha2::{Digest as _, Sha256};
use yasna::{DERWriter, Tag};
use zeroize::Zeroizing;

use crate::SealError;
use crate::oid::oid;
use crate::pkcs8::{encrypted, pbes2};

const DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 1];
const ENCRYPTED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 6];
const KEY_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 2];
const CERTIFICATE_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 3];
const X509: &[u64] = &[1, 2, 840, 113_549, 1, 9, 22, 1];
const FRIENDLY_NAME: &[u64] = &[1, 2, 840, 113_549, 1, 9, 20];
const LOCAL_KEY_ID: &[u64] = &[1, 2, 840, 113_549, 1, 9, 21];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// A certificate with its key and what it is called in a list of certificates.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The private key, PKCS#8 (DER).
    pub key: &'a Secret,
    /// The certificate, then those of its issuers, DER.
    pub chain: &'a [&'a [u8]],
    /// Its name for people.
    pub name: &'a str,
}

/// Encrypts an identity; gives DER.
///
/// # Errors
/// With an empty passphrase, and when the random source fails.
pub fn seal(
    identity: Identity<'_>,
    passphrase: &str,
    rounds: u32,
    entropy: &mut Entropy<'_>,
) -> Result<Vec<u8>, SealError> {
    let mut salt = [0; 16];
    entropy(&mut salt)?;
    let id = identity.chain.first().map(|leaf| Sha256::digest(leaf).to_vec()).unwrap_or_default();
    let key = encrypted(identity.key.expose(), passphrase, rounds, entropy)?;
    let keys = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            bag(writer.next(), KEY_BAG, &key, Some((identity.name, &id)));
        });
    });
    let certificates = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            for (index, der) in identity.chain.iter().enumerate() {
                let value = certificate(der);
                bag(writer.next(), CERTIFICATE_BAG, &value, (index == 0).then_some((identity.name, id.as_slice())));
            }
        });
    });
    let (scheme, text) = pbes2(&certificates, passphrase, rounds, entropy)?;
    let safe = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            data(writer.next(), &keys);
            writer.next().write_sequence(|writer| {
                writer.next().write_oid(&oid(ENCRYPTED_DATA));
                writer.next().write_tagged(Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_u8(0);
                        writer.next().write_sequence(|writer| {
                            writer.next().write_oid(&oid(DATA));
                            writer.next().write_der(&scheme);
                            writer.next().write_tagged_implicit(Tag::context(0), |writer| writer.write_bytes(&text));
                        });
                    });
                });
            });
        });
    });
    let key = mac_key(passphrase, &salt, rounds);
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(|_| SealError::NoPassphrase)?;
    mac.update(&safe);
    let seal = mac.finalize().into_bytes();
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_u8(3);
            data(writer.next(), &safe);
            writer.next().write_sequence(|writer| {
                writer.next().write_sequence(|writer| {
                    writer.next().write_sequence(|writer| {
                        writer.next().write_oid(&oid(SHA256));
                        writer.next().write_null();
                    });
                    writer.next().write_bytes(&seal);
                });
                writer.next().write_bytes(&salt);
                writer.next().write_u32(rounds);
            });
        });
    }))
}

/// Content that is not encrypted as a whole.
fn data(writer: DERWriter<'_>, content: &[u8]) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&oid(DATA));
        writer.next().write_tagged(Tag::context(0), |writer| writer.write_bytes(content));
    });
}

fn certificate(der: &[u8]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_oid(&oid(X509));
            writer.next().write_tagged(Tag::context(0), |writer| writer.write_bytes(der));
        });
    })
}

/// One thing, with the name and the number that tie a key to its certificate.
fn bag(writer: DERWriter<'_>, kind: &[u64], value: &[u8], named: Option<(&str, &[u8])>) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&oid(kind));
        writer.next().write_tagged(Tag::context(0), |writer| writer.write_der(value));
        let Some((name, id)) = named else { return };
        writer.next().write_set(|writer| {
            writer.next().write_sequence(|writer| {
                writer.next().write_oid(&oid(FRIENDLY_NAME));
                writer.next().write_set(|writer| writer.next().write_bmp_string(name));
            });
            writer.next().write_sequence(|writer| {
                writer.next().write_oid(&oid(LOCAL_KEY_ID));
                writer.next().write_set(|writer| writer.next().write_bytes(id));
            });
        });
    });
}

/// The key of the seal: RFC 7292, appendix B.2, with SHA-256 and the purpose 3. It is as long as one digest, so one block
/// of the derivation is enough.
fn mac_key(passphrase: &str, salt: &[u8], rounds: u32) -> Zeroizing<[u8; 32]> {
    let mut password = Zeroizing::new(Vec::with_capacity(2 * passphrase.len() + 2));
    for unit in passphrase.encode_utf16().chain([0]) {
        password.extend(unit.to_be_bytes());
    }
    let fill =
        |bytes: &[u8]| bytes.iter().copied().cycle().take(bytes.len().div_ceil(BLOCK) * BLOCK).collect::<Vec<u8>>();
    let filled = Zeroizing::new(fill(&password));
    let mut key = Zeroizing::new([0; 32]);
    *key = Sha256::new()
        .chain_update([3; BLOCK])
        .chain_update(fill(salt))
        .chain_update(filled.as_slice())
        .finalize()
        .into();
    for _ in 1..rounds {
        *key = Sha256::digest(key.as_slice()).into();
    }
    key
}
