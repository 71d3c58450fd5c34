//! What components of older versions print where it is not what those of the newest do: a file for each minor, in the form of the
//! newest's.

use std::fs;
use std::path::PathBuf;

use kubepki_rehearsal::atlas::{Entry, read};
use support::cluster::images;
use support::design::tests_folder;

/// The minor of the version that runs, where it is not the newest: then its modules stand in a folder of their own.
fn minor() -> Option<&'static str> {
    let minor = images::minor();
    tests_folder().join("kubernetes/components").join(minor).is_dir().then_some(minor)
}

/// Its file; nothing for the newest.
pub(crate) fn file() -> Option<PathBuf> {
    minor().map(|minor| tests_folder().join(format!("kubernetes/atlas/{minor}.txt")))
}

/// What was recorded of it.
pub(crate) fn recorded() -> Vec<Entry> {
    let text = file().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    // It lives as long as the test.
    read(text.leak())
}
