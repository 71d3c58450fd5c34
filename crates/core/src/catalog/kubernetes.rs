//! The cluster's own trust domain: its CA, the API server's pairs, and the kubelets' serving certificates.

use super::row::{CertRow, CheckedBy, Eku, Form, Kind, Presence, SanRow, Scope, SubjectRow};
use crate::spec::{
    ClientPairs, ClusterSpec, Field, KubeVersion, KubeletClient, KubeletServing, LayoutId, Node, Start, Trust, When,
};

/// From which release `apiserver-kubelet-client` carries no organization: a security backport
/// (kubernetes/kubernetes#138957).
const NO_GROUP: &[KubeVersion] =
    &[KubeVersion::new(33, 12), KubeVersion::new(34, 8), KubeVersion::new(35, 5), KubeVersion::new(36, 1)];
/// From which release it is in `kubeadm:cluster-admins`.
const CLUSTER_ADMINS: &[KubeVersion] = &[KubeVersion::new(29, 0)];

/// On control-plane nodes.
pub(super) fn on_control_plane(_: &ClusterSpec, node: &Node) -> bool {
    node.control_plane
}

/// On no node but, for rows of a node, its own.
pub(super) fn nowhere(_: &ClusterSpec, _: &Node) -> bool {
    false
}

/// Made for each control-plane node.
pub(super) fn for_control_plane(_: &ClusterSpec, node: &Node) -> Presence {
    if node.control_plane { Presence::Issued } else { Presence::Absent }
}

/// The cluster CA's certificate: with kubeadm workers get it by joining, and a file there would stop the join (A.9).
fn ca_on(spec: &ClusterSpec, node: &Node) -> bool {
    node.control_plane
        || (spec.start == Start::Manual && node.has_kubelet())
        || (spec.trust == Trust::Single && spec.is_etcd_member(node))
}

/// Own client pairs, unless the serving pair is used again (course layout).
fn own_client_pair(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.client_pairs == ClientPairs::Serving { Presence::Absent } else { for_control_plane(spec, node) }
}

/// The kubelet's serving certificate is made here only where the whole node is set up by hand.
fn kubelet_serving(spec: &ClusterSpec, node: &Node) -> Presence {
    if !node.has_kubelet() {
        return Presence::Absent;
    }
    match (spec.kubelet_serving, spec.start, spec.layout) {
        // One pair serves both roles there, unless the kubelet makes its own as a client: see `kubelet.conf`.
        (KubeletServing::ClusterCa, Start::Manual, LayoutId::Course)
            if spec.kubelet_client == KubeletClient::Issued =>
        {
            Presence::Absent
        }
        (KubeletServing::ClusterCa, Start::Manual, _) => Presence::Issued,
        (KubeletServing::ClusterCa, Start::Kubeadm, _) => {
            Presence::Requested("requested by each kubelet; somebody must approve it")
        }
        (KubeletServing::SelfSigned, ..) => Presence::Unsigned("each kubelet signs its own; nobody can check it"),
    }
}

const CERTLIST: &str = "kubeadm: cmd/kubeadm/app/phases/certs/certlist.go";

pub(super) static ROWS: &[CertRow] = &[
    CertRow {
        id: "ca",
        title: "kubernetes",
        kind: Kind::Ca,
        issuer: None,
        scope: Scope::Cluster,
        presence: for_control_plane,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "kubernetes", organizations: &[] }],
        ekus: &[],
        sans: &[SanRow::Dns("kubernetes")],
        form: Form::Pair,
        base: "ca",
        cert_on: ca_on,
        key_on: on_control_plane,
        holders: &["kube-apiserver", "kube-controller-manager", "kubelet"],
        what: "The cluster's certificate authority: whatever it signs can be an API server or a user of the cluster.",
        shown: "It is not shown in a handshake; its certificate is the trust anchor that others check against.",
        checked: &[
            CheckedBy { who: "kube-apiserver", against: "believes clients that it signed (--client-ca-file)" },
            CheckedBy {
                who: "kubelet",
                against: "believes callers on port 10250 that it signed (authentication.x509.clientCAFile)",
            },
            CheckedBy {
                who: "every kubeconfig",
                against: "believes an API server that it signed (certificate-authority-data)",
            },
            CheckedBy {
                who: "pods",
                against: "believe an API server that it signed (ConfigMap kube-root-ca.crt, filled from --root-ca-file)",
            },
        ],
        aliases: &["cluster CA", "root CA", "CA.crt", "kubernetes-ca", "ca.pem"],
        source: CERTLIST,
    },
    CertRow {
        id: "apiserver",
        title: "kube-apiserver",
        kind: Kind::Server,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: for_control_plane,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "kube-apiserver", organizations: &[] }],
        ekus: &[Eku::ServerAuth],
        sans: &[
            SanRow::Dns("{node}"),
            SanRow::Dns("kubernetes"),
            SanRow::Dns("kubernetes.default"),
            SanRow::Dns("kubernetes.default.svc"),
            SanRow::Dns("kubernetes.default.svc.{domain}"),
            SanRow::ServiceAddress,
            SanRow::Advertise,
            SanRow::Endpoint,
            SanRow::Extra(Field::ApiServerCertSans),
        ],
        form: Form::Pair,
        base: "apiserver",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-apiserver"],
        what: "The certificate this API server shows to everyone who calls it.",
        shown: "kube-apiserver shows it on port 6443 to kubectl, kubelets, controller manager, scheduler and pods.",
        checked: &[
            CheckedBy {
                who: "kubectl, scheduler, controller manager and kubelet",
                against: "the CA copy inside each kubeconfig ({copies})",
            },
            CheckedBy { who: "pods", against: "the CA in ConfigMap kube-root-ca.crt" },
        ],
        aliases: &["api-server.cert", "api server serving certificate", "kube-apiserver.crt", "6443"],
        source: CERTLIST,
    },
    CertRow {
        id: "apiserver-kubelet-client",
        title: "kube-apiserver-kubelet-client",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: own_client_pair,
        when: When::ALWAYS,
        subject: &[
            SubjectRow {
                when: When::until(CLUSTER_ADMINS),
                common_name: "kube-apiserver-kubelet-client",
                organizations: &["system:masters"],
            },
            SubjectRow {
                when: When::between(CLUSTER_ADMINS, NO_GROUP),
                common_name: "kube-apiserver-kubelet-client",
                organizations: &["kubeadm:cluster-admins"],
            },
            SubjectRow {
                when: When::since(NO_GROUP),
                common_name: "kube-apiserver-kubelet-client",
                organizations: &[],
            },
        ],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Pair,
        base: "apiserver-kubelet-client",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-apiserver"],
        what: "Who the API server is when it calls a kubelet for logs, exec, attach and port-forward.",
        shown: "kube-apiserver shows it to each kubelet on port 10250.",
        checked: &[CheckedBy { who: "kubelet", against: "the CA in authentication.x509.clientCAFile" }],
        aliases: &["kubelet client", "api server kubelet client", "10250"],
        source: "kubernetes/kubernetes#138957 and certlist.go",
    },
    CertRow {
        id: "kubelet-serving",
        title: "kubelet serving",
        kind: Kind::Server,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: kubelet_serving,
        when: When::ALWAYS,
        subject: &[SubjectRow {
            when: When::ALWAYS,
            common_name: "system:node:{node}",
            organizations: &["system:nodes"],
        }],
        ekus: &[Eku::ServerAuth],
        sans: &[SanRow::Dns("{node}"), SanRow::NodeAddresses],
        form: Form::Pair,
        base: "kubelet",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kubelet"],
        what: "The certificate this kubelet shows to the API server and to metrics collectors.",
        shown: "kubelet shows it on port 10250.",
        checked: &[CheckedBy {
            who: "kube-apiserver",
            against: "the CA in --kubelet-certificate-authority; kubeadm leaves that flag out, and then nobody checks it",
        }],
        aliases: &[
            "kubelet server",
            "kubelet.crt",
            "kubelet.cert",
            "kubelet.key",
            "kubelet-server-current.pem",
            "serverTLSBootstrap",
            "10250",
        ],
        source: "kubernetes/kubernetes: pkg/kubelet/certificate/kubelet.go",
    },
];
