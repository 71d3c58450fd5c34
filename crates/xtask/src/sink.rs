//! Where the output of a step goes: to the screen, or into a gate's log until it is known whether anyone needs it.

use crate::files::Result;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The receiver of a step's output.
pub(crate) enum Sink {
    /// Straight to the terminal.
    Screen,
    /// Into a file, until `deadline`, when a child that still runs is killed.
    Log {
        /// The log.
        file: File,
        /// When to give up.
        deadline: Instant,
    },
}

impl Sink {
    /// A new log.
    pub(crate) fn log(path: &Path, limit: Duration) -> Result<Sink> {
        let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Sink::Log { file, deadline: Instant::now() + limit })
    }

    /// A log for what runs beside others, with the same time.
    pub(crate) fn beside(&self, path: &Path) -> Result<Sink> {
        let limit = match self {
            // Nobody waits for a screen but who looks at it.
            Sink::Screen => Duration::from_secs(24 * 3600),
            Sink::Log { deadline, .. } => deadline.saturating_duration_since(Instant::now()),
        };
        Sink::log(path, limit)
    }

    /// Writes a line of our own.
    pub(crate) fn say(&self, line: &str) {
        match self {
            Sink::Screen => println!("{line}"),
            Sink::Log { file, .. } => {
                let mut file = file;
                // A log that cannot be written is no reason to stop a gate.
                let _ = writeln!(file, "{line}");
            }
        }
    }

    /// Runs a child to its end; anything but success is an error that shows the command.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let shown = shown(command);
        self.say(&format!("$ {shown}"));
        command.stdin(Stdio::null());
        if let Sink::Log { file, .. } = self {
            let copy = || file.try_clone().map_err(|error| format!("the log: {error}"));
            command.stdout(copy()?).stderr(copy()?);
        }
        let mut child = command.spawn().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
        let status = match self {
            Sink::Screen => child.wait().map_err(|error| error.to_string())?,
            Sink::Log { deadline, .. } => {
                wait_until(&mut child, *deadline).map_err(|why| format!("`{shown}`: {why}"))?
            }
        };
        if status.success() { Ok(()) } else { Err(format!("`{shown}`: {status}")) }
    }
}

fn wait_until(child: &mut Child, deadline: Instant) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        if Instant::now() > deadline {
            child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
            return Err("killed at its time limit".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs a child silently and returns what it printed; an error carries what it complained of.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let result = command.stdin(Stdio::null()).output();
    let result = result.map_err(|error| format!("cannot start `{}`: {error}", shown(command)))?;
    if !result.status.success() {
        let complaint = String::from_utf8_lossy(&result.stderr).trim().to_owned();
        return Err(format!("`{}`: {}\n{complaint}", shown(command), result.status));
    }
    Ok(String::from_utf8_lossy(&result.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_hangs_is_killed_at_the_limit() {
        let path = std::env::temp_dir().join(format!("xtask-sink-{}.log", std::process::id()));
        let sink = Sink::log(&path, Duration::from_millis(100)).unwrap();
        let error = sink.run(Command::new("sleep").arg("30")).unwrap_err();
        assert!(error.contains("time limit") && error.contains("sleep 30"), "{error}");
        assert!(std::fs::read_to_string(&path).unwrap().contains("$ sleep 30"));
        std::fs::remove_file(path).unwrap();
    }
}
