//! The bill of materials: every package of every lock file, and the pinned tools that build, each with what it is used
//! for. Written by Node.js, which reads JSON; the gate holds it to CycloneDX's own schema and to the lock files.

use crate::files::{Result, write};
use crate::release::commit::Release;
use crate::sink::output;
use crate::tools::{Source, Tool};
use std::path::Path;

/// Writes it.
pub(crate) fn make(release: &Release<'_>, path: &Path) -> Result<()> {
    let project = release.project;
    let mut node = project.command("node");
    node.args(["--input-type=module", "--eval", include_str!("sbom.mjs"), "--"]);
    node.args([release.version, &release.time.to_string()]);
    write(path, output(node.args(project.tools.iter().filter_map(told)))?)
}

/// A tool as the script takes it: a folder with a lock file, or a package that builds what is shipped.
fn told(tool: &Tool) -> Option<String> {
    let package = &tool.packages[0];
    let builds = tool.serves(&["build"]) || tool.serves(&["all"]);
    match tool.source {
        Source::Lock => Some(format!("lock {}", tool.dir)),
        Source::Rustup => Some(format!("rust {}", tool.version)),
        Source::Cargo if builds => Some(format!("cargo {package} {}", tool.version)),
        Source::Npm if builds => Some(format!("npm {package} {}", tool.version)),
        Source::Pypi if builds => Some(format!("pypi {package} {}", tool.version)),
        _ => None,
    }
}
