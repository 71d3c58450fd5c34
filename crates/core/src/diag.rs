//! What is wrong with a design, or worth knowing about it: values, never panics and never only the first.

use std::borrow::Cow;
use std::fmt;

/// How serious a [`Diagnostic`] is, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be planned or issued until this is mended.
    Error,
    /// It can be issued, and something will not work or is unsafe.
    Warning,
    /// It works; a careful operator would do it otherwise.
    Advice,
    /// Something the tool decided or left out, said so that nobody is surprised.
    Notice,
}

impl Severity {
    /// The word people read: `error`, `warning`, `advice`, `notice`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
            Self::Notice => "notice",
        }
    }
}

/// A place in a text the user gave, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One finding: what, where, what to do, and why we say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// Stable kebab-case id of the rule, such as `nodes-duplicate-name`.
    pub rule: Cow<'static, str>,
    /// Path of the design field it belongs to (`nodes.0.name`); empty when it belongs to the whole design.
    pub field: String,
    /// What is wrong, one sentence, naming the value.
    pub message: String,
    /// What to do about it; empty when the message says it already.
    pub hint: String,
    /// Where the rule comes from: a document, a file of Kubernetes, an RFC section.
    pub source: Cow<'static, str>,
    /// Where it stands in the text it was read from, when it came from a text.
    pub position: Option<Position>,
}

impl Diagnostic {
    /// A finding without hint, source and position; add them with the `with_…` methods.
    pub fn new(severity: Severity, rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity,
            rule: rule.into(),
            field: field.into(),
            message: message.into(),
            hint: String::new(),
            source: "".into(),
            position: None,
        }
    }

    /// An error: see [`Severity::Error`].
    pub fn error(rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule, field, message)
    }

    /// A warning: see [`Severity::Warning`].
    pub fn warning(rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule, field, message)
    }

    /// A piece of advice: see [`Severity::Advice`].
    pub fn advice(rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Advice, rule, field, message)
    }

    /// A notice: see [`Severity::Notice`].
    pub fn notice(rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Notice, rule, field, message)
    }

    /// The same finding with what to do about it.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same finding with where its rule comes from.
    pub fn with_source(mut self, source: &'static str) -> Self {
        self.source = source.into();
        self
    }

    /// The same finding at a place in a text.
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

impl fmt::Display for Diagnostic {
    /// `line:column: error: field: message (hint)`, leaving out what is not known.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(out, "{}:{}: ", position.line, position.column)?;
        }
        write!(out, "{}: ", self.severity.word())?;
        if !self.field.is_empty() {
            write!(out, "{}: ", self.field)?;
        }
        write!(out, "{}", self.message)?;
        if !self.hint.is_empty() {
            write!(out, " ({})", self.hint)?;
        }
        Ok(())
    }
}

/// Whether any finding is an error, so that nothing can be issued.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|one| one.severity == Severity::Error)
}

/// A text between quotation marks, as Go's `%q` and Rust's `{:?}` write it, but for what is not ASCII: that stays as it
/// is. The latter's tables of what can be printed weigh more than all that is quoted.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' => out.write_str("\\\""),
                '\\' => out.write_str("\\\\"),
                '\n' => out.write_str("\\n"),
                '\r' => out.write_str("\\r"),
                '\t' => out.write_str("\\t"),
                _ if letter.is_ascii_control() => {
                    out.write_str("\\x").and_then(|()| write!(out, "{:02x}", letter as u32))
                }
                _ => write!(out, "{letter}"),
            }?;
        }
        out.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_as_go_does() {
        assert_eq!(Quoted("a \"b\" \\ \n\t\u{7f} é").to_string(), "\"a \\\"b\\\" \\\\ \\n\\t\\x7f é\"");
    }
}
