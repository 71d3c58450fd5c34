//! `kubepki encrypt` and `kubepki decrypt`: files as `age` has them.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use kubepki_issuance::{Secret, SecretText};
use kubepki_sealing::age::{self, Identity, To, With};

use crate::args::{Decrypt, Encrypt};
use crate::failure::Failure;
use crate::keys::entropy;
use crate::target::write_private;

pub(crate) fn encrypt(given: &Encrypt) -> Result<(), Failure> {
    let passphrase = given.passphrase_file.as_deref().map(passphrase).transpose()?;
    let to = passphrase.as_ref().map_or(To::Recipients(&given.encrypt_to), |text| To::Passphrase(text.expose()));
    let plain = read(&given.file)?;
    let sealed = age::seal(plain.expose(), to, age::WORK, &mut entropy);
    write_private(&given.out, &sealed.map_err(|error| Failure::Input(vec![format!("error: {error}")]))?)
}

pub(crate) fn decrypt(given: &Decrypt) -> Result<(), Failure> {
    let passphrase = given.passphrase_file.as_deref().map(passphrase).transpose()?;
    let identities = given.identity.as_deref().map_or_else(|| Ok(Vec::new()), identities)?;
    let with = passphrase.as_ref().map_or(With::Identities(&identities), |text| With::Passphrase(text.expose()));
    let plain = age::open(read(&given.file)?.expose(), with);
    let plain = plain.map_err(|error| Failure::Input(vec![format!("{}: error: {error}", given.file.display())]))?;
    write_private(&given.out, plain.expose())
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

fn read(path: &Path) -> Result<Secret, Failure> {
    let mut bytes = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes),
        false => fs::read(path),
    };
    read.map(Secret::new).map_err(|error| Failure::file(path, error))
}
