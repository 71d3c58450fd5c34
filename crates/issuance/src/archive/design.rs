//! The design of an export, as it lies in it.

use kubepki_core::snippet;
use kubepki_core::spec::Field;
use kubepki_core::{Draft, Plan};
use sha2::{Digest, Sha256};

use crate::inspect::lower_hex;

/// The design file: the draft, with the version that was planned for, so that a later release of this tool, which
/// knows newer patches, plans the same.
pub(super) fn design(plan: &Plan, draft: &Draft) -> String {
    let mut draft = draft.clone();
    draft.set_text(Field::KubernetesVersion, plan.spec.version.to_string());
    snippet::design(&draft)
}

/// SHA-256 of an export's `design.yaml`, lower-case hexadecimal: it follows from the plan and the draft it was made of.
pub fn design_sha256(plan: &Plan, draft: &Draft) -> String {
    lower_hex(&Sha256::digest(design(plan, draft)))
}
