//! Files as `age` encrypts them, version 1 (<https://age-encryption.org/v1>): to a passphrase or to X25519 recipients.
//!
//! Written over primitives instead of with the `age` crate: that one draws its own randomness, and here it is handed in.

mod header;
mod key;
mod stream;

pub use key::{Identity, Recipient};

use kubepki_issuance::{Entropy, Secret};
use zeroize::Zeroizing;

use crate::{OpenError, SealError};
use header::Stanza;

/// The work for one passphrase, as base-two logarithm: 2^16 blocks of a kibibyte, 64 MiB. A wasm worker needs less than two
/// seconds for it; `age` itself measures, and mostly takes 2^18.
pub const WORK: u8 = 16;
/// More is not tried when a file is opened: four gibibytes of memory.
const MOST_WORK: u8 = 22;

/// What may open a file.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    /// Whoever knows the passphrase.
    Passphrase(&'a str),
    /// Whoever holds the identity of one of these.
    Recipients(&'a [Recipient]),
}

/// What a file is opened with.
#[derive(Clone, Copy, Debug)]
pub enum With<'a> {
    /// A passphrase.
    Passphrase(&'a str),
    /// Any of these identities.
    Identities(&'a [Identity]),
}

/// Encrypts. `work` is the base-two logarithm of a passphrase's cost, see [`WORK`].
///
/// # Errors
/// Without recipients or with an empty passphrase, and when the random source fails.
pub fn seal(plain: &[u8], to: To<'_>, work: u8, entropy: &mut Entropy<'_>) -> Result<Vec<u8>, SealError> {
    let (mut sealer, mut out) = Sealer::new(to, work, entropy)?;
    out.reserve(stream::sealed_length(plain.len()));
    sealer.push(plain, &mut out)?;
    sealer.finish(&mut out)?;
    Ok(out)
}

/// Encrypts piece by piece, so that an archive is never in memory as a whole.
#[derive(Debug)]
pub struct Sealer(stream::Writer);

impl Sealer {
    /// Derives the keys, which for a passphrase takes most of the time there is; gives what the file begins with as well.
    ///
    /// # Errors
    /// Those of [`seal`].
    pub fn new(to: To<'_>, work: u8, entropy: &mut Entropy<'_>) -> Result<(Self, Vec<u8>), SealError> {
        let mut file_key = Zeroizing::new([0; 16]);
        entropy(file_key.as_mut())?;
        let stanzas = match to {
            To::Passphrase("") => return Err(SealError::NoPassphrase),
            To::Passphrase(passphrase) => {
                let mut salt = [0; 16];
                entropy(&mut salt)?;
                vec![Stanza::of_passphrase(&file_key, passphrase, &salt, work)?]
            }
            To::Recipients([]) => return Err(SealError::NoRecipient),
            To::Recipients(recipients) => recipients
                .iter()
                .map(|recipient| {
                    let mut ephemeral = Zeroizing::new([0; 32]);
                    entropy(ephemeral.as_mut())?;
                    Stanza::of_recipient(&file_key, recipient, &ephemeral)
                })
                .collect::<Result<_, _>>()?,
        };
        let mut nonce = [0; stream::NONCE];
        entropy(&mut nonce)?;
        let mut begin = header::write(&stanzas, &file_key).into_bytes();
        begin.extend_from_slice(&nonce);
        Ok((Self(stream::Writer::new(&file_key, &nonce)), begin))
    }

    /// Encrypts what comes next; what does not fill a chunk waits for more.
    ///
    /// # Errors
    /// [`SealError::Cipher`]: what was written so far is no whole file.
    pub fn push(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        self.0.push(plain, out)
    }

    /// Encrypts what waited: nothing comes after it.
    ///
    /// # Errors
    /// Those of [`Sealer::push`].
    pub fn finish(self, out: &mut Vec<u8>) -> Result<(), SealError> {
        self.0.finish(out)
    }
}

/// Decrypts.
///
/// # Errors
/// When it is no such file, was changed, or does not open with what is given.
pub fn open(sealed: &[u8], with: With<'_>) -> Result<Secret, OpenError> {
    let (header, rest) = header::read(sealed)?;
    let file_key = match (with, header.work()) {
        (With::Passphrase(_), None) => return Err(OpenError::NeedsIdentity),
        (With::Identities(_), Some(_)) => return Err(OpenError::NeedsPassphrase),
        (With::Passphrase(_), Some(work)) if work > MOST_WORK => return Err(OpenError::TooCostly(work)),
        (With::Passphrase(passphrase), Some(_)) => {
            header.stanzas.iter().find_map(|one| one.by_passphrase(passphrase)).ok_or(OpenError::WrongPassphrase)?
        }
        (With::Identities(identities), None) => identities
            .iter()
            .flat_map(|identity| header.stanzas.iter().filter_map(move |one| one.by_identity(identity)))
            .next()
            .ok_or(OpenError::WrongIdentity)?,
    };
    header.check(&file_key)?;
    let (nonce, body) = rest.split_at_checked(stream::NONCE).ok_or(OpenError::Damaged)?;
    stream::decrypt(body, &file_key, nonce)
}

#[cfg(test)]
mod tests;
