//! What an audit is of.

use kubepki_core::plan::Plan;
use kubepki_core::spec::Draft;
use kubepki_rehearsal::Published;

/// What an audit is of.
#[derive(Clone, Copy, Debug)]
pub struct Audited<'a> {
    /// What was planned.
    pub plan: &'a Plan,
    /// The design it was planned from.
    pub draft: &'a Draft,
    /// The issue time, Unix seconds.
    pub issued_at: i64,
    /// Version of the tool that issued it.
    pub tool_version: &'a str,
    /// What is public of each certificate and key pair, in the order of [`Plan::certs`].
    pub published: &'a [Published],
}
