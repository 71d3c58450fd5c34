//! What a check is.

use crate::diag::Diagnostic;
use crate::plan::Plan;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// Where that is from.
    pub source: &'static str,
    /// What it finds in a plan; `now` is the issue time in Unix seconds, where one is known.
    pub(super) find: fn(&Plan, Option<i64>) -> Option<Diagnostic>,
    /// Changes the preset `ha-stacked` so that the rule finds something.
    #[cfg(test)]
    pub(super) failing: fn(&mut crate::Draft),
    /// Changes it so that the rule finds nothing; none where every layout has what the rule finds.
    #[cfg(test)]
    pub(super) passing: Option<fn(&mut crate::Draft)>,
}
