//! Keys made ahead: how many of which the plan needs, CA keys first.

use kubepki_core::Plan;
use kubepki_worker::KeyNeed;

/// Most keys that are made ahead.
const MOST: usize = 64;

/// Keys made ahead.
#[derive(Debug)]
pub(crate) struct KeysAhead {
    /// Whether the user wants them.
    pub(crate) on: bool,
    /// Whether the user has touched the page: keys are made from then on.
    pub(crate) touched: bool,
    /// Ready now.
    pub(crate) ready: u32,
    /// What the worker was last asked for.
    pub(crate) asked: Vec<KeyNeed>,
}

impl Default for KeysAhead {
    fn default() -> Self {
        Self { on: true, touched: false, ready: 0, asked: Vec::new() }
    }
}

/// The keys of a plan by algorithm, CA keys first.
pub(crate) fn needs(plan: &Plan) -> Vec<KeyNeed> {
    let mut needs: Vec<KeyNeed> = Vec::new();
    for is_ca in [true, false] {
        for cert in plan.certs.iter().filter(|cert| cert.row.is_ca() == is_ca) {
            let algorithm = cert.key.word();
            match needs.last_mut() {
                Some(need) if need.algorithm == algorithm => need.count += 1,
                _ => needs.push(KeyNeed { algorithm: algorithm.to_owned(), count: 1 }),
            }
        }
    }
    needs
}

/// How many will be made ahead for a plan.
pub(crate) fn target(plan: &Plan) -> usize {
    plan.key_count().min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::preset::PRESETS;
    use kubepki_core::spec::{Field, parse};

    #[test]
    fn ca_keys_come_first() {
        let mut draft = PRESETS[1].draft();
        draft.set_text(Field::KeysCa, "RSA-4096");
        let plan = kubepki_core::plan::plan(&parse(&draft).0.unwrap());
        let needs = needs(&plan);
        assert_eq!(needs[0], KeyNeed { algorithm: "RSA-4096".into(), count: 3 });
        assert_eq!(needs[1], KeyNeed { algorithm: "RSA-2048".into(), count: 33 });
        assert_eq!((needs.len(), target(&plan)), (2, 36));
    }
}
