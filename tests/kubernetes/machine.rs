//! A folder that stands for a machine's root.

use std::path::{Path, PathBuf};
use std::process::Command;

use support::program::{Said, run};
use support::scratch::{Scratch, copy};
use support::tool::KUBERNETES;

/// Longer than any phase takes.
const SECONDS: u64 = 120;

/// The version of the components that judge.
pub(crate) fn version() -> &'static str {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    VERSION.get_or_init(|| {
        run(KUBERNETES.command().args(["kubeadm", "version", "-o", "short"]), SECONDS).good().trim().to_owned()
    })
}

/// A machine on which kubeadm was never run.
pub(crate) struct Machine {
    root: Scratch,
}

impl Machine {
    /// An empty one with this name.
    pub(crate) fn new(name: &str) -> Self {
        Self { root: Scratch::new(name) }
    }

    /// A path of the machine, where it stands here.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Puts a file on it, with its mode.
    pub(crate) fn bring(&self, file: &Path, to: &str) {
        let told = |error: std::io::Error| -> ! { panic!("{}: {error}", file.display()) };
        let bytes = std::fs::read(file).unwrap_or_else(|error| told(error));
        let mode = std::fs::metadata(file).unwrap_or_else(|error| told(error)).permissions();
        std::fs::set_permissions(self.root.write(to, bytes), mode).unwrap_or_else(|error| told(error));
    }

    /// Copies a node's tree onto it, modes and all.
    pub(crate) fn install(&self, tree: &Path) {
        copy(tree, self.root.path());
    }

    /// Writes a file on it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        self.root.write(path, text);
    }

    /// Runs kubeadm there: it takes the folder for the root of the file system.
    pub(crate) fn kubeadm<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Said {
        let mut command: Command = KUBERNETES.command();
        command.arg("kubeadm").args(words).arg("--rootfs").arg(self.root.path());
        run(&mut command, SECONDS)
    }
}
