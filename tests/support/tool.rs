//! The programs that judge, and the one that is judged: where they are, and what to do when they are not there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A program.
#[derive(Debug)]
pub struct Tool {
    /// Its name on `PATH`.
    name: &'static str,
    /// The variable that says where it is; `cargo xtask test` sets it.
    variable: &'static str,
    /// What to do when it is missing.
    remedy: &'static str,
}

const XTASK: &str = "run `cargo xtask test judges`, which installs it, or set the variable";

macro_rules! tool {
    ($ident:ident, $name:literal, $variable:literal, $remedy:expr, $doc:literal) => {
        #[doc = $doc]
        pub static $ident: Tool = Tool { name: $name, variable: $variable, remedy: $remedy };
    };
}

tool!(AGE, "age", "KUBEPKI_AGE", XTASK, "Debian's age.");
tool!(AGE_KEYGEN, "age-keygen", "KUBEPKI_AGE_KEYGEN", XTASK, "What makes its identities.");
tool!(BSDTAR, "bsdtar", "KUBEPKI_BSDTAR", "install it: apt install libarchive-tools", "libarchive's reader of zips.");
tool!(ETCD, "etcd", "KUBEPKI_ETCD", XTASK, "Debian's etcd 3.4.");
tool!(ETCDCTL, "etcdctl", "KUBEPKI_ETCDCTL", XTASK, "Its client.");
tool!(GO, "go", "KUBEPKI_GO", XTASK, "The Go toolchain.");
tool!(
    KUBERNETES,
    "components",
    "KUBEPKI_KUBERNETES",
    "run `cargo xtask test kubernetes`, which builds it, or set the variable",
    "Kubernetes' own components in one program, which its first argument chooses."
);
tool!(
    MACHINES,
    "machines",
    "KUBEPKI_MACHINES",
    "run `cargo xtask test kubernetes`, which builds it, or set the variable",
    "What a machine runs of our own; beside it etcd, containerd and the other programs that it needs."
);
tool!(KUBECTL, "kubectl", "KUBEPKI_KUBECTL", XTASK, "Kubernetes' client.");
tool!(OPENSSL, "openssl", "KUBEPKI_OPENSSL", XTASK, "The openssl command line.");
tool!(UNZIP, "unzip", "KUBEPKI_UNZIP", "install it: apt install unzip", "Info-ZIP's reader of zips.");
tool!(VALIDATE, "python3", "KUBEPKI_K8S_VALIDATE", XTASK, "A Python that has kubernetes-validate.");

impl Tool {
    /// A command that runs it, in the C locale.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.path());
        command.env("LC_ALL", "C");
        command
    }

    /// Where it is.
    ///
    /// # Panics
    /// When it is not there: a judge that is missing has not accepted anything.
    pub fn path(&self) -> PathBuf {
        if let Some(path) = std::env::var_os(self.variable).filter(|value| !value.is_empty()).map(PathBuf::from) {
            assert!(path.is_file(), "{} says {}, which is no file; {}", self.variable, path.display(), self.remedy);
            return path;
        }
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&folders).map(|folder| folder.join(self.name)).find(|path| path.is_file());
        found.unwrap_or_else(|| {
            panic!("{} is missing: neither {} nor PATH has it; {}", self.name, self.variable, self.remedy)
        })
    }
}

/// The `kubepki` command: named by `KUBEPKI_BIN`, else the newest that was built beside this test.
///
/// # Panics
/// When it was not built.
pub fn kubepki() -> PathBuf {
    if let Some(path) = std::env::var_os("KUBEPKI_BIN").filter(|value| !value.is_empty()).map(PathBuf::from) {
        assert!(path.is_file(), "KUBEPKI_BIN says {}, which is no file; run `cargo xtask test judges`", path.display());
        return path;
    }
    let target = target_folder();
    let built = ["debug", "release"].map(|profile| target.join(profile).join("kubepki"));
    let age = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    built.into_iter().filter(|path| path.is_file()).max_by_key(age).unwrap_or_else(|| {
        panic!("the kubepki command is not built; run `cargo build -p kubepki-cli`, or set KUBEPKI_BIN")
    })
}

/// What cargo builds into: this test is `TARGET/PROFILE/deps/NAME`.
pub fn target_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    test.ancestors().nth(3).map(Path::to_path_buf).expect("cargo puts tests three folders deep")
}
