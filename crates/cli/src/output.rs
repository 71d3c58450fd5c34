//! Everything that this command prints goes through here; clippy refuses other ways (`clippy.toml`).
//!
//! Names in certificates, keys of YAML, entries of a zip and file names may hold what a terminal obeys: they could clear
//! the screen, set its title, or print a line that looks like ours. So what is printed is handed over line by line, and
//! inside a line nothing is left that breaks or steers it. Texts that have lines of their own come from writers that
//! quote their values.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use kubepki_core::snippet::value::is_unprintable;

use crate::failure::{Failure, why};

/// Writes a result to standard output, each text as one line whatever is in it.
///
/// # Errors
/// When it cannot be written; that nobody reads it any more is none.
pub(crate) fn print(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), Failure> {
    write_out(&whole(lines))
}

/// Writes a text that has lines of its own: made by a writer that lets no value break them.
///
/// # Errors
/// As for [`print()`].
pub(crate) fn print_document(text: &str) -> Result<(), Failure> {
    write_out(&escaped(text, &['\n', '\t'], plain_escape))
}

/// Writes JSON. What its writer left bare inside strings is escaped as JSON has it, so it says the same to who parses it.
///
/// # Errors
/// As for [`print()`].
pub(crate) fn print_json(text: &str) -> Result<(), Failure> {
    write_out(&escaped(text, &['\n'], json_escape))
}

/// Says something on standard error, each text as one line whatever is in it. There is nowhere to say that this failed.
pub(crate) fn say(lines: impl IntoIterator<Item = impl AsRef<str>>) {
    write_error(&whole(lines));
}

/// Says a text that has lines of its own; see [`print_document`].
pub(crate) fn say_document(text: &str) {
    write_error(&escaped(text, &['\n', '\t'], plain_escape));
}

/// A value as it may stand on a line that people read: what would break or steer the line is written as an escape.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, &[], plain_escape)
}

/// Whether somebody looks at standard error while the command runs.
#[expect(clippy::disallowed_methods, reason = "nothing is written")]
pub(crate) fn has_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Characters of the status that stands on the terminal's last line; nothing once the last word was said.
static STATUS: Mutex<Option<usize>> = Mutex::new(Some(0));

fn status_line() -> MutexGuard<'static, Option<usize>> {
    STATUS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a short text over the last line of a terminal, for as long as nothing else is said; an empty one clears it.
pub(crate) fn status(text: &str) {
    let mut shown = status_line();
    if let Some(length) = *shown {
        write_status(&printable(text), length);
        *shown = Some(printable(text).chars().count());
    }
}

/// Says something after which no status is shown: the command is about to end in the middle of its work.
pub(crate) fn say_last(line: &str) {
    let shown = status_line().take();
    write_status("", shown.unwrap_or_default());
    say([line]);
}

/// Overwrites what is longer with blanks: terminals that know no more than a carriage return do that too.
#[expect(clippy::disallowed_methods, reason = "this is the way to it")]
fn write_status(text: &str, before: usize) {
    if before == 0 && text.is_empty() {
        return;
    }
    let blanks = " ".repeat(before.saturating_sub(text.chars().count()));
    let back = if text.is_empty() { "\r" } else { "" };
    let mut err = io::stderr().lock();
    let _ = write!(err, "\r{text}{blanks}{back}").and_then(|()| err.flush());
}

fn whole(lines: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut out = String::new();
    for line in lines {
        out += &printable(line.as_ref());
        out.push('\n');
    }
    out
}

fn escaped<'t>(text: &'t str, kept: &[char], escape: fn(&mut String, char)) -> Cow<'t, str> {
    let is_bad = |letter: char| is_unprintable(letter) && !kept.contains(&letter);
    if !text.contains(is_bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match is_bad(letter) {
            true => escape(&mut out, letter),
            false => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// `\n`, `\x1b`, `\u{202e}`.
fn plain_escape(out: &mut String, letter: char) {
    // Writing to a String cannot fail.
    let _ = match letter {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\0'..='\u{ff}' => write!(out, "\\x{:02x}", u32::from(letter)),
        _ => write!(out, "\\u{{{:x}}}", u32::from(letter)),
    };
}

fn json_escape(out: &mut String, letter: char) {
    let _ = write!(out, "\\u{:04x}", u32::from(letter));
}

#[expect(clippy::disallowed_methods, reason = "this is the way to it")]
fn write_out(text: &str) -> Result<(), Failure> {
    status("");
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Undone(format!("standard output: {}", why(&error))))
        }
        _ => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the way to it")]
fn write_error(text: &str) {
    status("");
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2J\r\n\tb\u{9b}31m\u{7f}\u{202e}é\u{2066}\u{2028}";

    #[test]
    fn a_value_neither_breaks_nor_steers_its_line() {
        assert_eq!(printable(HOSTILE), r"a\x1b[2J\r\n\tb\x9b31m\x7f\u{202e}é\u{2066}\u{2028}");
        assert_eq!(whole(["a\nb", "c"]), "a\\nb\nc\n");
        assert!(matches!(printable("plain C:\\x é → 日本"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same_afterwards() {
        let text = serde_json::to_string_pretty(&[HOSTILE]).expect("JSON");
        let shown = escaped(&text, &['\n'], json_escape);
        assert!(!shown.replace('\n', "").contains(is_unprintable), "{shown}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&shown).expect("JSON"), [HOSTILE]);
    }
}
