//! Running programs so that none outlives its test, and none is waited for forever.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a program said, and how it ended.
#[derive(Clone, Debug)]
pub struct Said {
    /// Exit status; nothing when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// How long it took.
    pub took: Duration,
    line: String,
}

impl Said {
    /// Whether it succeeded.
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// Everything it said.
    pub fn both(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Standard output of a program that succeeded.
    ///
    /// # Panics
    /// When it did not, with what it said.
    #[track_caller]
    pub fn good(self) -> String {
        assert!(self.ok(), "{self}");
        self.out
    }

    /// Everything it said, of a program that failed.
    ///
    /// # Panics
    /// When it succeeded.
    #[track_caller]
    pub fn bad(self) -> String {
        assert!(self.code.is_some_and(|code| code != 0), "it should have failed: {self}");
        self.both()
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}\nexit status {:?}\n{}\n{}", self.line, self.code, self.out, self.err)
    }
}

/// Runs a program to its end, at most this many seconds.
///
/// # Panics
/// When it cannot be started or does not end in time.
#[track_caller]
pub fn run(command: &mut Command, seconds: u64) -> Said {
    run_with(command, &[], seconds)
}

/// The same, with bytes on its standard input.
///
/// # Panics
/// When it cannot be started or does not end in time.
#[track_caller]
pub fn run_with(command: &mut Command, input: &[u8], seconds: u64) -> Said {
    let line = line(command);
    let begun = Instant::now();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Guard(command.spawn().unwrap_or_else(|error| panic!("{line}: {error}")));
    let mut stdin = child.0.stdin.take().expect("it is piped");
    let (mut out, mut err) = (child.0.stdout.take().expect("it is piped"), child.0.stderr.take().expect("it is piped"));
    let (mut out_text, mut err_text) = (Vec::new(), Vec::new());
    let status = thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(input)));
        scope.spawn(|| drop(out.read_to_end(&mut out_text)));
        scope.spawn(|| drop(err.read_to_end(&mut err_text)));
        // Killed in time, so that the readers above come to an end.
        child.wait_until(begun + Duration::from_secs(seconds))
    });
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let said = Said {
        code: status.and_then(|status| status.code()),
        out: text(out_text),
        err: text(err_text),
        took: begun.elapsed(),
        line,
    };
    assert!(status.is_some(), "not done after {seconds} s: {said}");
    said
}

/// A program that runs until this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Guard,
    log: PathBuf,
}

impl Running {
    /// Starts a program; what it says goes to the file `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start(command: &Command, log: &Path) -> Self {
        let open = || File::options().create(true).append(true).open(log).expect("the log can be written");
        // It dies with the thread that started it, even when that is killed.
        let mut command = match Path::new("/usr/bin/setpriv").is_file() {
            false => copied(command, command.get_program().into()),
            true => {
                let mut wrapped = copied(command, "/usr/bin/setpriv".into());
                wrapped.args(["--pdeathsig", "KILL"]).arg(command.get_program());
                wrapped
            }
        }
        .with_args(command);
        command.stdin(Stdio::piped()).stdout(open()).stderr(open());
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", line(&command)));
        Self { child: Guard(child), log: log.to_owned() }
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until a condition holds.
    ///
    /// # Panics
    /// When it does not in time, or the program ended.
    #[track_caller]
    pub fn until(&mut self, what: &str, seconds: u64, mut holds: impl FnMut(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(seconds);
        while !holds(&self.log()) {
            let ended = self.child.0.try_wait().expect("it was started here");
            assert!(ended.is_none(), "it ended with {ended:?} before: {what}\n{}", self.log());
            assert!(Instant::now() < end, "not after {seconds} s: {what}\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A command with the environment and folder of another.
fn copied(command: &Command, program: std::ffi::OsString) -> Command {
    let mut copy = Command::new(program);
    copy.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        copy.current_dir(folder);
    }
    copy
}

/// Adds another command's arguments.
trait WithArgs {
    fn with_args(self, other: &Command) -> Self;
}

impl WithArgs for Command {
    fn with_args(mut self, other: &Command) -> Self {
        self.args(other.get_args());
        self
    }
}

/// Kills its child when dropped, also while a test panics.
#[derive(Debug)]
struct Guard(Child);

impl Guard {
    fn wait_until(&mut self, end: Instant) -> Option<ExitStatus> {
        let mut pause = Duration::from_micros(200);
        loop {
            if let Some(status) = self.0.try_wait().expect("it was started here") {
                return Some(status);
            }
            if Instant::now() > end {
                let _ = self.0.kill();
                return None;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The command line as people would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
