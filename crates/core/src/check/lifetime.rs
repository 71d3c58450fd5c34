//! Lifetimes, and what happens at their end.

use super::Rule;
use crate::diag::Diagnostic;
use crate::instant;
use crate::spec::{CaKeys, KubeletClient, Start};

/// A span after the issue time: a date when that time is known.
fn after(now: Option<i64>, seconds: i64) -> String {
    match now {
        Some(now) => format!("on {}", instant::to_date(now + seconds)),
        None => format!("{} days after the issue time", seconds / 86_400),
    }
}

pub(super) static RULES: &[Rule] = &[
    // A certificate is worth nothing once its CA has expired.
    Rule {
        id: "leaf-outlives-ca",
        source: "RFC 5280 section 6.1.3; kubeadm does not cap a leaf's notAfter",
        find: |plan, now| {
            let spec = &plan.spec;
            (spec.leaf_validity > spec.ca_validity).then(|| {
                Diagnostic::warning(
                    "",
                    "validity.leaf",
                    format!(
                        "certificates would be valid for {}, their CAs for {}: everything stops {}",
                        spec.leaf_validity,
                        spec.ca_validity,
                        after(now, spec.ca_validity.seconds)
                    ),
                )
                .with_hint("let CAs live longer than what they sign")
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::ValidityLeaf, "4000d"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // Control-plane certificates are renewed by hand or by upgrades, not by themselves.
    Rule {
        id: "leaf-short",
        source: "kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs",
        find: |plan, now| {
            let lifetime = plan.spec.leaf_validity;
            (lifetime.seconds < 30 * 86_400).then(|| {
                Diagnostic::warning(
                    "",
                    "validity.leaf",
                    format!("the control plane's certificates expire {} already", after(now, lifetime.seconds)),
                )
                .with_hint(
                    "nothing renews them by itself: choose a life that is longer than the time between two upgrades",
                )
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::ValidityLeaf, "24h"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // With the CA key off the nodes no CSR is signed, so kubelets can neither join nor renew.
    Rule {
        id: "kubelets-without-signer",
        source: "kubernetes.io/docs/setup/best-practices/certificates; kubeadm: external CA mode; kubelet: certificate rotation at 70 to 90 % of a life",
        find: |plan, now| {
            let spec = &plan.spec;
            if spec.ca_keys != CaKeys::OffNode {
                return None;
            }
            let asks = spec.start == Start::Kubeadm || spec.kubelet_client == KubeletClient::Bootstrap;
            let joining = plan.unsigned.iter().filter(|one| one.row.id == "kubelet.conf").count();
            let message = match asks && joining > 0 {
                true => format!(
                    "the CA key is on no node, so nobody signs what kubelets request: {joining} of them cannot join, and the first that has a certificate is cut off {}",
                    after(now, spec.leaf_validity.seconds)
                ),
                false => format!(
                    "the CA key is on no node, so kubelets cannot renew: the first is cut off {}",
                    after(now, spec.leaf_validity.seconds)
                ),
            };
            let first = if asks { "start: manual with kubelet.client: issued, and " } else { "" };
            Some(Diagnostic::warning("", "caKeys", message).with_hint(format!(
                "ways out: {first}issue again before that date; a signer of your own for kubernetes.io/kube-apiserver-client-kubelet; or the CA key on the control planes",
            )))
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::CaKeys, "offNode"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
