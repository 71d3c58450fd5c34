//! Builds what is shipped: the page in `dist/`, and the `kubepki` command.

use crate::finish;
use crate::paths;
use crate::project::{Project, Result};
use crate::sink::Sink;
use std::fs;
use std::path::Path;

/// Builds the wasm set with Trunk and finishes it into `dist/`; returns what it has to tell.
pub(crate) fn build(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    fetch(project, sink)?;
    // Trunk copies every snippet that it finds here, those of earlier builds too.
    let _ = fs::remove_dir_all(project.target.join("wasm-bindgen"));
    let staged = project.scratch("stage")?;
    let mut trunk = project.command("trunk");
    trunk.env("CARGO_ENCODED_RUSTFLAGS", paths::flags(project)?);
    trunk.args(["build", "--release", "--color", "never", "--dist"]).arg(&staged);
    // Trunk reads NO_COLOR as a boolean and stops at any other value.
    sink.run(trunk.env_remove("NO_COLOR"))?;
    let notes = finish::finish(project, &staged)?;
    paths::refuse(project, &staged)?;
    replace(&staged, &project.dist())?;
    Ok(notes)
}

/// Builds the `kubepki` command, optimised: gates and benchmarks run it.
pub(crate) fn kubepki(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    sink.run(project.command("cargo").args(["build", "--release", "--package", "kubepki-cli"]))?;
    Ok(Vec::new())
}

/// Downloads the crates in the lock file: Trunk then builds without the network.
pub(crate) fn fetch(project: &Project, sink: &Sink) -> Result<()> {
    let mut cargo = project.command("cargo");
    cargo.args(["fetch", "--quiet"]);
    if project.ci {
        cargo.arg("--locked");
    }
    sink.run(&mut cargo)
}

/// Puts a copy of one folder in another's place.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let fail = |error: std::io::Error| format!("{}: {error}", to.display());
    if to.exists() {
        fs::remove_dir_all(to).map_err(fail)?;
    }
    copy(from, to).map_err(fail)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
