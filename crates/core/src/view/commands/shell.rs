//! What stands in a POSIX shell.

/// A text inside single quotes of a POSIX shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
