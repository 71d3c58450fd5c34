//! Scripts as one file each, by esbuild.

use crate::files::Result;
use crate::project::Project;
use crate::sink::output;
use std::path::Path;
use std::process::Command;

/// esbuild for one entry, as small as it makes it.
pub(crate) fn bundle(project: &Project, entry: &Path) -> Command {
    let mut esbuild = project.command("esbuild");
    // One line of licence in front: who finds the file alone knows whose it is.
    let banner = concat!("/*! KubePKI Workbench ", env!("CARGO_PKG_VERSION"), ", Apache-2.0 OR MIT */");
    esbuild.arg(entry).args(["--bundle", "--minify", "--target=es2022", "--log-level=warning", "--charset=utf8"]);
    // The package's core is told its bytes: the address beside it that it would read is none in a bundle.
    esbuild.arg("--define:import.meta.url=\"\"").arg(format!("--banner:js={banner}"));
    esbuild
}

/// The same as a script for a page: one that does not end the element that it stands in.
pub(crate) fn iife(esbuild: &mut Command) -> Result<String> {
    let script = output(esbuild.arg("--format=iife"))?;
    match script.contains("</script") {
        true => Err("a script of embed.html would end its own element".into()),
        false => Ok(script.trim_end().to_owned()),
    }
}
