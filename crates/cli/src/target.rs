//! Where an export is written: whole or not at all, and never over anything that is not an earlier export.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use kubepki_issuance::archive::{self, Entry, Meta, Selection};
use kubepki_issuance::{Pki, Secret};

use crate::draft::{Draft, folder_of, leftovers, make_file, make_folder};
use crate::failure::{Failure, why};
use crate::interrupt::{self, step};
use crate::progress::Stage;
use crate::{export, output};

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
        begin(path)?;
        let replaces = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(Failure::io(path, &error)),
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
        let entries =
            archive::entries(pki, meta, Selection::Whole).map(|Entry { path, mode, bytes }| Ok((path, mode, bytes)));
        match self.zip {
            true => {
                let _stage = Stage::whole("writing");
                let parts = archive::zip(pki, meta, Selection::Whole).map(Ok);
                self.put(&write_file(&self.path, 0o600, parts)?)
            }
            false => self.put(&write_folder(&self.path, pki.plan.files.len(), entries)?),
        }
    }

    /// Writes files as a folder in the same way; the folders above them are made.
    ///
    /// # Errors
    /// As for [`Target::write`].
    pub(crate) fn write_files(&self, files: BTreeMap<String, (u32, Secret)>) -> Result<(), Failure> {
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
        let count = entries.iter().filter(|(_, _, bytes)| bytes.is_some()).count();
        self.put(&write_folder(&self.path, count, entries.into_iter().map(Ok))?).map(|_| ())
    }

    /// Writes about so many files into one folder in the same way, each as it is made; only their owner may read them.
    ///
    /// # Errors
    /// As for [`Target::write`], and with the first of the files' own.
    pub(crate) fn write_new(
        &self,
        count: usize,
        files: impl Iterator<Item = Result<(String, Secret), Failure>>,
    ) -> Result<(), Failure> {
        let entries = files.map(|file| file.map(|(path, bytes)| (path, 0o600, Some(bytes))));
        self.put(&write_folder(&self.path, count, entries)?).map(|_| ())
    }

    fn put(&self, draft: &Draft) -> Result<Option<PathBuf>, Failure> {
        let put = |draft: &Path| {
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
        };
        draft.put(&self.path, put).map_err(|error| not_put(&self.path, &error))
    }
}

/// Begins to watch over what will be written at a place, and says what earlier runs left there.
fn begin(path: &Path) -> Result<(), Failure> {
    let above = folder_of(path);
    if !above.is_dir() {
        return Err(Failure::file(&above, "there is no such folder"));
    }
    interrupt::watch();
    output::say(leftovers(&above));
    Ok(())
}

/// Why something could not be put in its place, which was free or held an earlier export when this began.
fn not_put(path: &Path, error: &io::Error) -> Failure {
    use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory, NotFound};
    match error.kind() {
        AlreadyExists | DirectoryNotEmpty | IsADirectory | NotADirectory => {
            Failure::file(path, "something else has appeared there meanwhile and was not replaced; give another name")
        }
        NotFound => Failure::file(path, "what stood there, or its folder, has disappeared meanwhile; try again"),
        _ => Failure::file(path, why(error)),
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

/// Path below the top, mode, bytes; no bytes for a folder.
type Unpacked = (String, u32, Option<Secret>);

/// Writes a folder of about so many files beside its place.
fn write_folder(
    place: &Path,
    count: usize,
    entries: impl Iterator<Item = Result<Unpacked, Failure>>,
) -> Result<Draft, Failure> {
    let stage = Stage::of("files", count);
    // Closed to others until everything in it has its mode.
    let draft = Draft::folder(place).map_err(|error| Failure::io(place, &error))?;
    for entry in entries {
        let (path, mode, bytes) = entry?;
        let path = draft.path.join(path);
        let done = step(|_| match &bytes {
            None => make_folder(&path, mode),
            Some(bytes) => make_file(&path, mode).and_then(|mut file| file.write_all(bytes.expose())),
        });
        done.map_err(|error| Failure::io(&path, &error))?;
        if bytes.is_some() {
            stage.step();
        }
    }
    let opened = step(|_| fs::set_permissions(&draft.path, Permissions::from_mode(0o755)));
    opened.map_err(|error| Failure::io(&draft.path, &error))?;
    Ok(draft)
}

/// Writes a file beside its place.
fn write_file(
    place: &Path,
    mode: u32,
    parts: impl IntoIterator<Item = Result<Secret, Failure>>,
) -> Result<Draft, Failure> {
    let undone = |error: io::Error| Failure::io(place, &error);
    let (draft, mut file) = Draft::file(place, mode).map_err(undone)?;
    for part in parts {
        let part = part?;
        step(|_| file.write_all(part.expose())).map_err(undone)?;
    }
    file.sync_all().map_err(undone)?;
    Ok(draft)
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
        begin(path)?;
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { path: path.to_owned(), mode: 0o600 }),
            Err(error) => Err(Failure::io(path, &error)),
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
        let draft = write_file(&self.path, self.mode, parts)?;
        draft.put(&self.path, |draft| link(draft, &self.path)).map_err(|error| not_put(&self.path, &error))
    }
}

/// Unlike a rename, a link never replaces what has appeared meanwhile; some file systems have no links.
fn link(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Ok(()) => fs::remove_file(draft),
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::rename(draft, path),
        Err(error) => Err(error),
    }
}

/// Whether a file is called so.
pub(crate) fn ends(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending))
}
