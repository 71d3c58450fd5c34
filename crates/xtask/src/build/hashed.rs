//! Files under names made of their hashes: a browser that has one never asks for it again, and another build has others.

use crate::build::measure::{Depth, measure};
use crate::files::{Result, write};
use crate::project::Project;
use std::fs;
use std::path::Path;

/// Writes a script under a name made of its hash; returns both.
pub(crate) fn write_script(project: &Project, folder: &Path, name: &str, text: &str) -> Result<(String, String)> {
    let draft = folder.join(format!("{name}.js"));
    write(&draft, text)?;
    let integrity = measure(project, Depth::Hash, std::slice::from_ref(&draft))?.remove(0).integrity;
    let name = format!("{name}-{}.js", short(&integrity));
    fs::rename(&draft, folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
    Ok((name, integrity))
}

/// Enough of a hash to tell two builds apart, in characters that any file system takes.
pub(crate) fn short(integrity: &str) -> String {
    let digest = integrity.trim_start_matches("sha384-").to_ascii_lowercase();
    digest.chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_short_hash_is_a_file_name() {
        assert_eq!(short("sha384-Ab/c+D0123456789abcdefXYZ"), "abcd0123456789ab");
    }
}
