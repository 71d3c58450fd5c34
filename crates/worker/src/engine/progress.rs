//! How far issuing is, told often enough to look alive and no more.

use std::cell::Cell;

use kubepki_core::Plan;

use super::pace::clock;

/// Least time between two messages, in milliseconds.
const APART: f64 = 50.0;

/// Counts keys and certificates.
pub(super) struct Progress {
    tell: Box<dyn Fn(u32, u32, &'static str)>,
    keys: Cell<u32>,
    certs: Cell<u32>,
    all_keys: u32,
    all_certs: u32,
    told: Cell<f64>,
}

impl Progress {
    /// None done. `tell` hears how many are done, of how many, and the step.
    pub(super) fn new(plan: &Plan, tell: impl Fn(u32, u32, &'static str) + 'static) -> Self {
        let (all_keys, all_certs) = (plan.key_count() as u32, plan.certificate_count() as u32);
        Self {
            tell: Box::new(tell),
            keys: Cell::new(0),
            certs: Cell::new(0),
            all_keys,
            all_certs,
            told: Cell::new(clock()),
        }
    }

    /// So many more keys are made, and so many more certificates signed and read back.
    pub(super) fn add(&self, keys: u32, certs: u32) {
        self.keys.set(self.keys.get() + keys);
        self.certs.set(self.certs.get() + certs);
        let now = clock();
        if now - self.told.get() >= APART {
            self.told.set(now);
            let step = if self.keys.get() < self.all_keys { "keys" } else { "signatures" };
            (self.tell)(self.keys.get() + self.certs.get(), self.all_keys + self.all_certs, step);
        }
    }
}
