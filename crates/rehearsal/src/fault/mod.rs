//! Faults, one row for each kind. A fault is a kind and a target, `expired:apiserver`; it changes the stage, and what
//! comes of that is found out by issuing and verifying.

use kubepki_core::catalog;
use kubepki_core::catalog::connections::{Anchor, CONNECTIONS, ConnectionRow};
use kubepki_core::catalog::renewal;
use kubepki_core::catalog::row::{CertRow, Form, Kind};

use crate::stage::Stage;

mod files;
mod kinds;
mod mend;

pub use kinds::KINDS;
pub use mend::{Mend, Renewed, new_kubelet_conf, renewed};

/// What a kind of fault can befall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Certificates that a server shows.
    Serving,
    /// Certificates that a client shows.
    Calling,
    /// Certificates that a client shows and no server.
    ClientsAlone,
    /// Certificates that are no CA's.
    Leaves,
    /// CA certificates.
    Authorities,
    /// Kubeconfigs.
    Kubeconfigs,
    /// Kubeconfigs that a process reads when it starts and holds from then on.
    Held,
    /// Kubeconfigs whose group, not whose user, decides what they may do.
    Grouped,
    /// This certificate or key alone.
    One(&'static str),
    /// Servers, by the component's name.
    Servers,
}

/// The components whose settings can be at fault.
const SERVERS: &[&str] = &["etcd", "kube-apiserver", "kubelet"];

impl On {
    /// The targets.
    pub fn targets(self) -> Vec<&'static str> {
        let rows = |holds: fn(&CertRow) -> bool| catalog::certs().filter(|row| holds(row)).map(|row| row.id).collect();
        let leaf = |row: &CertRow| !row.is_ca() && row.kind != Kind::KeyPair;
        match self {
            Self::Serving => rows(|row| Stage::roles(row.kind).0),
            Self::Calling => rows(|row| Stage::roles(row.kind).1),
            Self::ClientsAlone => rows(|row| row.kind == Kind::Client),
            Self::Leaves => rows(leaf),
            Self::Authorities => rows(CertRow::is_ca),
            Self::Kubeconfigs => rows(|row| matches!(row.form, Form::Kubeconfig(_))),
            // RBAC binds kube-proxy by its user (bootstrappolicy: system:node-proxier).
            Self::Grouped => rows(|row| {
                let grouped = row.subject.iter().any(|subject| !subject.organizations.is_empty());
                matches!(row.form, Form::Kubeconfig(_)) && grouped && row.id != "kube-proxy"
            }),
            Self::Held => rows(|row| renewal::is_held(row.id)),
            Self::One(id) => vec![id],
            Self::Servers => SERVERS.to_vec(),
        }
    }
}

/// One kind of fault.
#[derive(Debug)]
pub struct FaultKind {
    /// The first part of its faults' ids.
    pub id: &'static str,
    /// What it can befall.
    pub on: On,
    /// What is wrong, with `{it}` for the target.
    pub title: &'static str,
    /// What is changed, one sentence.
    pub change: &'static str,
    /// How it is mended, with `{it}` for the target as kubeadm calls it.
    pub mend: Mend,
    apply: fn(&mut Stage, &'static str),
}

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
    if on == On::Servers {
        // etcd's gateway is part of the process that it calls: it speaks as that does, and is no older.
        let is_own = |caller: &str| caller.strip_suffix("-gateway") == Some(target);
        return row.id.split_once("->").is_some_and(|(caller, server)| server == target && !is_own(caller));
    }
    let sides = [&row.client, &row.server_side];
    let shown = |side: &&kubepki_core::catalog::connections::Side| side.shows.contains(&target);
    match on {
        On::Kubeconfigs | On::Held | On::Grouped | On::ClientsAlone | On::Calling => row.client.shows.contains(&target),
        On::Serving => row.server_side.shows.contains(&target),
        On::One("sa") => row.id == "pod->kube-apiserver",
        On::Authorities | On::One("ca") => sides.iter().any(|side| match side.anchor {
            Anchor::File(ids) => ids.first() == Some(&target),
            Anchor::Embedded => target == "ca",
            Anchor::Nothing => false,
        }),
        _ => sides.iter().any(shown),
    }
}
