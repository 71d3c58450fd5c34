//! What is wrong, or worth knowing, in a text.

use kubepki_core::diag::Diagnostic;

/// A finding, with the text it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the text; empty when it had none.
    pub file: String,
    /// The finding, with its position in the text.
    pub diagnostic: Diagnostic,
}
