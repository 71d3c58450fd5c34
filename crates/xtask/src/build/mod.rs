//! Builds the page: `dist/`, and what is made of it.

pub(crate) mod behind;
pub(crate) mod cli;
pub(crate) mod element;
pub(crate) mod finish;
pub(crate) mod frame;
pub(crate) mod hosts;
pub(crate) mod html;
pub(crate) mod imports;
pub(crate) mod library;
pub(crate) mod measure;
pub(crate) mod offline;
pub(crate) mod package;
pub(crate) mod paths;
pub(crate) mod policy;
pub(crate) mod single_file;
pub(crate) mod styles;

use crate::project::{Project, Result};
use crate::sink::Sink;
use std::fs;
use std::path::Path;

/// How what is shipped as WebAssembly is compiled: with the standard library built for size, and with panics that stop
/// at once. The texts and the code that would print them are a third of the page otherwise, nobody would read them
/// there, and they name folders of the machine that built it. Cargo keeps both behind the variable that lets a stable
/// compiler do what its next versions may do differently; this one's version is pinned in `tools.toml`.
pub(crate) const WASM: &[(&str, &str)] = &[
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort"),
];

/// Builds the wasm set with Trunk and finishes it into `dist/`; returns what it has to tell.
pub(crate) fn build(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    fetch(project, sink)?;
    // Trunk copies every snippet that it finds here, those of earlier builds too.
    let _ = fs::remove_dir_all(project.target.join("wasm-bindgen"));
    let staged = project.scratch("stage")?;
    let mut trunk = project.command("trunk");
    trunk.args(["build", "--release", "--color", "never", "--dist"]).arg(&staged).envs(WASM.iter().copied());
    // Trunk reads NO_COLOR as a boolean and stops at any other value.
    sink.run(trunk.env_remove("NO_COLOR"))?;
    let notes = finish::finish(project, &staged)?;
    paths::refuse(project, &staged)?;
    replace(&staged, &project.dist())?;
    Ok(notes)
}

/// The same, the single file that is made of it, the headers for static hosts, and the npm package with the custom element.
pub(crate) fn build_all(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let mut notes = build(project, sink)?;
    notes.extend(single_file::make(project, sink)?);
    notes.extend(hosts::make(project)?);
    notes.extend(package::make(project, sink)?);
    Ok(notes)
}

/// Downloads the crates in the lock file, and then those of the standard library for WebAssembly, which cargo fetches
/// for a named target alone: Trunk builds without the network.
pub(crate) fn fetch(project: &Project, sink: &Sink) -> Result<()> {
    for target in [&[][..], &["--target", "wasm32-unknown-unknown"]] {
        let mut cargo = project.command("cargo");
        cargo.args(["fetch", "--quiet"]).args(target).envs(WASM.iter().copied());
        if project.ci {
            cargo.arg("--locked");
        }
        sink.run(&mut cargo)?;
    }
    Ok(())
}

/// Puts a copy of one folder in another's place.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let fail = |error: std::io::Error| format!("{}: {error}", to.display());
    if to.exists() {
        fs::remove_dir_all(to).map_err(fail)?;
    }
    copy(from, to).map_err(fail)
}

/// Copies a folder into another, which may be there or not.
pub(crate) fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
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
