//! The content: chunks of 64 KiB, each sealed with its place and whether it is the last.

use std::fmt;

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use kubepki_issuance::Secret;

use super::header::{FileKey, derive};
use crate::{OpenError, SealError};

/// Bytes before the content that make its key another's.
pub(super) const NONCE: usize = 16;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// Bytes that so many of content become.
pub(super) fn sealed_length(plain: usize) -> usize {
    plain + (plain / CHUNK + 1) * TAG
}

/// Encrypts chunk by chunk.
pub(super) struct Writer {
    cipher: ChaCha20Poly1305,
    index: u64,
    /// The chunk that is not known to be full or the last.
    held: Secret,
}

impl Writer {
    pub(super) fn new(file_key: &FileKey, nonce: &[u8]) -> Self {
        Self { cipher: cipher(file_key, nonce), index: 0, held: Secret::new(Vec::with_capacity(CHUNK)) }
    }

    /// A full chunk goes out when more follows, for the last one is marked as that.
    pub(super) fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        while !plain.is_empty() {
            if self.held.expose().len() == CHUNK {
                self.write(false, out)?;
            }
            let (next, rest) = plain.split_at(plain.len().min(CHUNK - self.held.expose().len()));
            self.held.extend(next);
            plain = rest;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        self.write(true, out)
    }

    fn write(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), SealError> {
        let nonce = place(self.index, last);
        out.extend(self.cipher.encrypt(&nonce.into(), self.held.expose()).map_err(|_| SealError::Cipher)?);
        self.index += 1;
        self.held = Secret::new(Vec::with_capacity(CHUNK));
        Ok(())
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Writer(chunk {}, redacted)", self.index)
    }
}

pub(super) fn decrypt(body: &[u8], file_key: &FileKey, nonce: &[u8]) -> Result<Secret, OpenError> {
    let cipher = cipher(file_key, nonce);
    let chunks = body.chunks(CHUNK + TAG);
    let count = chunks.len();
    // Room for all, so that growing leaves no copy behind.
    let mut out = Secret::new(Vec::with_capacity(body.len()));
    for (index, chunk) in chunks.enumerate() {
        let place = place(index as u64, index + 1 == count);
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

fn place(index: u64, last: bool) -> [u8; 12] {
    let mut place = [0; 12];
    place[3..11].copy_from_slice(&index.to_be_bytes());
    place[11] = u8::from(last);
    place
}
