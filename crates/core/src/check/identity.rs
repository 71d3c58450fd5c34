//! Identities that may do too much, and keys that lie in too many places.

use super::Rule;
use crate::diag::Diagnostic;
use crate::plan::{Holding, Plan, Root, Subject};
use crate::spec::{LayoutId, Trust};

/// Certificates in group `system:masters` that the API server would believe.
fn masters(plan: &Plan) -> Vec<String> {
    let believed =
        |cert: &&crate::plan::PlannedCert| cert.issuer.is_some_and(|issuer| plan.certs[issuer].row.id == "ca");
    let mut ids: Vec<String> = plan
        .certs
        .iter()
        .filter(believed)
        .filter(|cert| cert.subject.as_ref().is_some_and(Subject::is_master))
        .map(|cert| cert.row.id.to_owned())
        .collect();
    ids.dedup();
    ids
}

pub(super) static RULES: &[Rule] = &[
    // With one CA every client certificate of the cluster opens etcd.
    Rule {
        id: "one-ca-for-all",
        source: "CIS Kubernetes Benchmark v1.12, 2.7; etcd checks the signature, not the name",
        find: |plan, _| {
            (plan.spec.trust == Trust::Single).then(|| {
                Diagnostic::warning("", "trust", "one CA signs for etcd and for the API server: any user's certificate can read and change everything in etcd, past all RBAC")
                    .with_hint("choose trust: separate")
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.set_text(crate::spec::Field::Layout, "course");
            draft.set_text(crate::spec::Field::Start, "manual");
            draft.set_text(crate::spec::Field::Trust, "single");
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // system:masters bypasses authorization and cannot be revoked.
    Rule {
        id: "system-masters",
        source: "kubernetes.io/docs/concepts/security/rbac-good-practices; kubeadm 1.29 release notes: super-admin.conf",
        find: |plan, _| {
            let ids = masters(plan);
            (!ids.is_empty()).then(|| {
                Diagnostic::advice("", "", format!("in system:masters: {}. It bypasses authorization, and Kubernetes cannot revoke it before it expires", ids.join(", ")))
                    .with_hint(match plan.spec.layout {
                        LayoutId::Kubeadm => "move super-admin.conf off the node once the cluster is up, and keep it like a CA key",
                        LayoutId::Course => "bind a user name to cluster-admin instead, as kubeadm does since 1.29",
                    })
            })
        },
        #[cfg(test)]
        failing: |_| {},
        #[cfg(test)]
        passing: None,
    },
    // Each copy of a CA key is one more machine that can make any identity.
    Rule {
        id: "ca-keys-on-every-control-plane",
        source: "kubernetes.io/docs/setup/best-practices/certificates: external CA",
        find: |plan, _| {
            let mut ids = Vec::new();
            let mut nodes = Vec::new();
            for file in plan.files.iter().filter(|file| file.content.holding == Holding::PrivateKey) {
                let row = plan.certs[file.content.cert].row;
                // The key of an external etcd's CA lies on an etcd host, once: that is no copy.
                if let Root::Node(node) = file.root
                    && row.is_ca()
                    && plan.spec.nodes[node].control_plane
                {
                    ids.push(row.id);
                    nodes.push(node);
                }
            }
            ids.sort_unstable();
            let copied: Vec<&str> =
                ids.chunk_by(|one, other| one == other).filter(|same| same.len() > 1).map(|same| same[0]).collect();
            nodes.dedup();
            (!copied.is_empty()).then(|| {
                Diagnostic::advice(
                    "",
                    "caKeys",
                    format!(
                        "each of the {} control planes has the private keys of {}: whoever is root on one of them can make any identity",
                        nodes.len(),
                        copied.join(", ")
                    ),
                )
                .with_hint("kubeadm works so. caKeys: offNode keeps them apart, but then kubelets need another signer")
            })
        },
        #[cfg(test)]
        failing: |_| {},
        #[cfg(test)]
        passing: Some(|draft| draft.set_text(crate::spec::Field::CaKeys, "offNode")),
    },
];
