//! What a kind of fault is, and what it can befall.

use kubepki_core::catalog;
use kubepki_core::catalog::renewal;
use kubepki_core::catalog::row::{CertRow, Form, Kind};

use super::mend::{Mend, Renewed};
use crate::stage::Stage;

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
    /// What renewing makes of it (kubeadm: cmd/kubeadm/app/phases/certs/renewal, manager.go and readwriter.go: the old key is
    /// not read, and a kubeconfig gets the CA that is on disk).
    pub renewed: Renewed,
    pub(super) apply: fn(&mut Stage, &'static str),
}
