//! Checks: what is worth knowing about a plan. One rule a file would be too fine here; rules that share a subject
//! share a file, and each has an id, a field, a hint and a source.

use crate::diag::Diagnostic;
use crate::plan::Plan;

/// Every finding about a plan, in the order of the rules.
pub fn check(_plan: &Plan) -> Vec<Diagnostic> {
    Vec::new()
}
