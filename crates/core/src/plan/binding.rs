//! Bindings: what RBAC must be told about the identities of a plan that is started by hand.

use super::{Holding, Plan, PlannedFile, Subject};
use crate::catalog::bindings::{BINDINGS, BindingRow, CLUSTER_ADMIN, Who};
use crate::spec::Start;

/// The group that passes every check of the API server and of kubelets (kubernetes.io: Using RBAC Authorization).
pub const MASTERS: &str = "system:masters";

/// One binding that somebody has to make.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// Its row.
    pub row: &'static BindingRow,
    /// `Group` or `User`, as RBAC spells it.
    pub kind: &'static str,
    /// Its name.
    pub subject: &'a str,
}

impl Subject {
    /// Whether it passes every check.
    pub fn is_master(&self) -> bool {
        self.organizations.iter().any(|one| one == MASTERS)
    }
}

impl Plan {
    /// The bindings that nothing makes by itself; with kubeadm none, for `kubeadm init` makes them.
    pub fn bindings(&self) -> Vec<Binding<'_>> {
        let mut bindings = Vec::<Binding<'_>>::new();
        if self.spec.start == Start::Kubeadm {
            return bindings;
        }
        for row in BINDINGS.iter().filter(|row| (row.when)(&self.spec)) {
            let (kind, subject) = match row.who {
                Who::Group(group) => ("Group", group),
                Who::Shows(ids) => {
                    let Some(shown) = ids.iter().find_map(|id| self.certs.iter().find(|cert| cert.row.id == *id))
                    else {
                        continue;
                    };
                    let Some(subject) = shown.subject.as_ref().filter(|subject| !subject.is_master()) else { continue };
                    match subject.organizations.first() {
                        Some(group) => ("Group", group.as_str()),
                        None => ("User", subject.common_name.as_str()),
                    }
                }
            };
            let bound = |one: &Binding<'_>| one.row.role == CLUSTER_ADMIN && (one.kind, one.subject) == (kind, subject);
            if !bindings.iter().any(bound) {
                bindings.push(Binding { row, kind, subject });
            }
        }
        bindings
    }

    /// A kubeconfig that may make bindings while there are none.
    pub fn unbound_kubeconfig(&self) -> Option<&PlannedFile> {
        self.files.iter().find(|file| {
            let subject = self.certs[file.content.cert].subject.as_ref();
            file.content.holding == Holding::Kubeconfig && subject.is_some_and(Subject::is_master)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::spec::{Field, parse, preset::Preset};

    /// Role and subject of each binding of a preset that is started by hand.
    fn bound(preset: &str, change: &[(Field, &str)]) -> Vec<String> {
        let mut draft = Preset::named(preset).expect("preset").draft();
        draft.set_text(Field::Start, "manual");
        draft.set_text(Field::KubeletClient, "issued");
        for (field, text) in change {
            draft.set_text(*field, *text);
        }
        let plan = super::super::plan(&parse(&draft).0.expect("no errors"));
        assert!(plan.unbound_kubeconfig().is_some());
        plan.bindings().iter().map(|one| format!("{} {} → {}", one.kind, one.subject, one.row.role)).collect()
    }

    const ROTATION: &str = "Group system:nodes → system:certificates.k8s.io:certificatesigningrequests:selfnodeclient";

    #[test]
    fn bindings_follow_from_the_subjects_of_the_version() {
        let admins = "Group kubeadm:cluster-admins → cluster-admin";
        let client = "User kube-apiserver-kubelet-client → system:kubelet-api-admin";
        for (version, expected) in [
            ("v1.28.15", vec![ROTATION]),
            ("v1.29.0", vec![admins, ROTATION]),
            ("v1.33.11", vec![admins, ROTATION]),
            ("v1.33.12", vec![admins, client, ROTATION]),
            ("v1.36.0", vec![admins, ROTATION]),
            ("v1.37.1", vec![admins, client, ROTATION]),
        ] {
            assert_eq!(bound("ha-stacked", &[(Field::KubernetesVersion, version)]), expected, "{version}");
        }
    }

    #[test]
    fn a_serving_pair_that_calls_kubelets_is_bound_by_its_own_name() {
        assert_eq!(bound("course", &[]), [ROTATION]);
        let serving = [(Field::ApiServerClientPairs, "serving"), (Field::Trust, "single")];
        assert_eq!(bound("course", &serving), ["User kube-apiserver → system:kubelet-api-admin", ROTATION]);
    }

    #[test]
    fn kubelets_that_ask_with_a_token_may_ask() {
        let bindings = bound("single", &[(Field::KubeletClient, "bootstrap")]);
        assert_eq!(bindings.len(), 5, "{bindings:?}");
        let draft = Preset::named("single").expect("preset").draft();
        assert!(super::super::plan(&parse(&draft).0.expect("no errors")).bindings().is_empty(), "kubeadm init does it");
    }
}
