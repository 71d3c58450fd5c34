//! Faults, one row for each kind. A fault is a kind and a target, `expired:apiserver`; it changes the stage, and what
//! comes of that is found out by issuing and verifying.

use kubepki_core::catalog::connections::{Anchor, CONNECTIONS, ConnectionRow, Side};

use crate::stage::Stage;

mod files;
mod kind;
mod kinds;
mod mend;

pub use kind::{FaultKind, On};
pub use kinds::KINDS;
pub use mend::{Mend, Renewed, new_kubelet_conf};

/// One fault: a kind and its target.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its kind.
    pub kind: &'static FaultKind,
    /// Id of a certificate, or name of a component.
    pub target: &'static str,
}

impl Fault {
    /// `expired:apiserver`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.kind.id, self.target)
    }

    /// What is wrong.
    pub fn title(&self) -> String {
        self.kind.title.replace("{it}", self.target)
    }

    /// What is changed.
    pub fn change(&self) -> String {
        self.kind.change.replace("{it}", self.target)
    }

    /// The connections in which the target takes part, by their ids.
    pub fn connections(&self) -> Vec<&'static str> {
        let takes_part = |row: &&ConnectionRow| takes_part(row, self.kind.on, self.target);
        CONNECTIONS.iter().filter(takes_part).map(|row| row.id).collect()
    }

    /// Puts the fault into a stage. One whose target the stage does not have changes nothing.
    pub fn apply(&self, stage: &mut Stage) {
        (self.kind.apply)(stage, self.target);
        stage.faults.push(self.id());
    }
}

/// Every fault there is.
pub fn faults() -> Vec<Fault> {
    KINDS.iter().flat_map(|kind| kind.on.targets().into_iter().map(move |target| Fault { kind, target })).collect()
}

/// A fault by its id.
pub fn fault(id: &str) -> Option<Fault> {
    let (kind, target) = id.split_once(':')?;
    let kind = KINDS.iter().find(|one| one.id == kind)?;
    let target = kind.on.targets().into_iter().find(|one| *one == target)?;
    Some(Fault { kind, target })
}

fn takes_part(row: &ConnectionRow, on: On, target: &str) -> bool {
    let sides = [&row.client, &row.server_side];
    let shown = |side: &&Side| side.shows.contains(&target);
    match on {
        On::Kubeconfigs | On::Held | On::Grouped | On::ClientsAlone | On::Calling => row.client.shows.contains(&target),
        On::Serving => row.server_side.shows.contains(&target),
        On::One("sa") => row.id == "pod->kube-apiserver",
        On::Authorities | On::One("ca") => sides.iter().any(|side| match side.anchor {
            Anchor::File(ids) => ids.first() == Some(&target),
            Anchor::Embedded => target == "ca",
            Anchor::Nothing => false,
        }),
        On::Servers => {
            // etcd's gateway is part of the process that it calls: it speaks as that does, and is no older.
            let is_own = |caller: &str| caller.strip_suffix("-gateway") == Some(target);
            row.id.split_once("->").is_some_and(|(caller, server)| server == target && !is_own(caller))
        }
        On::Leaves | On::One(_) => sides.iter().any(shown),
    }
}
