//! What RBAC must be told before an identity may do what it is for. `kubeadm init` says it to the API server; whoever
//! starts by hand has to. What Kubernetes binds by itself (`system:masters`, the controller manager, the scheduler,
//! kube-proxy: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go) and what the Node authorizer decides has no row.

use crate::spec::{CaKeys, ClusterSpec, KubeletClient};

/// Who is bound.
#[derive(Debug)]
pub enum Who {
    /// Whoever shows the first of these certificates that a plan has: its group, or its user where it has none.
    Shows(&'static [&'static str]),
    /// A group that no certificate of the plan need carry.
    Group(&'static str),
}

/// One ClusterRoleBinding.
#[derive(Debug)]
pub struct BindingRow {
    /// Its name, as kubeadm calls it.
    pub name: &'static str,
    /// The ClusterRole, one that every cluster has.
    pub role: &'static str,
    /// Who is bound to it.
    pub who: Who,
    /// The designs that need it.
    pub when: fn(&ClusterSpec) -> bool,
    /// What does not work without it: half a sentence.
    pub without: &'static str,
    /// Where that is from.
    pub source: &'static str,
}

/// The role that holds every other.
pub const CLUSTER_ADMIN: &str = "cluster-admin";

/// The group of bootstrap tokens, as kubeadm makes them.
pub const BOOTSTRAPPERS: &str = "system:bootstrappers:kubeadm:default-node-token";

const BOOTSTRAP: &str = "kubeadm: cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go";

fn bootstraps(spec: &ClusterSpec) -> bool {
    spec.kubelet_client == KubeletClient::Bootstrap
}

/// Whether what is approved is signed as well.
fn signs(spec: &ClusterSpec) -> bool {
    spec.ca_keys == CaKeys::OnControlPlane
}

/// Every binding, those to [`CLUSTER_ADMIN`] first: whoever is bound there needs no other.
pub static BINDINGS: &[BindingRow] = &[
    BindingRow {
        name: "kubeadm:cluster-admins",
        role: CLUSTER_ADMIN,
        who: Who::Shows(&["admin.conf"]),
        when: |_| true,
        without: "the administrator may do nothing",
        source: "kubeadm 1.29: cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go, EnsureAdminClusterRoleBinding",
    },
    BindingRow {
        name: "kubeadm:apiserver-kubelet-client",
        role: "system:kubelet-api-admin",
        who: Who::Shows(&["apiserver-kubelet-client", "apiserver"]),
        when: |_| true,
        without: "kubelets refuse the API server: kubectl logs and exec are forbidden",
        source: "kubernetes/kubernetes#138957",
    },
    BindingRow {
        name: "kubeadm:kubelet-bootstrap",
        role: "system:node-bootstrapper",
        who: Who::Group(BOOTSTRAPPERS),
        when: bootstraps,
        without: "no kubelet may request a certificate with its token",
        source: BOOTSTRAP,
    },
    BindingRow {
        name: "kubeadm:node-autoapprove-bootstrap",
        role: "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
        who: Who::Group(BOOTSTRAPPERS),
        when: |spec| bootstraps(spec) && signs(spec),
        without: "each kubelet's first request waits until you approve it",
        source: BOOTSTRAP,
    },
    BindingRow {
        name: "kubeadm:node-autoapprove-certificate-rotation",
        role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        who: Who::Group("system:nodes"),
        when: signs,
        without: "each kubelet's renewal waits until you approve it",
        source: BOOTSTRAP,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn bindings_refer_to_rows_that_exist_and_the_widest_come_first() {
        let mut names = BTreeSet::new();
        for row in BINDINGS {
            if let Who::Shows(ids) = row.who {
                assert!(ids.iter().all(|id| crate::catalog::cert(id).is_some()), "{}", row.name);
            }
            assert!(names.insert(row.name) && !row.without.is_empty() && !row.source.is_empty(), "{}", row.name);
        }
        assert!(BINDINGS.is_sorted_by_key(|row| row.role != CLUSTER_ADMIN));
    }
}
