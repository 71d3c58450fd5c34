//! The sums of a release.

use crate::files::{Result, files_below};
use crate::project::Project;
use crate::sink::output;
use std::path::Path;

/// The SHA-256 of every file in a folder, as `sha256sum` prints and checks it.
pub(crate) fn sums(project: &Project, folder: &Path) -> Result<String> {
    let names = files_below(folder)?;
    output(project.command("sha256sum").arg("--").args(names).current_dir(folder))
}
