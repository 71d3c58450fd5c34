//! Where the project lies, what it is built with, and the environment that its child processes get.

use crate::files::{Result, read};
use crate::tools::{self, Source, Tool};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::Command;

/// The checkout, the machine's cache, and the tools.
pub(crate) struct Project {
    /// The top folder of the checkout.
    pub(crate) root: PathBuf,
    /// What checkouts share: tools by version.
    pub(crate) cache: PathBuf,
    /// What cargo builds into.
    pub(crate) target: PathBuf,
    /// This program, for tests that start `serve` themselves.
    pub(crate) xtask: PathBuf,
    /// The rows of `tools.toml`.
    pub(crate) tools: Vec<Tool>,
    /// Whether this runs unattended.
    pub(crate) ci: bool,
}

impl Project {
    /// Finds the checkout around the current folder.
    pub(crate) fn open() -> Result<Project> {
        let here = std::env::current_dir().map_err(|error| format!("no current folder: {error}"))?;
        let root = here.ancestors().find(|folder| folder.join("tools.toml").is_file());
        let root = root.ok_or("run it inside the project: there is no tools.toml here or above")?.to_owned();
        let text = read(&root.join("tools.toml"))?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Project {
            tools: tools::parse(&text).map_err(|error| format!("tools.toml: {error}"))?,
            cache: cache_folder()?,
            xtask: std::env::current_exe().map_err(|error| format!("no path of xtask: {error}"))?,
            ci: std::env::var_os("CI").is_some(),
            target,
            root,
        })
    }

    /// The finished page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A file or folder of ours among what cargo builds.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder.join(name))
    }

    /// A child process at the top of the checkout: our toolchain, our tools first on PATH, and none of the variables
    /// that cargo set for xtask itself.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(is_of_xtask_itself) {
                command.env_remove(name);
            }
        }
        if let Some(rust) = self.tools.iter().find(|tool| tool.source == Source::Rustup) {
            command.env("RUSTUP_TOOLCHAIN", &rust.version);
        }
        if self.ci {
            command.env("CARGO_INCREMENTAL", "0");
        }
        command.env("PATH", self.path()).current_dir(&self.root);
        command
    }

    fn path(&self) -> OsString {
        let ours = self.tools.iter().filter(|tool| matches!(tool.source, Source::Cargo | Source::Npm));
        let ours = ours.filter_map(|tool| tool.program(&self.cache)?.parent().map(PathBuf::from));
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let all = ours.chain(std::env::split_paths(&inherited));
        std::env::join_paths(all).unwrap_or(inherited)
    }
}

/// Whether this user is root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// `cargo run` describes the package that it runs; a child that reads this would take itself for xtask.
fn is_of_xtask_itself(name: &str) -> bool {
    const EXACT: &[&str] =
        &["CARGO", "CARGO_PRIMARY_PACKAGE", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "RUST_RECURSION_COUNT"];
    EXACT.contains(&name) || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

fn cache_folder() -> Result<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    Ok(cache.ok_or("neither XDG_CACHE_HOME nor HOME is set")?.join("kubepki"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_keep_the_callers_settings_only() {
        for kept in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_BUILD_JOBS", "CARGO_NET_OFFLINE", "PATH"] {
            assert!(!is_of_xtask_itself(kept), "{kept}");
        }
        for dropped in ["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"] {
            assert!(is_of_xtask_itself(dropped), "{dropped}");
        }
    }
}
