//! Kubelets: who makes their certificates, and who can check them.

use super::Rule;
use crate::catalog::connections::KUBELET_PROVEN;
use crate::catalog::own;
use crate::diag::Diagnostic;
use crate::spec::{KubeletClient, KubeletServing, Start};

pub(super) static RULES: &[Rule] = &[
    // kubeadm join refuses a kubelet.conf that is already there.
    Rule {
        id: "kubelet-client-kubeadm",
        source: "kubeadm: cmd/kubeadm/app/preflight/checks.go, FileAvailable--etc-kubernetes-kubelet.conf",
        find: |plan, _| {
            let spec = &plan.spec;
            (spec.start == Start::Kubeadm && spec.kubelet_client == KubeletClient::Issued).then(|| {
                Diagnostic::warning("", "kubelet.client", "kubeadm join stops at a kubelet.conf it finds, so kubelets that join still request their certificates")
                    .with_hint("choose start: manual to have them made here, or kubelet.client: bootstrap")
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::KubeletClient, "issued"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
    // A kubelet's self-signed serving certificate cannot be checked by the API server.
    Rule {
        id: "kubelet-serving-unverified",
        source: "CIS Kubernetes Benchmark v1.12, 1.2.5; kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping",
        find: |plan, _| {
            let own = own::decided_by(&plan.spec, KUBELET_PROVEN).is_some();
            (plan.spec.kubelet_serving == KubeletServing::SelfSigned && !own).then(|| {
                Diagnostic::advice("", "kubelet.serving", "nobody checks the kubelets' serving certificates: whoever sits between the API server and a node can read logs and enter containers")
                    .with_hint("choose kubelet.serving: clusterCA")
            })
        },
        #[cfg(test)]
        failing: |_| {},
        #[cfg(test)]
        passing: Some(|draft| {
            draft.set_text(crate::spec::Field::KubeletServing, "clusterCA");
            draft.set_text(crate::spec::Field::Start, "manual");
        }),
    },
    // Requests for kubelet serving certificates are never approved automatically.
    Rule {
        id: "kubelet-serving-approval",
        source: "kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests: kubernetes.io/kubelet-serving",
        find: |plan, _| {
            let spec = &plan.spec;
            (spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Kubeadm).then(|| {
                Diagnostic::advice("", "kubelet.serving", "each kubelet requests its serving certificate and waits: until you approve it, logs and exec on that node fail")
                    .with_hint(match own::decided(spec, "kube-apiserver", "kubelet-certificate-authority") {
                        Some(_) => "kubectl get csr, kubectl certificate approve NAME for each node, before your own --kubelet-certificate-authority can let the API server in",
                        None => "kubectl get csr, kubectl certificate approve NAME for each node; then add --kubelet-certificate-authority to the API server",
                    })
            })
        },
        #[cfg(test)]
        failing: |draft| draft.set_text(crate::spec::Field::KubeletServing, "clusterCA"),
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
