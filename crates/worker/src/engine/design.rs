//! A design as it travels, and its plan.

use kubepki_core::spec::{self, link};
use kubepki_core::{Draft, Plan, Severity};

/// The design in a link text, and its plan.
///
/// # Errors
/// One sentence, when there is no plan.
pub(super) fn plan_of(design: &str) -> Result<(Draft, Plan), String> {
    let draft = link::decode(design).map_err(|error| error.to_string())?;
    let (spec, findings) = spec::parse(&draft);
    let errors = || {
        let errors = findings.iter().filter(|one| one.severity == Severity::Error);
        errors.map(|one| format!("{}: {}", one.field, one.message)).collect::<Vec<_>>().join(" ")
    };
    let spec = spec.ok_or_else(|| format!("the design has errors, so nothing was issued: {}", errors()))?;
    let plan = kubepki_core::plan::unchecked(&spec);
    #[cfg(feature = "bench")]
    let plan = super::scale::cut(plan);
    Ok((draft, plan))
}
