//! The header: who can open the file, and a seal over that.

use std::fmt::Write as _;

use base64ct::{Base64Unpadded, Encoding};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::key::{Identity, Recipient};
use crate::{OpenError, SealError};

const FIRST_LINE: &str = "age-encryption.org/v1";
const SCRYPT: &str = "scrypt";
const X25519: &str = "X25519";
/// A header with more than this is no one's.
const LONGEST: usize = 1 << 20;
/// Characters of a line of a stanza's body; a shorter one ends it.
const COLUMNS: usize = 64;

/// The key of one file; everything else is derived from it.
pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// One way to get at the file key.
#[derive(Debug)]
pub(super) struct Stanza {
    arguments: Vec<String>,
    body: Vec<u8>,
}

/// A header as read.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) stanzas: Vec<Stanza>,
    sealed: &'a [u8],
    mac: Vec<u8>,
}

impl Stanza {
    pub(super) fn of_passphrase(
        file_key: &FileKey,
        passphrase: &str,
        salt: &[u8; 16],
        work: u8,
    ) -> Result<Self, SealError> {
        // Out of scrypt's bounds there is no key: never a weaker one in its place.
        let key = from_passphrase(passphrase, salt, work).ok_or(SealError::Cipher)?;
        let arguments = vec![SCRYPT.to_owned(), Base64Unpadded::encode_string(salt), work.to_string()];
        Ok(Self { arguments, body: wrap(&key, file_key)? })
    }

    pub(super) fn of_recipient(
        file_key: &FileKey,
        recipient: &Recipient,
        ephemeral: &[u8; 32],
    ) -> Result<Self, SealError> {
        let share = x25519(*ephemeral, X25519_BASEPOINT_BYTES);
        let shared = Zeroizing::new(x25519(*ephemeral, *recipient.point()));
        if *shared == [0; 32] {
            return Err(SealError::WeakRecipient);
        }
        let key = from_shared(&shared, &share, recipient.point());
        let arguments = vec![X25519.to_owned(), Base64Unpadded::encode_string(&share)];
        Ok(Self { arguments, body: wrap(&key, file_key)? })
    }

    pub(super) fn by_passphrase(&self, passphrase: &str) -> Option<FileKey> {
        let [kind, salt, work] = self.arguments.as_slice() else { return None };
        let salt = Base64Unpadded::decode_vec(salt).ok().filter(|salt| kind == SCRYPT && salt.len() == 16)?;
        unwrap(&*from_passphrase(passphrase, &salt, number(work)?)?, &self.body)
    }

    pub(super) fn by_identity(&self, identity: &Identity) -> Option<FileKey> {
        let [kind, share] = self.arguments.as_slice() else { return None };
        let share: [u8; 32] = Base64Unpadded::decode_vec(share).ok().filter(|_| kind == X25519)?.try_into().ok()?;
        let shared = Zeroizing::new(x25519(*identity.scalar(), share));
        if *shared == [0; 32] {
            return None;
        }
        unwrap(&from_shared(&shared, &share, identity.recipient().point()), &self.body)
    }
}

impl Header<'_> {
    /// The work of a passphrase, where the file was encrypted to one.
    pub(super) fn work(&self) -> Option<u8> {
        let scrypt = self.stanzas.iter().find(|one| one.arguments.first().is_some_and(|kind| kind == SCRYPT))?;
        Some(scrypt.arguments.get(2).and_then(|work| number(work)).unwrap_or(u8::MAX))
    }

    /// That nobody changed it.
    pub(super) fn check(&self, file_key: &FileKey) -> Result<(), OpenError> {
        mac(file_key, self.sealed).verify_slice(&self.mac).map_err(|_| OpenError::Damaged)
    }
}

/// A number as age writes it: digits without a sign and without leading zeros. One that is larger than any that is used is
/// the largest there is here.
fn number(text: &str) -> Option<u8> {
    let is_number = text.bytes().all(|one| one.is_ascii_digit()) && !text.is_empty() && !text.starts_with('0');
    is_number.then(|| text.parse().unwrap_or(u8::MAX))
}

/// A header as text, up to the line break before the content.
pub(super) fn write(stanzas: &[Stanza], file_key: &FileKey) -> String {
    let mut out = format!("{FIRST_LINE}\n");
    for one in stanzas {
        // Bodies here are 32 bytes: one short line.
        let _ = writeln!(out, "-> {}\n{}", one.arguments.join(" "), Base64Unpadded::encode_string(&one.body));
    }
    out.push_str("---");
    let seal = mac(file_key, out.as_bytes()).finalize().into_bytes();
    let _ = writeln!(out, " {}", Base64Unpadded::encode_string(&seal));
    out
}

/// Reads a header; gives what stands behind it as well.
pub(super) fn read(file: &[u8]) -> Result<(Header<'_>, &[u8]), OpenError> {
    let mut at = 0;
    let mut line = || -> Result<(&str, usize), OpenError> {
        let rest = &file[at..];
        let within = &rest[..rest.len().min(LONGEST.saturating_sub(at))];
        let end = within.iter().position(|byte| *byte == b'\n').ok_or(OpenError::Form("its header does not end"))?;
        let text = std::str::from_utf8(&rest[..end]).map_err(|_| OpenError::Form("its header is no text"))?;
        let begin = at;
        at += end + 1;
        Ok((text, begin))
    };
    if line().map_or(true, |(text, _)| text != FIRST_LINE) {
        let armored = file.starts_with(b"-----BEGIN AGE");
        let what = if armored { "it is armored; `age -d` reads that" } else { "its first line is another" };
        return Err(OpenError::Form(what));
    }
    let mut stanzas = Vec::new();
    loop {
        let (text, begin) = line()?;
        if let Some(seal) = text.strip_prefix("--- ") {
            let mac = Base64Unpadded::decode_vec(seal).map_err(|_| OpenError::Form("its seal is no base64"))?;
            if stanzas.iter().any(|one: &Stanza| one.arguments[0] == SCRYPT) && stanzas.len() > 1 {
                return Err(OpenError::Form("it has a passphrase and other recipients"));
            }
            let header = Header { stanzas, sealed: &file[..begin + 3], mac };
            return Ok((header, &file[at..]));
        }
        let arguments = text.strip_prefix("-> ").ok_or(OpenError::Form("a line of its header has no meaning"))?;
        let mut body = String::new();
        loop {
            let (part, _) = line()?;
            body.push_str(part);
            if part.len() < COLUMNS {
                break;
            }
        }
        let body = Base64Unpadded::decode_vec(&body).map_err(|_| OpenError::Form("a recipient's part is no base64"))?;
        let arguments: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
        if let [kind, rest @ ..] = &arguments[..]
            && kind == SCRYPT
            && !matches!(rest, [_, work] if number(work).is_some())
        {
            return Err(OpenError::Form("the work that it asks of a passphrase is no number as age writes it"));
        }
        stanzas.push(Stanza { arguments, body });
    }
}

fn from_passphrase(passphrase: &str, salt: &[u8], work: u8) -> Option<Zeroizing<[u8; 32]>> {
    let salt = [b"age-encryption.org/v1/scrypt", salt].concat();
    let mut key = Zeroizing::new([0; 32]);
    let parameters = scrypt::Params::new(work, 8, 1).ok()?;
    scrypt::scrypt(passphrase.as_bytes(), &salt, &parameters, key.as_mut()).ok()?;
    Some(key)
}

fn from_shared(shared: &[u8; 32], share: &[u8; 32], recipient: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    derive(shared, &[*share, *recipient].concat(), b"age-encryption.org/v1/X25519")
}

/// HKDF-SHA-256 (RFC 5869) to 32 bytes.
pub(super) fn derive(key: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes are within HKDF's bound of 8160.
    let _ = Hkdf::<Sha256>::new(Some(salt), key).expand(info, out.as_mut());
    out
}

fn mac(file_key: &FileKey, header: &[u8]) -> Hmac<Sha256> {
    let key = derive(file_key.as_slice(), &[], b"header");
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key.as_slice());
    // Zeros up to a block are what HMAC itself appends to a shorter key.
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&(*block).into());
    mac.update(header);
    mac
}

/// Each wrapping key is used once, so its nonce is zero.
fn wrap(key: &[u8; 32], file_key: &FileKey) -> Result<Vec<u8>, SealError> {
    let cipher = ChaCha20Poly1305::new(&(*key).into());
    cipher.encrypt(&[0; 12].into(), file_key.as_slice()).map_err(|_| SealError::Cipher)
}

fn unwrap(key: &[u8; 32], body: &[u8]) -> Option<FileKey> {
    // Not longer than a file key with its tag: age's rule against files that open under two keys.
    if body.len() != 32 {
        return None;
    }
    let plain = ChaCha20Poly1305::new(&(*key).into()).decrypt(&[0; 12].into(), body).ok().map(Zeroizing::new)?;
    Some(Zeroizing::new(plain.as_slice().try_into().ok()?))
}
