//! Issuing as the page sees it: what is being done, and what was issued.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::facts::CertFacts;
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::Draft;

/// What is being done, or how it ended.
#[derive(Debug)]
pub(crate) enum Activity {
    /// Nothing.
    Idle,
    /// Issuing.
    Working(Work),
    /// It was cancelled, and nothing has happened since.
    Cancelled,
    /// It failed, and nothing has happened since; the sentence says why.
    Failed(String),
}

/// Issuing under way.
#[derive(Debug)]
pub(crate) struct Work {
    /// The PKI's number.
    pub(crate) pki: u32,
    /// The design it is issued from.
    pub(crate) draft: Rc<Draft>,
    /// Its plan.
    pub(crate) plan: Rc<Plan>,
    /// The issue time, Unix seconds.
    pub(crate) issued_at: i64,
    /// Keys and certificates that are done.
    pub(crate) done: u32,
    /// All there are; nothing before the worker has begun.
    pub(crate) total: u32,
    /// What is being done, in the worker's words.
    pub(crate) step: String,
    /// When the worker began, in milliseconds of the browser's clock.
    pub(crate) began: f64,
    /// Milliseconds since then, at the last report.
    pub(crate) elapsed: f64,
    /// Whether it was asked to stop.
    pub(crate) cancelling: bool,
}

impl Work {
    /// Seconds that are probably left; nothing while too little is known to be honest.
    pub(crate) fn seconds_left(&self) -> Option<u32> {
        if self.elapsed < 400.0 || self.done < 3 || self.total <= self.done {
            return None;
        }
        let left = self.elapsed / f64::from(self.done) * f64::from(self.total - self.done);
        Some((left / 1000.0).ceil() as u32)
    }
}

/// An issued PKI. Its private keys stay in the worker.
#[derive(Debug)]
pub(crate) struct Issued {
    /// Its number.
    pub(crate) pki: u32,
    /// The design it was issued from.
    pub(crate) draft: Rc<Draft>,
    /// Its plan.
    pub(crate) plan: Rc<Plan>,
    /// The issue time, Unix seconds.
    pub(crate) issued_at: i64,
    /// How long it took.
    pub(crate) milliseconds: u32,
    /// Facts read back from certificates, by index of the plan.
    pub(crate) facts: SortedMap<u32, Rc<CertFacts>>,
    /// Whether its keys were exported whole.
    pub(crate) exported: bool,
    /// Whether an export without CA keys, and one of CA keys alone, were made: together they are whole.
    halves: [bool; 2],
}

impl Issued {
    /// What the worker just issued.
    pub(crate) fn new(work: Work, milliseconds: u32) -> Self {
        Self {
            pki: work.pki,
            draft: work.draft,
            plan: work.plan,
            issued_at: work.issued_at,
            milliseconds,
            facts: SortedMap::default(),
            exported: false,
            halves: [false; 2],
        }
    }

    /// An export left the page.
    pub(crate) fn note_export(&mut self, what: &str) {
        match what.split('?').next() {
            Some("whole") => self.exported = true,
            Some("without-ca-keys") => self.halves[0] = true,
            Some("ca-keys") => self.halves[1] = true,
            _ => {}
        }
        self.exported |= self.halves == [true; 2];
    }
}
