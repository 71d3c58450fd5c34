//! What follows from a draft: the plan, and everything worth knowing about it.

use std::rc::Rc;

use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_core::spec::Draft;
use kubepki_core::{Plan, check, plan, spec};

/// What follows from a draft.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// The plan; nothing while there are errors.
    pub(crate) plan: Option<Rc<Plan>>,
    /// Every finding, gravest first.
    pub(crate) findings: Vec<Diagnostic>,
}

impl Derived {
    /// Plans a draft. `now` is the issue time in Unix seconds: findings then name dates.
    pub(crate) fn of(draft: &Draft, now: i64) -> Self {
        let (spec, mut findings) = spec::parse(draft);
        let plan = spec.map(|spec| {
            // Checked here, where the time is known: once for each keystroke.
            let plan = plan::unchecked(&spec);
            findings.extend(check::check(&plan, Some(now)));
            Rc::new(plan)
        });
        findings.sort_by_key(|finding| finding.severity);
        Self { plan, findings }
    }

    /// How many findings are of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The errors at a field or below it.
    pub(crate) fn errors_at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.findings.iter().filter(move |finding| finding.severity == Severity::Error && finding.field == path)
    }
}
