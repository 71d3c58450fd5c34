//! Where an export is written: whole or not at all, and never over anything that is not an earlier export.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use kubepki_issuance::archive::{self, Entry, Meta};
use kubepki_issuance::{Pki, Secret};

use crate::export;
use crate::failure::Failure;
use crate::generate::SELECTION;

/// A place that may be written to.
#[derive(Debug)]
pub(crate) struct Target {
    path: PathBuf,
    zip: bool,
    /// Whether an earlier export stands there, to be renamed.
    replaces: bool,
}

impl Target {
    /// Looks at the place before anything is made.
    ///
    /// # Errors
    /// When something stands there that may not be replaced, or its folder is missing.
    pub(crate) fn open(path: &Path, force: bool) -> Result<Self, Failure> {
        let zip = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if path.file_name().is_none() {
            return Err(Failure::file(path, "is no name of a file or folder"));
        }
        let above = folder_of(path);
        if !above.is_dir() {
            return Err(Failure::file(&above, "there is no such folder"));
        }
        let replaces = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(Failure::file(path, error)),
            Ok(_) if !force => {
                return Err(Failure::file(path, "exists already; --force replaces it if it is an earlier export"));
            }
            Ok(found) if found.is_symlink() || !export::is_export(path) => {
                return Err(Failure::file(path, "is not an export of this tool, so not even --force replaces it"));
            }
            Ok(_) => true,
        };
        Ok(Self { path: path.to_owned(), zip, replaces })
    }

    /// Writes the export beside the place and then renames it. Gives the name that an earlier one was kept under.
    ///
    /// # Errors
    /// When it could not be written; then nothing is left behind and what was there is there still.
    pub(crate) fn write(&self, pki: &Pki, meta: Meta<'_>) -> Result<Option<PathBuf>, Failure> {
        let draft = Draft::new(&self.path);
        let entries = || archive::entries(pki, meta, SELECTION).map(|Entry { path, mode, bytes }| (path, mode, bytes));
        let written = if self.zip { write_zip(&draft.0, pki, meta) } else { write_folder(&draft.0, entries()) };
        written.map_err(|(path, error)| Failure::file(&path, error))?;
        self.put(&draft.0).map_err(|error| Failure::file(&self.path, error))
    }

    /// Writes files as a folder in the same way; the folders above them are made.
    ///
    /// # Errors
    /// As for [`Target::write`].
    pub(crate) fn write_files(&self, files: BTreeMap<String, (u32, Secret)>) -> Result<(), Failure> {
        let draft = Draft::new(&self.path);
        let mut made = BTreeSet::new();
        let mut entries = Vec::new();
        for (path, (mode, bytes)) in files {
            for (at, _) in path.match_indices('/') {
                if made.insert(path[..at].to_owned()) {
                    entries.push((path[..at].to_owned(), 0o755, None));
                }
            }
            entries.push((path, mode, Some(bytes)));
        }
        write_folder(&draft.0, entries.into_iter()).map_err(|(path, error)| Failure::file(&path, error))?;
        self.put(&draft.0).map(|_| ()).map_err(|error| Failure::file(&self.path, error))
    }

    fn put(&self, draft: &Path) -> io::Result<Option<PathBuf>> {
        if !self.replaces {
            return if self.zip { link(draft, &self.path) } else { fs::rename(draft, &self.path) }.map(|()| None);
        }
        let old = kept_name(&self.path);
        fs::rename(&self.path, &old)?;
        if let Err(error) = fs::rename(draft, &self.path) {
            fs::rename(&old, &self.path)?;
            return Err(error);
        }
        Ok(Some(old))
    }
}

/// The first of `NAME.old-1`, `NAME.old-2`, … that is free.
fn kept_name(path: &Path) -> PathBuf {
    let name = |number: usize| {
        let mut name = path.file_name().map(OsString::from).unwrap_or_default();
        name.push(format!(".old-{number}"));
        path.with_file_name(name)
    };
    (1..).map(name).find(|old| fs::symlink_metadata(old).is_err()).unwrap_or_else(|| name(0))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A name beside the place; what is left under it is removed when this is dropped.
struct Draft(PathBuf);

impl Draft {
    fn new(path: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".kubepki-{}", std::process::id()));
        Self(folder_of(path).join(name))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = match fs::symlink_metadata(&self.0) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&self.0),
            Ok(_) => fs::remove_file(&self.0),
            Err(error) => Err(error),
        };
    }
}

/// Path below the top, mode, bytes; no bytes for a folder.
type Unpacked = (String, u32, Option<Secret>);

/// The path that could not be written, and why.
type Unwritten = (PathBuf, io::Error);

fn write_zip(path: &Path, pki: &Pki, meta: Meta<'_>) -> Result<(), Unwritten> {
    let failed = |error| (path.to_owned(), error);
    // It holds private keys.
    let mut file = create(path, 0o600).map_err(failed)?;
    for part in archive::zip(pki, meta, SELECTION) {
        file.write_all(part.expose()).map_err(failed)?;
    }
    file.sync_all().map_err(failed)
}

fn write_folder(top: &Path, entries: impl Iterator<Item = Unpacked>) -> Result<(), Unwritten> {
    let make = |path: &Path, mode| {
        DirBuilder::new().mode(0o700).create(path)?;
        fs::set_permissions(path, Permissions::from_mode(mode))
    };
    // Closed to others until everything in it has its mode.
    make(top, 0o700).map_err(|error| (top.to_owned(), error))?;
    for (path, mode, bytes) in entries {
        let path = top.join(path);
        let done = match &bytes {
            None => make(&path, mode),
            Some(bytes) => create(&path, mode).and_then(|mut file| file.write_all(bytes.expose())),
        };
        done.map_err(|error| (path, error))?;
    }
    fs::set_permissions(top, Permissions::from_mode(0o755)).map_err(|error| (top.to_owned(), error))
}

/// A place for one new file.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    mode: u32,
}

impl NewFile {
    /// Looks at the place, before anything is made, of a file that nobody else may read.
    ///
    /// # Errors
    /// When something stands there, or its folder is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path.file_name().is_none() {
            return Err(Failure::file(path, "is no name of a file"));
        }
        let above = folder_of(path);
        if !above.is_dir() {
            return Err(Failure::file(&above, "there is no such folder"));
        }
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { path: path.to_owned(), mode: 0o600 }),
            Err(error) => Err(Failure::file(path, error)),
            Ok(_) => Err(Failure::file(path, "exists already, and is not replaced; give another name")),
        }
    }

    /// The same for a file without secrets, which all may read.
    pub(crate) fn public(self) -> Self {
        Self { mode: 0o644, ..self }
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// The first of the parts', or when it could not be written; then nothing is left behind.
    pub(crate) fn write(&self, parts: impl IntoIterator<Item = Result<Secret, Failure>>) -> Result<(), Failure> {
        let undone = |error: io::Error| Failure::file(&self.path, error);
        let draft = Draft::new(&self.path);
        let mut file = create(&draft.0, self.mode).map_err(undone)?;
        for part in parts {
            file.write_all(part?.expose()).map_err(undone)?;
        }
        file.sync_all().and_then(|()| link(&draft.0, &self.path)).map_err(undone)
    }
}

/// Unlike a rename, a link never replaces what has appeared meanwhile; some file systems have no links.
fn link(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::rename(draft, path),
        other => other,
    }
}

/// A new file with its mode set, whatever the umask, before anything is in it.
fn create(path: &Path, mode: u32) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}
