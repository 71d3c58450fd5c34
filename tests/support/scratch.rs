//! Folders to work in, below cargo's target folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::tool::target_folder;

/// A folder of its own, removed when dropped; a failed test leaves it to be looked at until the next run.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// An empty folder with this word in its name.
    pub fn new(word: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        static SWEPT: Once = Once::new();
        SWEPT.call_once(sweep);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = root().join(format!("{}-{number}-{word}", std::process::id()));
        make(&path);
        Self { path }
    }

    /// A folder that stays until a later run, for what all tests of a process share.
    pub fn shared(word: &str) -> PathBuf {
        let scratch = Self::new(word);
        let path = scratch.path.clone();
        std::mem::forget(scratch);
        path
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file in it and gives its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        make(path.parent().expect("a file is in a folder"));
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // What cannot be removed is swept away by a later run.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn root() -> PathBuf {
    target_folder().join("judges/scratch")
}

fn make(path: &Path) {
    fs::create_dir_all(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Removes what processes left that are no more.
fn sweep() {
    for entry in fs::read_dir(root()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_string_lossy().split('-').next().map(str::to_owned).unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Copies a folder with its modes.
pub fn copy(from: &Path, to: &Path) {
    make(to);
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())).flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            fs::copy(&source, &target).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        }
    }
    fs::set_permissions(to, fs::metadata(from).expect("it was read").permissions()).expect("it was made here");
}

/// Every file and folder below a folder, as sorted relative paths; folders end in a slash.
pub fn tree(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, prefix: &str, out: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("it was listed").is_dir() {
                out.push(format!("{name}/"));
                walk(&entry.path(), &format!("{name}/"), out);
            } else {
                out.push(name);
            }
        }
    }
    let mut out = Vec::new();
    walk(folder, "", &mut out);
    out.sort();
    out
}

/// Every file and folder below a folder with its mode and, of a file, its content.
pub fn snapshot(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let held = |path: String| {
        let full = folder.join(&path);
        let mode = fs::metadata(&full).expect("it was listed").permissions().mode() & 0o7777;
        let bytes = if path.ends_with('/') { Vec::new() } else { fs::read(&full).expect("it was listed") };
        (path, (mode, bytes))
    };
    tree(folder).into_iter().map(held).collect()
}
