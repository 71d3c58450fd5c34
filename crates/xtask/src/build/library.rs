//! A crate's library as WebAssembly: compiled, bound to JavaScript, shrunk.

use crate::build::imports;
use crate::files::{Result, read};
use crate::project::Project;
use crate::sink::Sink;
use std::fs;

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

/// A library that JavaScript calls.
pub(crate) struct Library {
    /// The crate.
    pub(crate) package: &'static str,
    /// How it is compiled: a profile of `Cargo.toml`.
    pub(crate) profile: &'static str,
    /// Whether with its features, or with what it cannot do without.
    pub(crate) whole: bool,
}

/// What is made of it.
pub(crate) struct Bound {
    /// A module that takes the WebAssembly and gives its functions.
    pub(crate) glue: String,
    /// The WebAssembly.
    pub(crate) wasm: Vec<u8>,
}

/// Builds a library.
pub(crate) fn bound(project: &Project, sink: &Sink, library: &Library) -> Result<Bound> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let Library { package, profile, whole } = *library;
    let mut cargo = project.command("cargo");
    // Of a library that Rust links as well, cargo would optimise each crate alone.
    cargo.args(["rustc", "--package", package, "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--target", TARGET, "--profile", profile]);
    if !whole {
        cargo.arg("--no-default-features");
    }
    sink.run(cargo.envs(WASM.iter().copied()))?;
    let name = package.replace('-', "_");
    let built = project.target.join(TARGET).join(profile).join(format!("{name}.wasm"));
    let stage = project.scratch("library")?;
    let mut bindgen = project.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", "glue"]);
    sink.run(bindgen.arg("--out-dir").arg(&stage).arg(&built))?;
    let small = stage.join("small.wasm");
    let mut optimize = project.command("wasm-opt");
    optimize.args(["-Oz", "--one-caller-inline-max-function-size=20", "--low-memory-unused", "--converge"]);
    sink.run(optimize.arg(stage.join("glue_bg.wasm")).arg("-o").arg(&small))?;
    let wasm = fs::read(&small).map_err(|error| format!("{}: {error}", small.display()))?;
    let (glue, wasm) =
        imports::shorten(&read(&stage.join("glue.js"))?, &wasm).map_err(|why| format!("{package}: {why}"))?;
    Ok(Bound { glue, wasm })
}
