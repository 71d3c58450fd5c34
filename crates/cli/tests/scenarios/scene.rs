//! A scratch folder to run the command in.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Keys that are made in no time.
pub(crate) const DESIGN: &str = "\
apiVersion: kubepki.dev/v1alpha1
kind: ClusterDesign
clusterName: lab
kubernetesVersion: v1.36.4
keys:
  ca: ECDSA-P256
  leaf: ECDSA-P256
nodes:
- name: cp-1
  addresses: [10.0.0.11]
  roles: [control-plane]
- name: w-1
  addresses: [10.0.0.21]
  roles: [worker]
";

/// A folder that is removed when the test is over.
pub(crate) struct Scene(PathBuf);

/// How a run of the command ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scene {
    /// An empty folder with `design.yaml` in it.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a scratch folder");
        let scene = Self(path);
        scene.write("design.yaml", DESIGN);
        scene
    }

    /// Runs the command in the folder. Arguments are separated by spaces.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(line, "")
    }

    /// The same with a text on standard input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Ran {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>(), input)
    }

    /// The same with arguments that may hold anything.
    pub(crate) fn run_words(&self, words: &[&str], input: &str) -> Ran {
        self.run_under("exec", words, input)
    }

    /// The same as the arguments of something of the shell, such as `ulimit -v 262144; exec`.
    pub(crate) fn run_under(&self, shell: &str, words: &[&str], input: &str) -> Ran {
        let mut child = self.start(shell, words);
        // A command that has no use for it may close it.
        let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
        Ran::of(child)
    }

    /// Starts it and does not wait.
    pub(crate) fn start(&self, shell: &str, words: &[&str]) -> Child {
        let mut command = Command::new("sh");
        // The strictest umask: modes are the command's own.
        let line = format!("umask 077; {shell} \"$@\"");
        command.args(["-c", &line, "sh", env!("CARGO_BIN_EXE_kubepki")]).args(words);
        command.current_dir(&self.0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the command starts")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}")).permissions().mode() & 0o7777
    }

    /// What is in the folder, hidden files too.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("a folder");
        let name =
            |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string().expect("a name");
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Ran {
    /// Waits for its end.
    pub(crate) fn of(child: Child) -> Self {
        let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    /// It ended so; otherwise both outputs are shown.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\nstandard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }

    /// It said this on standard error.
    #[track_caller]
    pub(crate) fn complained(self, of: &str) -> Self {
        assert!(self.err.contains(of), "nobody complained of {of:?}:\n{}", self.err);
        self
    }

    /// It said this on standard output.
    #[track_caller]
    pub(crate) fn said(self, what: &str) -> Self {
        assert!(self.out.contains(what), "nobody said {what:?}:\n{}", self.out);
        self
    }
}
