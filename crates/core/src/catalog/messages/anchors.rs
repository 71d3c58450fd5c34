//! What each side of a connection checks the other with, as a command can reach it: never the cluster's CA for what is
//! not of it.

use super::row::End;

/// What a judge trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The CA certificates in this file, on a kubeadm machine.
    File(&'static str),
    /// The CA certificates that this command prints, PEM.
    Printed(&'static str),
    /// Nothing of this PKI, and nothing that a command of the cluster's prints.
    Elsewhere,
    /// It cannot be told.
    Unknown,
}

const CA: Anchor = Anchor::File("/etc/kubernetes/pki/ca.crt");
const ETCD: Anchor = Anchor::File("/etc/kubernetes/pki/etcd/ca.crt");
const FRONT_PROXY: Anchor = Anchor::File("/etc/kubernetes/pki/front-proxy-ca.crt");
const IN_PODS: Anchor = Anchor::Printed("kubectl get configmap kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}'");

macro_rules! embedded {
    ($options:literal) => {
        Anchor::Printed(concat!(
            "kubectl config view --raw --minify",
            $options,
            " -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d"
        ))
    };
}

/// By connection and the end that is judged.
const ANCHORS: &[(&str, End, Anchor)] = &[
    ("etcd->etcd", End::Server, ETCD),
    ("etcd->etcd", End::Caller, ETCD),
    ("etcd-gateway->etcd", End::Server, ETCD),
    ("etcd-gateway->etcd", End::Caller, ETCD),
    ("etcdctl->etcd", End::Server, ETCD),
    ("etcdctl->etcd", End::Caller, ETCD),
    ("kube-apiserver->etcd", End::Server, ETCD),
    ("kube-apiserver->etcd", End::Caller, ETCD),
    (
        "kube-controller-manager->kube-apiserver",
        End::Server,
        embedded!(" --kubeconfig /etc/kubernetes/controller-manager.conf"),
    ),
    ("kube-controller-manager->kube-apiserver", End::Caller, CA),
    ("kube-scheduler->kube-apiserver", End::Server, embedded!(" --kubeconfig /etc/kubernetes/scheduler.conf")),
    ("kube-scheduler->kube-apiserver", End::Caller, CA),
    ("kubelet->kube-apiserver", End::Server, embedded!(" --kubeconfig /etc/kubernetes/kubelet.conf")),
    ("kubelet->kube-apiserver", End::Caller, CA),
    ("kubectl->kube-apiserver", End::Server, embedded!("")),
    ("kubectl->kube-apiserver", End::Caller, CA),
    ("super-admin->kube-apiserver", End::Server, embedded!(" --kubeconfig /etc/kubernetes/super-admin.conf")),
    ("super-admin->kube-apiserver", End::Caller, CA),
    ("kube-proxy->kube-apiserver", End::Server, IN_PODS),
    ("kube-proxy->kube-apiserver", End::Caller, CA),
    ("pod->kube-apiserver", End::Server, IN_PODS),
    ("aggregated-apiserver->kube-apiserver", End::Server, IN_PODS),
    (
        "kubeadm->kube-apiserver",
        End::Server,
        Anchor::Printed(
            "kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}' | sed -n 's/.*certificate-authority-data: //p' | base64 -d",
        ),
    ),
    // A kubelet's certificate is its own work unless the cluster's CA signs it.
    ("kube-apiserver->kubelet", End::Server, Anchor::Elsewhere),
    ("kube-apiserver->kubelet", End::Caller, CA),
    ("metrics-server->kubelet", End::Server, Anchor::Elsewhere),
    (
        "kube-apiserver->aggregated-apiserver",
        End::Server,
        Anchor::Printed("kubectl get apiservice NAME -o jsonpath='{.spec.caBundle}' | base64 -d"),
    ),
    ("kube-apiserver->aggregated-apiserver", End::Caller, FRONT_PROXY),
    (
        "kube-apiserver->webhook",
        End::Server,
        Anchor::Printed(
            "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o jsonpath='{.items[*].webhooks[?(@.name==\"NAME\")].clientConfig.caBundle}' | base64 -d",
        ),
    ),
    ("kube-apiserver->kube-apiserver", End::Server, Anchor::Elsewhere),
    ("kube-apiserver->oidc-issuer", End::Server, Anchor::Elsewhere),
];

/// What the judge of an end trusts.
pub(super) fn anchor(connection: &str, judged: End) -> Anchor {
    let row = ANCHORS.iter().find(|(id, end, _)| *id == connection && *end == judged);
    row.map_or(Anchor::Unknown, |(_, _, anchor)| *anchor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::connections::{self, CONNECTIONS};

    #[test]
    fn what_a_connection_shows_is_checked_with_what_the_connection_says() {
        for (id, ..) in ANCHORS {
            assert!(connections::told(id).is_some(), "{id}");
        }
        for row in CONNECTIONS {
            for (side, judged) in [(&row.client, End::Caller), (&row.server_side, End::Server)] {
                let found = anchor(row.id, judged);
                assert_eq!(found == Anchor::Unknown, side.shows.is_empty() && judged == End::Caller, "{}", row.id);
                // A file is that of the CA which the connection names.
                if let (Anchor::File(path), connections::Anchor::File(ids)) = (found, side.anchor) {
                    let base = crate::catalog::cert(ids[0]).map(|row| row.base).expect("a CA");
                    assert_eq!(path, format!("/etc/kubernetes/pki/{base}.crt"), "{}", row.id);
                }
            }
        }
    }
}
