//! `kubepki encrypt` and `kubepki decrypt`: files as `age` has them; and the lock that other commands put on what they write.

use std::cell::OnceCell;
use std::fs::File;
use std::path::Path;

use kubepki_issuance::{Secret, SecretText};
use kubepki_sealing::SealError;
use kubepki_sealing::age::{self, Identity, Recipient, Sealer, To, With};

use crate::args::{Decrypt, Encrypt, Lock};
use crate::failure::Failure;
use crate::keys::entropy;
use crate::progress::{Stage, during};
use crate::target::NewFile;

/// Bytes that are encrypted from one word about it to the next.
const MEBIBYTE: usize = 1 << 20;

/// Who may open what is written: a [`Lock`] that was read.
#[derive(Debug)]
pub(crate) enum Key {
    Passphrase(SecretText),
    Recipients(Vec<Recipient>),
}

impl Key {
    /// Reads what a lock names; nothing where it names nobody.
    ///
    /// # Errors
    /// When the passphrase's file cannot be read.
    pub(crate) fn of(lock: &Lock) -> Result<Option<Self>, Failure> {
        if let Some(path) = &lock.passphrase_file {
            return passphrase(path).map(|text| Some(Self::Passphrase(text)));
        }
        Ok((!lock.encrypt_to.is_empty()).then(|| Self::Recipients(lock.encrypt_to.clone())))
    }

    /// Encrypts parts one behind the other; the first is what the file begins with. Derives the keys now.
    ///
    /// # Errors
    /// Those of [`Sealer::new`]; later ones stand among the parts.
    pub(crate) fn seal(
        &self,
        parts: impl Iterator<Item = Secret>,
    ) -> Result<impl Iterator<Item = Result<Secret, Failure>>, Failure> {
        let to = match self {
            Self::Passphrase(text) => To::Passphrase(text.expose()),
            Self::Recipients(recipients) => To::Recipients(recipients),
        };
        let begun = during("deriving a key", || Sealer::new(to, age::WORK, &mut entropy));
        let (sealer, begin) = begun.map_err(unsealed)?;
        let mut sealer = Some(sealer);
        let sealed = parts.map(Some).chain([None]).map(move |part| {
            let mut out = Vec::new();
            match (part, sealer.as_mut()) {
                (Some(part), Some(sealer)) => sealer.push(part.expose(), &mut out),
                _ => sealer.take().map_or(Ok(()), |sealer| sealer.finish(&mut out)),
            }
            .map_err(unsealed)?;
            Ok(Secret::new(out))
        });
        Ok(std::iter::once(Ok(Secret::new(begin))).chain(sealed))
    }
}

/// What could not be encrypted, as bad input.
pub(crate) fn unsealed(error: SealError) -> Failure {
    Failure::Input(vec![format!("error: {error}")])
}

pub(crate) fn encrypt(given: &Encrypt) -> Result<(), Failure> {
    let out = NewFile::open(&given.out)?;
    let Some(key) = Key::of(&given.lock)? else { return Err(unsealed(SealError::NoRecipient)) };
    let plain = read(&given.file)?;
    // Begun with the first part, for the key is derived before.
    let stage = OnceCell::new();
    let parts = plain.expose().chunks(MEBIBYTE).map(|part| {
        stage.get_or_init(|| Stage::of("MiB encrypted", plain.expose().len().div_ceil(MEBIBYTE))).step();
        Secret::new(part.to_vec())
    });
    out.write(key.seal(parts)?)
}

pub(crate) fn decrypt(given: &Decrypt) -> Result<(), Failure> {
    let out = NewFile::open(&given.out)?;
    let passphrase = given.passphrase_file.as_deref().map(passphrase).transpose()?;
    let identities = given.identity.as_deref().map_or_else(|| Ok(Vec::new()), identities)?;
    let with = passphrase.as_ref().map_or(With::Identities(&identities), |text| With::Passphrase(text.expose()));
    let sealed = read(&given.file)?;
    let plain = during("decrypting", || age::open(sealed.expose(), with));
    let plain = plain.map_err(|error| Failure::Input(vec![format!("{}: error: {error}", given.file.display())]))?;
    out.write([Ok(plain)])
}

/// The first line of a file, without its end.
fn passphrase(path: &Path) -> Result<SecretText, Failure> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|error| Failure::file(path, error))?;
    Ok(SecretText::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// Each line that is neither empty nor a remark.
fn identities(path: &Path) -> Result<Vec<Identity>, Failure> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|error| Failure::file(path, error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for (index, line) in lines {
        match line.parse() {
            Ok(identity) => found.push(identity),
            Err(error) => wrong.push(format!("{}:{}: error: {error}", path.display(), index + 1)),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(Failure::Input(wrong)) }
}

/// A file's bytes, without copies left behind.
fn read(path: &Path) -> Result<Secret, Failure> {
    let unread = |error| Failure::io(path, &error);
    let mut bytes = Secret::default();
    if path.as_os_str() == "-" {
        bytes.extend_from(std::io::stdin().lock()).map_err(unread)?;
    } else {
        let file = File::open(path).map_err(unread)?;
        let length = file.metadata().map_err(unread)?.len();
        // One byte more, so that the end is found without moving.
        bytes = Secret::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
        during("reading", || bytes.extend_from(file)).map_err(unread)?;
    }
    Ok(bytes)
}
