//! How the command ends, in four classes.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;

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

    /// The system refused something about this file.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        Self::file(path, why(error))
    }

    /// What was written on the command line does not go together.
    pub(crate) fn usage(what: &str) -> Self {
        Self::Input(vec![format!("error: {what}")])
    }
}

/// Why the system refused something, in words instead of its number.
pub(crate) fn why(error: &io::Error) -> String {
    // What this program says itself is a sentence already.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    let words = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::AlreadyExists => "something stands there already",
        ErrorKind::DirectoryNotEmpty => "there is a folder, and it is not empty",
        ErrorKind::IsADirectory => "is a folder, not a file",
        ErrorKind::NotADirectory => "is no folder, or lies in something that is none",
        ErrorKind::ReadOnlyFilesystem => "the file system can only be read",
        ErrorKind::StorageFull => "there is no space left",
        ErrorKind::QuotaExceeded => "the quota is used up",
        ErrorKind::InvalidFilename => "the name is too long, or none that a file can have",
        // Too rare for a sentence of its own.
        _ => {
            let text = error.to_string();
            return text.split_once(" (os error").map_or(text.clone(), |(text, _)| text.to_owned());
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_is_shown() {
        for number in 1..=133 {
            let words = why(&io::Error::from_raw_os_error(number));
            assert!(!words.is_empty() && !words.contains("os error"), "{number}: {words}");
        }
        assert_eq!(why(&io::Error::new(ErrorKind::NotFound, "is odd")), "is odd");
    }
}
