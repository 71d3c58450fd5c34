//! What an export lies in: a zip or a folder. It may be hostile: names and sizes are listed and bounded before anything is
//! read, and no file gives more than it was listed with.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kubepki_issuance::Secret;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::failure::why;

/// More files than an export of the largest design has.
const MOST_FILES: usize = 1_000_000;
/// Bytes of one file: the inventory of the largest design has some tens of megabytes.
const LARGEST_FILE: u64 = 128 << 20;
/// Bytes of all files together.
const LARGEST: u64 = 2 << 30;
/// What a zip may unpack to, as a multiple of its own length, and bytes that every zip may. An export is stored; packed
/// again it shrinks to a quarter. Deflate alone could reach a thousand.
const MOST_PACKED: u64 = 64;
const ALWAYS: u64 = 16 << 20;
/// Longest path inside an export.
const LONGEST_PATH: usize = 1_000;

/// The files of a zip or a folder by their path below the top folder, listed and not yet read.
pub(crate) struct Packed {
    place: Place,
    /// Where each stands in the zip (0 in a folder), and its size.
    files: BTreeMap<String, (usize, u64)>,
}

enum Place {
    Folder(PathBuf),
    Zip(Box<ZipArchive<File>>),
}

impl Packed {
    /// Lists a folder or a zip.
    ///
    /// # Errors
    /// When it cannot be read, names something that no export has, or would be larger than any export is.
    pub(crate) fn list(path: &Path, is_folder: bool) -> io::Result<Self> {
        let (place, files, most) = match is_folder {
            true => (Place::Folder(path.to_owned()), folder(path)?, u64::MAX),
            false => {
                let file = File::open(path)?;
                let most = file.metadata()?.len().saturating_mul(MOST_PACKED).saturating_add(ALWAYS);
                let mut zip = ZipArchive::new(file).map_err(unread)?;
                let files = listed(&mut zip)?;
                (Place::Zip(Box::new(zip)), files, most)
            }
        };
        if files.len() > MOST_FILES {
            return Err(unfit(format!("holds more than {MOST_FILES} files")));
        }
        let mut sum = 0_u64;
        for (name, (_, size)) in &files {
            sum = sum.saturating_add(*size);
            for (what, size, most) in [("this file is", *size, LARGEST_FILE), ("all files together are", sum, LARGEST)]
            {
                if size > most {
                    return Err(unfit(format!("{}: {what} larger than an export's ever are", shown(name))));
                }
            }
        }
        if sum > most {
            return Err(unfit(format!("would unpack to {sum} bytes, more than an export's zip of this length does")));
        }
        Ok(Self { place, files })
    }

    /// The path of each file that was not read yet.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// Reads a file, once; nothing where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or holds more than it was listed with.
    pub(crate) fn read(&mut self, name: &str) -> io::Result<Option<Secret>> {
        let Some((index, size)) = self.files.remove(name) else { return Ok(None) };
        let named = |error: io::Error| unfit(format!("{}: {}", shown(name), why(&error)));
        let bytes = match &mut self.place {
            Place::Folder(top) => File::open(top.join(name)).and_then(|file| bounded(size, file)),
            Place::Zip(zip) => zip.by_index(index).map_err(unread).and_then(|entry| bounded(size, entry)),
        };
        bytes.map(Some).map_err(named)
    }
}

/// Reads what is said to be so large, and not a byte more than one beyond it.
fn bounded(size: u64, from: impl Read) -> io::Result<Secret> {
    // It may hold less than it says.
    let mut secret = Secret::with_capacity(size.min(1 << 20) as usize + 1);
    secret.extend_from(from.take(size + 1))?;
    match secret.len() as u64 > size {
        true => Err(unfit("holds more than its size says")),
        false => Ok(secret),
    }
}

fn unfit(what: impl Into<String>) -> io::Error {
    io::Error::other(what.into())
}

fn unread(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        error => unfit(format!("cannot be read as a zip: {error}")),
    }
}

/// The begin of a name: one may be long.
fn shown(name: &str) -> String {
    name.chars().take(100).collect()
}

/// What follows the top folder in an entry's name.
pub(crate) fn below_top(name: &str) -> Option<&str> {
    name.split_once('/').map(|(_, rest)| rest)
}

/// The files of a folder, however deep.
fn folder(top: &Path) -> io::Result<BTreeMap<String, (usize, u64)>> {
    let mut files = BTreeMap::new();
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(top.join(&below))? {
            let entry = entry?;
            let name =
                entry.file_name().into_string().map_err(|name| unfit(format!("{name:?}: is no name of an export")))?;
            let path = format!("{below}{name}");
            if path.len() > LONGEST_PATH || open.len() > MOST_FILES || files.len() > MOST_FILES {
                return Err(unfit(format!("{below}: is deeper or larger than an export ever is")));
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(format!("{path}/"));
            } else if kind.is_file() {
                files.insert(path, (0, entry.metadata()?.len()));
            } else {
                return Err(unfit(format!("{path}: is neither a file nor a folder, and an export holds nothing else")));
            }
        }
    }
    Ok(files)
}

/// The files of a zip, below its one top folder.
fn listed(zip: &mut ZipArchive<File>) -> io::Result<BTreeMap<String, (usize, u64)>> {
    if zip.len() > 2 * MOST_FILES {
        return Err(unfit(format!("holds more than {MOST_FILES} files")));
    }
    let mut files = BTreeMap::new();
    let mut top: Option<String> = None;
    for index in 0..zip.len() {
        // Raw: nothing is inflated to learn of it.
        let entry = zip.by_index_raw(index).map_err(unread)?;
        let name = entry.name().map_err(unread)?.to_string();
        let shown = shown(&name);
        let parts = name.strip_suffix('/').unwrap_or(&name).split('/');
        if name.len() > LONGEST_PATH
            || name.contains(['\\', '\0'])
            || parts.clone().any(|part| matches!(part, "" | "." | ".."))
        {
            return Err(unfit(format!("{shown:?}: is no name of an export")));
        }
        let first = parts.clone().next().unwrap_or_default();
        if top.get_or_insert_with(|| first.to_owned()) != first {
            return Err(unfit(format!("{shown:?}: stands beside the top folder, and an export has one alone")));
        }
        if entry.is_dir() {
            continue;
        }
        let below = below_top(&name).ok_or_else(|| unfit(format!("{shown:?}: stands in no folder")))?.to_owned();
        if files.insert(below, (index, entry.size())).is_some() {
            return Err(unfit(format!("{shown:?}: stands twice in the zip")));
        }
    }
    Ok(files)
}
