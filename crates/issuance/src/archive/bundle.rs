//! One node's bundle, read back: what of it is not as designed.

use std::fmt::Write as _;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::sorted::SortedMap;
use sha2::{Digest, Sha256};

use super::items::planned_path;
use super::read::{certificate_of, issued, key_of, public_half};
use crate::key::PrivateKey;
use crate::verifier::Verifier;
use crate::verify::verify_one;

/// What reading a bundle found.
#[derive(Debug)]
pub struct BundleRead {
    /// What is wrong, one sentence each.
    pub problems: Vec<String>,
    /// The certificates in it, by index in [`Plan::certs`], as DER.
    pub certificates: Vec<(usize, Vec<u8>)>,
    /// How many private keys are in it.
    pub keys: usize,
}

/// Reads a node's bundle: every planned file is there, every certificate is as planned, signed by its CA and belongs to the
/// key beside it, and every file is the one that was summed. `names` are its files below the top folder.
pub fn bundle<'f>(
    plan: &Plan,
    issued_at: i64,
    (node, without_ca_keys): (usize, bool),
    names: impl Iterator<Item = &'f str>,
    read: impl Fn(&str) -> Option<&'f [u8]>,
) -> BundleRead {
    let mut problems = wrong_sums(names, &read);
    let is_ca_key =
        |file: &PlannedFile| file.content.holding == Holding::PrivateKey && plan.certs[file.content.cert].row.is_ca();
    let mut files = SortedMap::<usize, Vec<&PlannedFile>>::default();
    for file in plan.files.iter().filter(|file| file.root == Root::Node(node)) {
        let path = planned_path(plan, file.root, &file.path);
        if without_ca_keys && is_ca_key(file) {
            continue;
        }
        if read(&path).is_none() {
            problems.push(format!("{path}: is missing"));
        }
        files.or_insert(file.content.cert, Vec::new()).push(file);
    }
    let mut held = Vec::<(usize, Vec<u8>, PrivateKey)>::new();
    let mut keys = 0;
    for (index, files) in files.iter() {
        let index = *index;
        let secret = files.iter().any(|file| file.content.holding.is_secret());
        let key = secret.then(|| key_of(plan, index, files, &read));
        match (certificate_of(plan, index, files, &read), key) {
            (Err(problem), _) | (_, Some(Err(problem))) => problems.push(problem),
            (Ok(None), key) => keys += usize::from(key.is_some()),
            (Ok(Some(der)), Some(Ok(key))) => {
                keys += 1;
                held.push((index, der, key));
            }
            (Ok(Some(der)), None) => match public_half(plan, index, Some(&der)) {
                Ok(key) => held.push((index, der, key)),
                Err(problem) => problems.push(problem),
            },
        }
    }
    let mut certificates = Vec::new();
    let publics: Vec<(usize, crate::key::PublicKey)> =
        held.iter().map(|(index, _, key)| (*index, key.public_key().clone())).collect();
    for (index, der, key) in held {
        let signer = plan.certs[index].issuer.unwrap_or(index);
        match publics.iter().find(|(one, _)| *one == signer).map(|(_, public)| Verifier::new(public, 1)) {
            Some(Ok(verifier)) => {
                let found = verify_one(plan, issued_at, index, &issued(Some(der.clone()), key), &verifier);
                problems.extend(found.mismatches.iter().map(ToString::to_string));
            }
            Some(Err(_)) => problems.push(format!("{}: its issuer's public key cannot be read", plan.key_of(index))),
            None => problems.push(format!("{}: the certificate of its issuer is not here", plan.key_of(index))),
        }
        certificates.push((index, der));
    }
    BundleRead { problems, certificates, keys }
}

/// Files that are not those of `SHA256SUMS`, or are not named there.
fn wrong_sums<'f>(names: impl Iterator<Item = &'f str>, read: &impl Fn(&str) -> Option<&'f [u8]>) -> Vec<String> {
    const SUMS: &str = "SHA256SUMS";
    let sums = read(SUMS).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let mut known = SortedMap::<&str, &str>::default();
    for (sum, name) in sums.lines().filter_map(|line| line.split_once("  ")) {
        known.or_insert(name, sum);
    }
    let mut problems = Vec::new();
    for name in names.filter(|name| *name != SUMS) {
        let mut sum = String::new();
        for one in Sha256::digest(read(name).unwrap_or_default()) {
            let _ = write!(sum, "{one:02x}");
        }
        match known.remove(&name) {
            Some(packed) if packed == sum => {}
            Some(_) => problems.push(format!("{name}: is not the file that was packed")),
            None => problems.push(format!("{name}: is no part of the bundle")),
        }
    }
    problems.extend(known.iter().map(|(name, _)| format!("{name}: is missing")));
    problems
}
