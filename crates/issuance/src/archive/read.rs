//! Reading an export back: its files, given by path, become keys and a PKI again.

use std::error::Error;
use std::fmt;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, PlannedFile};

use super::items::planned_path;
use crate::key::{PrivateKey, PublicKey};
use crate::pem;
use crate::pki::{IssuedCert, Pki};
use crate::secret::SecretText;
use crate::serial::Serial;

/// Everything that is missing from, or unreadable in, an export. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// One sentence for each.
    pub problems: Vec<String>,
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.problems.join("\n"))
    }
}

impl Error for ReadError {}

/// The private keys of a plan, in the order of [`Plan::certs`], each from the first of its files. `read` gives a file by
/// its path below the top folder.
///
/// # Errors
/// With every key that no file holds.
pub fn keys_of<'f>(plan: &Plan, read: impl Fn(&str) -> Option<&'f [u8]>) -> Result<Vec<PrivateKey>, ReadError> {
    collect(plan, |index, files| key_of(plan, index, files, &read))
}

/// The PKI whose certificates and keys are an export's files: nothing is issued again, so whatever is wrong with them
/// is still there to be found. `serials` are taken from the inventory.
///
/// # Errors
/// With every certificate and key that no file holds.
pub fn pki_of<'f>(plan: Plan, issued_at: i64, read: impl Fn(&str) -> Option<&'f [u8]>) -> Result<Pki, ReadError> {
    let keys = keys_of(&plan, &read);
    let certs = collect(&plan, |index, files| certificate_of(&plan, index, files, &read));
    assembled(plan, issued_at, keys, certs)
}

/// The same of a part without the private keys of CAs: each CA has the public key of its certificate.
///
/// # Errors
/// As for [`pki_of`].
pub fn pki_without_ca_keys<'f>(
    plan: Plan,
    issued_at: i64,
    read: impl Fn(&str) -> Option<&'f [u8]>,
) -> Result<Pki, ReadError> {
    let keys = collect(&plan, |index, files| match plan.certs[index].row.is_ca() {
        true => certificate_of(&plan, index, files, &read).and_then(|der| public_half(&plan, index, der.as_deref())),
        false => key_of(&plan, index, files, &read),
    });
    let certs = collect(&plan, |index, files| certificate_of(&plan, index, files, &read));
    assembled(plan, issued_at, keys, certs)
}

/// A certificate's public key in the place of its private one.
pub(super) fn public_half(plan: &Plan, index: usize, der: Option<&[u8]>) -> Result<PrivateKey, String> {
    let spki = der.and_then(|der| crate::inspect::public_key(der).ok());
    let public = spki.and_then(|spki| PublicKey::from_spki(&spki).ok());
    let public = public.ok_or_else(|| format!("the public key of {} cannot be read", plan.key_of(index)))?;
    Ok(PrivateKey::kept_elsewhere(public))
}

fn assembled(
    plan: Plan,
    issued_at: i64,
    keys: Result<Vec<PrivateKey>, ReadError>,
    certs: Result<Vec<Option<Vec<u8>>>, ReadError>,
) -> Result<Pki, ReadError> {
    let (keys, certs) = match (keys, certs) {
        (Ok(keys), Ok(certs)) => (keys, certs),
        (keys, certs) => {
            let problems = keys.err().into_iter().chain(certs.err()).flat_map(|error| error.problems);
            return Err(ReadError { problems: problems.collect() });
        }
    };
    let certs = keys.into_iter().zip(certs).map(|(key, der)| issued(der, key));
    Ok(Pki { certs: certs.collect(), plan, issued_at })
}

pub(super) fn issued(der: Option<Vec<u8>>, key: PrivateKey) -> IssuedCert {
    let serial = der.as_deref().and_then(|der| crate::inspect::inspect(der).ok());
    let serial = serial.and_then(|facts| Serial::from_hex(&facts.serial));
    IssuedCert { der, serial, key }
}

/// One value for each certificate of a plan, or every problem at once.
fn collect<T>(plan: &Plan, of: impl Fn(usize, &[&PlannedFile]) -> Result<T, String>) -> Result<Vec<T>, ReadError> {
    let mut files = vec![Vec::new(); plan.certs.len()];
    for file in &plan.files {
        files[file.content.cert].push(file);
    }
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (index, files) in files.iter().enumerate() {
        match of(index, files) {
            Ok(value) => found.push(value),
            Err(problem) => problems.push(problem),
        }
    }
    problems.sort_unstable();
    problems.dedup();
    if problems.is_empty() { Ok(found) } else { Err(ReadError { problems }) }
}

pub(super) fn key_of<'f>(
    plan: &Plan,
    index: usize,
    files: &[&PlannedFile],
    read: &impl Fn(&str) -> Option<&'f [u8]>,
) -> Result<PrivateKey, String> {
    for file in files.iter().filter(|file| file.content.holding.is_secret()) {
        let path = planned_path(plan, file.root, &file.path);
        let Some(bytes) = read(&path) else { continue };
        let text = text(&path, bytes)?;
        let pem = match file.content.holding {
            Holding::Kubeconfig => embedded(text, "client-key-data"),
            _ => Some(SecretText::new(text.to_owned())),
        };
        let pem = pem.ok_or_else(|| format!("{path}: holds no client-key-data"))?;
        return PrivateKey::from_pem(pem.expose()).map_err(|error| format!("{path}: {error}"));
    }
    Err(format!("the private key of {} is in no file of this export", plan.key_of(index)))
}

pub(super) fn certificate_of<'f>(
    plan: &Plan,
    index: usize,
    files: &[&PlannedFile],
    read: &impl Fn(&str) -> Option<&'f [u8]>,
) -> Result<Option<Vec<u8>>, String> {
    if plan.certs[index].subject.is_none() {
        return Ok(None);
    }
    let holds = |holding| matches!(holding, Holding::Certificate | Holding::Kubeconfig);
    for file in files.iter().filter(|file| holds(file.content.holding)) {
        let path = planned_path(plan, file.root, &file.path);
        let Some(bytes) = read(&path) else { continue };
        let text = text(&path, bytes)?;
        let pem = match file.content.holding {
            Holding::Kubeconfig => embedded(text, "client-certificate-data"),
            _ => Some(SecretText::new(text.to_owned())),
        };
        let pem = pem.ok_or_else(|| format!("{path}: holds no client-certificate-data"))?;
        let (_, der) = pem::decode(pem.expose(), &["CERTIFICATE"]).map_err(|error| format!("{path}: {error}"))?;
        return Ok(Some(der.to_vec()));
    }
    Err(format!("the certificate {} is in no file of this export", plan.key_of(index)))
}

fn text<'f>(path: &str, bytes: &'f [u8]) -> Result<&'f str, String> {
    std::str::from_utf8(bytes).map_err(|_| format!("{path}: is no text"))
}

/// A field of a kubeconfig as this tool writes it, decoded.
fn embedded(kubeconfig: &str, field: &str) -> Option<SecretText> {
    let line = kubeconfig.lines().find_map(|line| line.trim_start().strip_prefix(field)?.strip_prefix(": "))?;
    SecretText::from_base64(line.trim())
}
