//! Flags: what each component on each node is started with.

use crate::catalog::flags::FlagRow;

/// A flag's value on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagValue {
    /// Set to this text.
    Set(String),
    /// Left out; the row says what that means.
    NotSet,
}

/// One flag of one component on one node.
#[derive(Clone, Debug)]
pub struct PlannedFlag {
    /// Its row.
    pub row: &'static FlagRow,
    /// The node.
    pub node: usize,
    /// Its value.
    pub value: FlagValue,
    /// Index into [`super::Plan::certs`] of the certificate or key its file holds.
    pub cert: Option<usize>,
    /// Index into [`super::Plan::files`] of that file.
    pub file: Option<usize>,
}
