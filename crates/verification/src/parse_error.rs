//! Why bytes cannot be read.

use std::fmt;

/// Bytes that are no certificate, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub(crate) String);

impl ParseError {
    pub(crate) fn new(what: &str) -> Self {
        Self(format!("x509: {what}"))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}
