//! What is loaded behind the first picture, from `web/behind`: one script, which fetches each part of the workers by its
//! hash, locks the page's network and starts the worker; the leak test; and what the site alone has, use without a network.

use crate::build::hashed;
use crate::build::measure::{Depth, measure};
use crate::files::{Result, files_below, read, write};
use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

/// What the single file has of it too.
const EVERYWHERE: &[&str] = &["leaks.js", "start.js"];
/// What the site has beside that.
const SITE: &[&str] = &["offline.js"];
/// Stands in `start.js` where the hashes of the workers' parts belong.
const HASHES: &str = "HASHES = {}";

/// Writes the script of a site under a name made of its hash, once all that it fetches is final; returns both.
pub(crate) fn write_script(project: &Project, folder: &Path) -> Result<(String, String)> {
    // Trunk copied these for `cargo xtask dev`.
    for name in EVERYWHERE {
        fs::remove_file(folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    let bootstrap = folder.join("bootstrap.js");
    write(&bootstrap, bare(&read(&bootstrap)?))?;
    let parts = parts(project, folder)?;
    let rows: Vec<String> = parts.iter().map(|(name, integrity)| format!("'{name}':'{integrity}'")).collect();
    let scripts = [SITE, EVERYWHERE].concat();
    let text = text(project, &scripts)?;
    if text.matches(HASHES).count() != 1 {
        return Err(format!("web/behind/start.js has no `{HASHES}`, or more than one"));
    }
    let text = text.replace(HASHES, &format!("HASHES = {{{}}}", rows.join(",")));
    hashed::write_script(project, folder, "behind", &text)
}

/// The script of a single file, whose parts are inside it.
pub(crate) fn of_single_file(project: &Project) -> Result<String> {
    text(project, EVERYWHERE)
}

/// The parts of the workers and the hash of each: every script and WebAssembly without a hash in its name.
pub(crate) fn parts(project: &Project, folder: &Path) -> Result<Vec<(String, String)>> {
    let mut names = files_below(folder)?;
    names.retain(|name| is_part(name));
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    let measures = measure(project, Depth::Hash, &paths)?;
    Ok(names.into_iter().zip(measures.into_iter().map(|one| one.integrity)).collect())
}

/// Whether a file is a part of a worker.
pub(crate) fn is_part(name: &str) -> bool {
    (name.ends_with(".js") || name.ends_with(".wasm")) && !name.contains(['-', '/'])
}

/// The address that the page asks for a part under, as `start.js` makes it: workers have no hash in their names.
pub(crate) fn address(name: &str, integrity: &str) -> String {
    let hash: String = integrity.chars().skip(7).take(16).collect();
    format!("./{name}?{hash}")
}

fn text(project: &Project, names: &[&str]) -> Result<String> {
    names
        .iter()
        .try_fold(String::new(), |text, name| Ok(text + &bare(&read(&project.root.join("web/behind").join(name))?)))
}

/// A script without notes and indentation.
pub(crate) fn bare(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_by_their_names_and_asked_for_by_their_hashes() {
        assert!(is_part("worker.js") && is_part("worker_bg.wasm"));
        assert!(!is_part("boot-1a.js") && !is_part("index.html") && !is_part("a/b.js"));
        assert_eq!(address("a.js", "sha384-0123456789abcdefXYZ"), "./a.js?0123456789abcdef");
        // `start.js` makes the same.
        assert!(
            include_str!("../../../../web/behind/start.js")
                .contains("`./${name}${integrity ? `?${integrity.slice(7, 23)}` : ''}`")
        );
    }

    #[test]
    fn notes_and_indentation_are_not_shipped() {
        assert_eq!(bare("// why\nif (x) {\n  y('// z');\n}\n\n"), "if (x) {\ny('// z');\n}\n");
    }
}
