//! A folder that stands for a machine's root.

use std::path::{Path, PathBuf};

use support::export::Export;
use support::program::{Said, run};
use support::scratch::{Scratch, copy};
use support::tool::KUBERNETES;

/// Where the configuration stands, below the root.
const CONFIGURATION: &str = "etc/kubeadm.yaml";
/// Longer than any phase takes.
const SECONDS: u64 = 120;

/// A machine on which kubeadm was never run.
pub(crate) struct Machine {
    root: Scratch,
}

impl Machine {
    /// The first control plane of an export, with its configuration and nothing else.
    pub(crate) fn of(export: &Export) -> Self {
        let spec = &export.plan.spec;
        let node = &spec.nodes[spec.init_node()].name;
        let machine = Self::new(node);
        machine.bring(&export.folder.join(format!("kubeadm/{node}.yaml")), CONFIGURATION);
        machine
    }

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
        let copied = std::fs::copy(file, self.root.write(to, ""));
        copied.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Copies a node's tree onto it, modes and all.
    pub(crate) fn install(&self, tree: &Path) {
        copy(tree, self.root.path());
    }

    /// Gives it another configuration.
    pub(crate) fn configure(&self, text: &str) {
        self.root.write(CONFIGURATION, text);
    }

    /// Runs kubeadm there with its configuration, by words between blanks: it takes the folder for the root of the file system.
    pub(crate) fn kubeadm(&self, words: &str) -> Said {
        self.kubeadm_on(words, "--config")
    }

    /// The same of a command that calls the configuration otherwise.
    pub(crate) fn kubeadm_on(&self, words: &str, option: &str) -> Said {
        let mut command = KUBERNETES.command();
        command.arg("kubeadm").args(words.split(' ')).arg(option).arg(format!("/{CONFIGURATION}"));
        run(command.arg("--rootfs").arg(self.root.path()), SECONDS)
    }
}
