//! What the writers write.

/// A text to be written to a file. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Where it goes, relative to the export's top folder.
    pub path: String,
    /// Unix mode.
    pub mode: u32,
    /// Its content.
    pub text: String,
}
