//! The content: chunks of 64 KiB, each sealed with its place and whether it is the last.

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use kubepki_issuance::Secret;

use super::header::{FileKey, derive};
use crate::OpenError;

/// Bytes before the content that make its key another's.
pub(super) const NONCE: usize = 16;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

pub(super) fn encrypt(plain: &[u8], file_key: &FileKey, nonce: &[u8], out: &mut Vec<u8>) {
    let cipher = cipher(file_key, nonce);
    out.reserve(plain.len() + (plain.len() / CHUNK + 1) * TAG);
    let mut chunks: Vec<&[u8]> = plain.chunks(CHUNK).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    for (index, chunk) in chunks.iter().enumerate() {
        let place = place(index, index + 1 == chunks.len());
        // Fails only beyond 256 GiB in one chunk.
        out.extend(cipher.encrypt(&place.into(), *chunk).unwrap_or_default());
    }
}

pub(super) fn decrypt(body: &[u8], file_key: &FileKey, nonce: &[u8]) -> Result<Secret, OpenError> {
    let cipher = cipher(file_key, nonce);
    let chunks = body.chunks(CHUNK + TAG);
    let count = chunks.len();
    // Room for all, so that growing leaves no copy behind.
    let mut out = Secret::new(Vec::with_capacity(body.len()));
    for (index, chunk) in chunks.enumerate() {
        let place = place(index, index + 1 == count);
        let plain = Secret::new(cipher.decrypt(&place.into(), chunk).map_err(|_| OpenError::Damaged)?);
        if plain.expose().is_empty() && count > 1 {
            return Err(OpenError::Damaged);
        }
        out.extend(plain.expose());
    }
    if count == 0 { Err(OpenError::Damaged) } else { Ok(out) }
}

fn cipher(file_key: &FileKey, nonce: &[u8]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&(*derive(file_key.as_slice(), nonce, b"payload")).into())
}

fn place(index: usize, last: bool) -> [u8; 12] {
    let mut place = [0; 12];
    place[3..11].copy_from_slice(&(index as u64).to_be_bytes());
    place[11] = u8::from(last);
    place
}
