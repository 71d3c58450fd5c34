//! Issuing as the page sees it: what is being done, and what was issued.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::facts::CertFacts;
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::Draft;
use kubepki_worker::Export;

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
    pub(crate) fn note_export(&mut self, what: &Export) {
        match what {
            Export::Zip => self.exported = true,
            Export::ZipWithoutCaKeys => self.halves[0] = true,
            Export::CaKeys => self.halves[1] = true,
            Export::Node(_) | Export::File(_) => {}
        }
        self.exported |= self.halves == [true; 2];
    }

    /// The CA private keys that a node's bundle holds, by file name; of the whole PKI without a node.
    pub(crate) fn ca_keys(&self, node: Option<&str>) -> Vec<String> {
        ca_keys(&self.plan, node)
    }
}

/// The CA private keys among a plan's files, short and each once; those of one node when one is named.
pub(crate) fn ca_keys(plan: &Plan, node: Option<&str>) -> Vec<String> {
    use kubepki_core::plan::{Holding, Root};
    let mut names: Vec<String> = Vec::new();
    for file in &plan.files {
        let here = match (node, file.root) {
            (None, _) => true,
            (Some(name), Root::Node(index)) => plan.spec.nodes[index].name == name,
            (Some(_), Root::OfflineCa) => false,
        };
        if here && file.content.holding == Holding::PrivateKey && plan.certs[file.content.cert].row.is_ca() {
            let inside: Vec<&str> = file.path.split('/').skip_while(|part| *part != "pki").skip(1).collect();
            let path = if inside.is_empty() { file.path.clone() } else { inside.join("/") };
            if !names.contains(&path) {
                names.push(path);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::parse;
    use kubepki_core::spec::preset::PRESETS;

    #[test]
    fn ca_keys_are_named_for_who_would_export_them() {
        let plan = kubepki_core::plan::plan(&parse(&PRESETS[1].draft()).0.unwrap());
        assert_eq!(ca_keys(&plan, None), ["ca.key", "etcd/ca.key", "front-proxy-ca.key"]);
        assert_eq!(ca_keys(&plan, Some("cp-2")).len(), 3);
        assert!(ca_keys(&plan, Some("w-1")).is_empty());
    }
}
