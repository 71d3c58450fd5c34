//! What is being written, under a name of its own beside the place where it will stand; and what runs left behind that
//! were killed over it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process;

use kubepki_core::snippet::value::is_unprintable;

use crate::interrupt::{Written, remove, step};

/// Stands between the name and the number of the process.
const MARK: &str = ".kubepki-";

/// `.NAME.kubepki-PID` beside `NAME`; what is left under it is removed when this is dropped, or a signal ends the command.
pub(crate) struct Draft {
    /// Where it is.
    pub(crate) path: PathBuf,
}

impl Draft {
    /// A new folder, closed to others.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn folder(place: &Path) -> io::Result<Self> {
        Self::new(place, |path| make_folder(path, 0o700)).map(|(draft, ())| draft)
    }

    /// A new file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn file(place: &Path, mode: u32) -> io::Result<(Self, File)> {
        Self::new(place, |path| make_file(path, mode))
    }

    fn new<T>(place: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(Self, T)> {
        // In a container each process may have the same number: what another left there is not this one's.
        for more in 0.. {
            let mut name = OsString::from(".");
            name.push(place.file_name().unwrap_or_default());
            name.push(format!("{MARK}{}", process::id()));
            if more > 0 {
                name.push(format!(".{more}"));
            }
            let path = folder_of(place).join(name);
            let made = step(|written| {
                let made = make(&path)?;
                *written = Written::Half(path.clone());
                Ok(made)
            });
            match made {
                Err(error) if io::Error::kind(&error) == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|made| (Self { path }, made)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Puts it in its place: `put` does so, given the draft, and leaves nothing of it behind.
    ///
    /// # Errors
    /// Those of `put`; then the draft is there still.
    pub(crate) fn put<T>(&self, place: &Path, put: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
        step(|written| {
            let done = put(&self.path)?;
            *written = Written::Whole(place.to_owned());
            Ok(done)
        })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        step(|written| {
            if matches!(written, Written::Half(path) if *path == self.path) {
                // There is nowhere to go with an error: one has been said already.
                let _ = remove(&self.path);
                *written = Written::Nothing;
            }
        });
    }
}

/// The folder that something stands in.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A new folder with its mode set, whatever the umask.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// A new file with its mode set, whatever the umask, before anything is in it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_file(path: &Path, mode: u32) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

/// A line for each draft in a folder that no running process of this command writes: it may hold private keys.
pub(crate) fn leftovers(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<OsString> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    found.retain(|name| writer(name).is_some_and(|pid| !is_writing(pid)));
    found.sort();
    found.iter().map(|name| leftover(&folder.join(name))).collect()
}

/// The process whose draft is called so.
fn writer(name: &OsStr) -> Option<u32> {
    let (of, pid) = name.to_str()?.rsplit_once(MARK)?;
    let pid = pid.split_once('.').map_or(pid, |(pid, _)| pid);
    pid.parse().ok().filter(|_| of.starts_with('.'))
}

/// Whether another process with this number runs and is called as this one. Without /proc nobody can tell.
fn is_writing(pid: u32) -> bool {
    let called = |pid: &str| fs::read_to_string(format!("/proc/{pid}/comm")).ok();
    pid != process::id() && called(&pid.to_string()).is_some_and(|name| called("self") == Some(name))
}

fn leftover(path: &Path) -> String {
    let remove = if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) { "rm -r" } else { "rm" };
    let shown = path.display().to_string();
    // A command with escapes in it would remove something else, or nothing.
    let how = match shown.contains(is_unprintable) {
        true => "remove it".to_owned(),
        false => format!("remove it with {remove} -- '{}'", shown.replace('\'', r"'\''")),
    };
    format!(
        "warning: {shown} was left behind by a run that was killed while it wrote, and may hold private keys; unless a \
         kubepki elsewhere writes it now, {how}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_known_by_its_name() {
        let pid = |name: &str| writer(OsStr::new(name));
        assert_eq!(pid(".lab.zip.kubepki-123"), Some(123));
        assert_eq!(pid(".a.kubepki-7.kubepki-123.2"), Some(123));
        for other in ["lab.kubepki-123", ".lab.kubepki-", ".lab.kubepki-x", ".lab-123", ""] {
            assert_eq!(pid(other), None, "{other}");
        }
    }

    #[test]
    fn what_removes_a_leftover_is_a_command_or_none() {
        assert!(leftover(Path::new("./.it's.kubepki-1")).ends_with(r"remove it with rm -- './.it'\''s.kubepki-1'"));
        assert!(leftover(Path::new(".a\u{1b}b.kubepki-1")).ends_with(" remove it"));
    }
}
