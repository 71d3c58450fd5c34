//! Builds the page: `dist/`, and what is made of it.

pub(crate) mod behind;
pub(crate) mod cli;
pub(crate) mod element;
pub(crate) mod esbuild;
pub(crate) mod finish;
pub(crate) mod frame;
pub(crate) mod hashed;
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

use crate::build::library::WASM;
use crate::files::{self, Result};
use crate::project::Project;
use crate::sink::Sink;
use crate::steps::Steps;
use crate::tools::install;
use std::fs;
use std::path::Path;

/// Installs what building needs, builds `dist/`, and prints what there is to tell of it and how long each step took.
pub(crate) fn command(project: &Project) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("tools", || install::install_for(project, &["build"]))?;
    for line in build(project, &Sink::Screen, &mut steps)? {
        println!("{line}");
    }
    println!("{}", steps.told());
    Ok(())
}

/// Builds the wasm set with Trunk and finishes it into `dist/`; returns what it has to tell.
fn build(project: &Project, sink: &Sink, steps: &mut Steps) -> Result<Vec<String>> {
    steps.run("crates", || fetch(project, sink))?;
    // Trunk copies every snippet that it finds here, those of earlier builds too.
    let _ = fs::remove_dir_all(project.target.join("wasm-bindgen"));
    let staged = project.scratch("stage")?;
    let mut trunk = project.command("trunk");
    trunk.args(["build", "--release", "--color", "never", "--dist"]).arg(&staged).envs(WASM.iter().copied());
    // Trunk reads NO_COLOR as a boolean and stops at any other value.
    steps.run("Trunk", || sink.run(trunk.env_remove("NO_COLOR")))?;
    steps.run("finishing", || {
        let notes = finish::finish(project, &staged)?;
        paths::refuse(project, &staged)?;
        replace(&staged, &project.dist())?;
        Ok(notes)
    })
}

/// The same, the single file that is made of it, the headers for static hosts, and the npm package with the custom element.
pub(crate) fn build_all(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let mut steps = Steps::default();
    let mut notes = build(project, sink, &mut steps)?;
    notes.extend(steps.run("single file", || single_file::make(project, sink))?);
    notes.extend(hosts::make(project)?);
    notes.extend(steps.run("package", || package::make(project, sink))?);
    notes.push(steps.told());
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
    files::copy(from, to).map_err(fail)
}
