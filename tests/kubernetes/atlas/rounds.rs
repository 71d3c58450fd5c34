//! Which faults are put in together, and what then runs anew.

use kubepki_rehearsal::fault::{Fault, faults};

/// Faults that do not touch each other's connections.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) faults: Vec<Fault>,
}

/// Targets whose connections have nothing in common, for they are shown by callers of one server alone.
const TOGETHER: &[&str] = &[
    "admin.conf",
    "super-admin.conf",
    "controller-manager.conf",
    "scheduler.conf",
    "kubelet.conf",
    "kube-proxy",
    "etcd-healthcheck-client",
    "sa",
];

/// Kinds that no file brings about: components cannot be told to speak plain HTTP, etcd apart, nor their callers to know none but
/// older TLS.
const NOT_OF_FILES: &[&str] = &["plain-http", "minimum-version", "no-common-cipher"];

/// The one of them that is brought about by flags: etcd can be told.
pub(crate) const PLAIN_ETCD: &str = "plain-http:etcd";

/// All faults that files or flags bring about, those of one kind together where they may be.
pub(crate) fn rounds() -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    for fault in faults() {
        let id = fault.id();
        if NOT_OF_FILES.contains(&fault.kind.id) && id != PLAIN_ETCD {
            continue;
        }
        let (kind, target) = id.split_once(':').expect("an id is kind and target");
        let fits = |round: &&mut Round| {
            round.faults.iter().all(|other| {
                let other = other.id();
                let (other_kind, other) = other.split_once(':').expect("an id is kind and target");
                other_kind == kind && TOGETHER.contains(&other)
            })
        };
        let together = TOGETHER.contains(&target);
        match rounds.iter_mut().filter(|_| together).find(fits) {
            Some(round) => round.faults.push(fault),
            None => rounds.push(Round { faults: vec![fault] }),
        }
    }
    rounds
}
