//! Keeps the build machine's folders out of what is shipped: panics that print name source files, and so whoever built
//! the page, and the same source would give other bytes elsewhere.

use crate::files::{Result, files_below};
use crate::project::Project;
use crate::sink::output;
use std::path::{Path, PathBuf};

/// Fails where a file of a folder names a folder of this machine.
pub(crate) fn refuse(project: &Project, folder: &Path) -> Result<()> {
    let sysroot = output(project.command("rustc").args(["--print", "sysroot"]))?;
    let folders = [project.root.clone(), cargo_home()?, project.cache.clone(), sysroot.trim().into()];
    let folders = folders.map(|path| format!("{}/", path.display()));
    for name in files_below(folder)? {
        let bytes = std::fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        if let Some(found) = folders.iter().find(|path| holds(&bytes, path.as_bytes())) {
            return Err(format!("{name} names a folder of this machine: {found}"));
        }
    }
    Ok(())
}

/// Whether a path stands in a file, as a beginning: `/src/` is none of `core/src/`.
fn holds(bytes: &[u8], path: &[u8]) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    let starts = (0..bytes.len()).filter(|&at| bytes[at] == *first && bytes[at + 1..].starts_with(rest));
    starts.filter(|&at| at == 0 || !bytes[at - 1].is_ascii_alphanumeric()).count() > 0
}

/// Where cargo keeps what it downloads.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    named.or_else(home).ok_or_else(|| "neither CARGO_HOME nor HOME is set".to_owned())
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_path_is_found_wherever_it_stands() {
        assert!(holds(b"\0/home/me/x.rs\0", b"/home/me"));
        assert!(holds(b"//home", b"/home"));
        assert!(holds(b"x /src/a.rs", b"/src/") && !holds(b"core/src/a.rs", b"/src/"));
        assert!(!holds(b"/home/m", b"/home/me"));
        assert!(!holds(b"anything", b""));
    }
}
