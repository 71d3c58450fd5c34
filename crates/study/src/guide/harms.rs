//! What the repairs of a lab would break.

use kubepki_core::spec::ClusterSpec;

use super::lab::Lab;
use super::repair::Harm;
use crate::faults::{Call, all};
use crate::sample::{Entropy, Sample};

/// What the repairs of a lab would break, found out by trying each.
///
/// # Errors
/// A sentence.
pub fn harms(lab: &Lab, spec: &ClusterSpec, held: &[Call], now: i64, entropy: Entropy) -> Result<Vec<Harm>, String> {
    let mut found: Vec<Harm> = Vec::new();
    for one in &lab.repairs {
        let Some(harms) = one.mend.harms() else { continue };
        if found.iter().any(|harm| harm.target == one.target) {
            continue;
        }
        let mut sample = Sample::new(spec, &lab.faults(), now, entropy);
        harms(&mut sample.stage, &one.target);
        let held = |id: &str| held.iter().any(|call| call.dial.row.id == id && call.holds());
        let failed = all(&mut sample, 0)?.into_iter().filter(|call| !call.holds()).map(|call| call.dial.row.id);
        let fails: Vec<&'static str> = failed.filter(|id| held(id)).collect();
        if !fails.is_empty() {
            found.push(Harm { target: one.target.clone(), fails });
        }
    }
    Ok(found)
}
