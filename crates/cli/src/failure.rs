//! How the command ends, in four classes.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use crate::output;

/// Why the command did not do what it was asked for. Each has said, or says, on standard error what is wrong; each text is
/// a line.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be done; exit status 1.
    Undone(String),
    /// Bad input or usage, everything that is wrong with it at once; exit status 2.
    Input(Vec<String>),
    /// A check found errors; exit status 3.
    Check(Vec<String>),
}

impl Failure {
    /// It could not be done with this file.
    pub(crate) fn file(path: &Path, what: impl Display) -> Self {
        Self::Undone(format!("{}: {what}", path.display()))
    }

    /// What was written on the command line does not go together.
    pub(crate) fn usage(what: &str) -> Self {
        Self::Input(vec![format!("error: {what}")])
    }

    /// Says it on standard error, and how the process ends.
    pub(crate) fn report(self) -> ExitCode {
        let (lines, code) = match self {
            Self::Undone(line) => (vec![format!("kubepki: {line}")], 1),
            Self::Input(lines) => (lines, 2),
            Self::Check(lines) => (lines, 3),
        };
        output::say(lines);
        ExitCode::from(code)
    }
}
