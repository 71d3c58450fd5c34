//! Who makes an archive.

use kubepki_core::Draft;

/// Who makes an archive, and of which design.
#[derive(Clone, Copy, Debug)]
pub struct Meta<'a> {
    /// The design the PKI was issued from.
    pub draft: &'a Draft,
    /// Version of this tool.
    pub tool_version: &'a str,
    /// What tells one build of a version from another; empty when unknown.
    pub build: &'a str,
}
