//! What closes the edges that kubeadm leaves open: one row each. The options are fields of the design, so that one click
//! sets them; what must be true in the cluster first is told with them.

use crate::spec::{Field, Start};

/// One way to close open edges.
#[derive(Debug)]
pub struct HardeningRow {
    /// The connections that it closes, by their ids.
    pub connections: &'static [&'static str],
    /// What it does, a sentence.
    pub title: &'static str,
    /// Fields of the design, each with the word it is set to; none where no design can say it.
    pub set: &'static [(Field, &'static str)],
    /// The flags and fields that it adds, a component and one of them each. The design has it so once its plan has these.
    pub flags: &'static [&'static str],
    /// What must be true first, in order.
    pub first: &'static [&'static str],
    /// Where that is from.
    pub source: &'static str,
}

impl HardeningRow {
    /// Whether it lets kubeadm start a cluster that kubeadm starts.
    pub fn keeps_kubeadm(&self) -> bool {
        self.set.iter().all(|(field, _)| *field != Field::Start)
    }
}

/// The rows for a design in the order in which they are offered: where kubeadm starts it, first those that leave it so.
pub fn offered(start: Start) -> impl Iterator<Item = &'static HardeningRow> {
    let early = move |row: &&HardeningRow| start == Start::Manual || row.keeps_kubeadm();
    HARDENING.iter().filter(early).chain(HARDENING.iter().filter(move |row| !early(row)))
}

const KUBELET: &str =
    "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs";

/// The table.
pub static HARDENING: &[HardeningRow] = &[
    HardeningRow {
        connections: &["kube-apiserver->kubelet"],
        title: "Start the cluster by hand: every kubelet has a serving certificate of the cluster CA from the start, and the API server checks it.",
        set: &[(Field::Start, "manual"), (Field::KubeletServing, "clusterCA")],
        flags: &["kube-apiserver --kubelet-certificate-authority", "kubelet tlsCertFile", "kubelet tlsPrivateKeyFile"],
        first: &[
            "Every kubelet's serving certificate is signed by the cluster CA and names the node's address: the API server dials InternalIP first (--kubelet-preferred-address-types).",
            "Only then set --kubelet-certificate-authority: until all have one, logs and exec fail on the others.",
        ],
        source: KUBELET,
    },
    HardeningRow {
        connections: &["kube-apiserver->kubelet", "metrics-server->kubelet"],
        title: "With kubeadm: kubelets ask for serving certificates, somebody approves them, then the API server checks.",
        set: &[(Field::KubeletServing, "clusterCA")],
        flags: &[
            "kubelet serverTLSBootstrap: true",
            "kube-apiserver --kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt",
        ],
        first: &[
            "serverTLSBootstrap is on, so that each kubelet asks for a certificate (signer kubernetes.io/kubelet-serving).",
            "Each request is approved: kubectl get csr, compare names and addresses, kubectl certificate approve NAME. Nothing approves them by itself.",
            "Only then set --kubelet-certificate-authority on every control plane.",
        ],
        source: KUBELET,
    },
    HardeningRow {
        connections: &["metrics-server->kubelet"],
        title: "Start the cluster by hand, with serving certificates from the start, and take --kubelet-insecure-tls out of metrics-server.",
        set: &[(Field::Start, "manual"), (Field::KubeletServing, "clusterCA")],
        flags: &["metrics-server without --kubelet-insecure-tls"],
        first: &[
            "The kubelets' serving certificates are signed by the cluster CA and name their addresses.",
            "metrics-server finds that CA: --kubelet-certificate-authority, or the copy in its service account.",
        ],
        source: "https://github.com/kubernetes-sigs/metrics-server/blob/master/README.md",
    },
    HardeningRow {
        connections: &["kube-apiserver->webhook"],
        title: "Let webhooks know who asks them.",
        set: &[],
        flags: &["kube-apiserver --admission-control-config-file"],
        first: &[
            "A kubeconfig for each webhook holds a client certificate that the webhook's own CA signed, not the cluster's.",
            "The webhook asks for a certificate and checks it.",
        ],
        source: "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers",
    },
    HardeningRow {
        connections: &["kube-apiserver->pod"],
        title: "Do not rely on the proxy to Pods and Services: give nobody pods/proxy and services/proxy.",
        set: &[],
        flags: &["no verb on pods/proxy, services/proxy, nodes/proxy in RBAC"],
        first: &["Nothing that people use goes through kubectl proxy to a Pod."],
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes",
    },
    HardeningRow {
        connections: &["kubelet-bootstrap->kube-apiserver", "kubeadm->kube-apiserver"],
        title: "Join with the hash of the CA, never without.",
        set: &[],
        flags: &["kubeadm join --discovery-token-ca-cert-hash"],
        first: &["The hash travels with the token: kubeadm token create --print-join-command prints both."],
        source: "https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/",
    },
    HardeningRow {
        connections: &["pod->coredns", "pod->pod"],
        title: "Let Pods prove themselves to each other by a service mesh, or by certificates of their own.",
        set: &[],
        flags: &["none: this PKI has no part in it"],
        first: &["NetworkPolicy first: who may reach whom at all."],
        source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    },
];

/// How people can prove who they are to the API server, instead of by admin.conf.
#[derive(Debug)]
pub struct AlternativeRow {
    /// Its name.
    pub name: &'static str,
    /// What it needs: flags and files.
    pub needs: &'static str,
    /// When to take it, or not.
    pub when: &'static str,
}

/// The alternatives of whoever administers, best for people first (kubernetes.io: Authenticating).
pub static ALTERNATIVES: &[AlternativeRow] = &[
    AlternativeRow {
        name: "OIDC",
        needs: "An issuer that the API server reaches by https; --authentication-config (or --oidc-issuer-url and --oidc-client-id), the issuer's CA, and which claims are user and groups.",
        when: "For people. Tokens live minutes, the issuer can take an identity back, and groups stay current.",
    },
    AlternativeRow {
        name: "Authenticating proxy",
        needs: "--requestheader-client-ca-file with a CA of its own, --requestheader-allowed-names, and a proxy that sets X-Remote-User and X-Remote-Group.",
        when: "Where a proxy already knows people. Never share that CA with --client-ca-file: then any client certificate poses as anybody.",
    },
    AlternativeRow {
        name: "Webhook token",
        needs: "--authentication-token-webhook-config-file with the address and CA of a service that answers TokenReview.",
        when: "Where a service of your own hands out tokens. If it stops, nobody new gets in.",
    },
    AlternativeRow {
        name: "Service-account token",
        needs: "A service account and its bindings; kubectl create token NAME --duration 1h, or a token bound to a Pod.",
        when: "For programs. Not for people: it is nobody's name.",
    },
    AlternativeRow {
        name: "Client certificate",
        needs: "A CertificateSigningRequest for kubernetes.io/kube-apiserver-client with expirationSeconds, approved by somebody; --client-ca-file.",
        when: "For components, and for one person in an emergency. Not for people in general: Kubernetes checks no revocation, so a certificate that is lost is good until it ends. Keep such lives short and groups out.",
    },
    AlternativeRow {
        name: "Static token file",
        needs: "--token-auth-file with a file on each control plane; a change needs a restart.",
        when: "Not at all: CIS asks for it to be off.",
    },
    AlternativeRow {
        name: "Anonymous",
        needs: "--anonymous-auth, on by default; the user is system:anonymous.",
        when: "Health checks and kubeadm join need it. Bind nothing else to it; limit it to paths by the file of --authentication-config.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::connections::told;
    use crate::spec::parse;
    use crate::spec::preset::Preset;

    #[test]
    fn every_row_closes_connections_that_there_are_by_words_that_the_design_knows() {
        for row in HARDENING {
            assert!(!row.first.is_empty() && !row.source.is_empty());
            row.connections.iter().for_each(|id| assert!(told(id).is_some(), "{id}"));
            let mut draft = Preset::named("ha-stacked").expect("preset").draft();
            row.set.iter().for_each(|(field, word)| draft.set_text(*field, *word));
            let (spec, errors) = parse(&draft);
            let spec = spec.unwrap_or_else(|| panic!("{}: {errors:?}", row.title));
            let closes = row.set.iter().any(|(field, _)| *field == Field::Start);
            if closes {
                row.connections.iter().for_each(|id| assert!((told(id).expect("told").server_proven)(&spec), "{id}"));
            }
        }
    }
}
