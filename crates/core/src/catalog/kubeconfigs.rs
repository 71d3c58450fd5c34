//! Identities that are kept in kubeconfigs: who people and components are towards the API server.

use super::kubernetes::{for_control_plane, nowhere};
use super::row::{CertRow, CheckedBy, Eku, Form, Kind, Presence, Scope, Server, SubjectRow};
use crate::spec::{ClusterSpec, KubeVersion, KubeletClient, LayoutId, Node, Start, When};

/// From 1.29 on admin.conf is bound by RBAC and super-admin.conf exists beside it.
const SUPER_ADMIN: &[KubeVersion] = &[KubeVersion::new(29, 0)];

/// One for you in the course layout, one per control plane with kubeadm.
fn admin(spec: &ClusterSpec, node: &Node) -> Presence {
    match spec.layout {
        LayoutId::Kubeadm => for_control_plane(spec, node),
        LayoutId::Course => init_node(spec, node),
    }
}

/// Made for the init node alone.
fn init_node(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.nodes[spec.init_node()].name == node.name { Presence::Issued } else { Presence::Absent }
}

/// super-admin.conf is kubeadm's.
fn super_admin(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.layout == LayoutId::Course { Presence::Absent } else { init_node(spec, node) }
}

/// With kubeadm only `init` writes a kubelet.conf; whoever joins asks for its certificate (kubeadm: preflight/checks.go).
fn kubelet(spec: &ClusterSpec, node: &Node) -> Presence {
    if !node.has_kubelet() {
        return Presence::Absent;
    }
    match (spec.start, spec.kubelet_client) {
        (Start::Manual, KubeletClient::Issued) => Presence::Issued,
        (Start::Manual, KubeletClient::Bootstrap) => {
            Presence::Requested("requested with a bootstrap token; the kubelet makes its own key")
        }
        (Start::Kubeadm, _) => match init_node(spec, node) {
            Presence::Issued => Presence::Issued,
            _ => Presence::Requested("requested when it joins; the kubelet makes its own key"),
        },
    }
}

/// kubeadm's kube-proxy uses a token; courses give it a certificate.
fn kube_proxy(spec: &ClusterSpec, node: &Node) -> Presence {
    match (spec.layout, node.has_kubelet()) {
        (_, false) => Presence::Absent,
        (LayoutId::Course, true) => Presence::Issued,
        (LayoutId::Kubeadm, true) => Presence::Unsigned("a service-account token, no certificate"),
    }
}

const KUBECONFIG: &str = "kubeadm: cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go";
const CLIENT_CA: &[CheckedBy] = &[CheckedBy { who: "kube-apiserver", against: "the CA in --client-ca-file" }];

/// The row of who administers the cluster.
pub const ADMIN: &str = "admin.conf";

pub(super) static ROWS: &[CertRow] = &[
    CertRow {
        id: ADMIN,
        title: "kubernetes-admin",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: admin,
        when: When::ALWAYS,
        subject: &[
            SubjectRow {
                when: When::until(SUPER_ADMIN),
                common_name: "kubernetes-admin",
                organizations: &["system:masters"],
            },
            SubjectRow {
                when: When::since(SUPER_ADMIN),
                common_name: "kubernetes-admin",
                organizations: &["kubeadm:cluster-admins"],
            },
        ],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::ControlPlane),
        base: "admin.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kubectl", "kubeadm"],
        what: "The administrator: with it kubectl and kubeadm may do everything that RBAC grants cluster-admins.",
        shown: "kubectl shows it to the API server on port 6443.",
        checked: CLIENT_CA,
        aliases: &[
            "admin",
            "kubectl",
            "cluster-admin",
            "user.crt",
            "john.crt",
            "john-long-lived.crt",
            "client.pem",
            "kubeconfig",
        ],
        source: KUBECONFIG,
    },
    CertRow {
        id: "super-admin.conf",
        title: "kubernetes-super-admin",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: super_admin,
        when: When::since(SUPER_ADMIN),
        subject: &[SubjectRow {
            when: When::ALWAYS,
            common_name: "kubernetes-super-admin",
            organizations: &["system:masters"],
        }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::ControlPlane),
        base: "super-admin.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["break-glass"],
        what: "The break-glass administrator: system:masters bypasses authorization and cannot be revoked by RBAC.",
        shown: "kubeadm init shows it once to set up RBAC; after that, you, when RBAC itself is broken.",
        checked: CLIENT_CA,
        aliases: &["system:masters", "break glass", "superuser"],
        source: KUBECONFIG,
    },
    CertRow {
        id: "controller-manager.conf",
        title: "system:kube-controller-manager",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: for_control_plane,
        when: When::ALWAYS,
        subject: &[SubjectRow {
            when: When::ALWAYS,
            common_name: "system:kube-controller-manager",
            organizations: &[],
        }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::Local),
        base: "controller-manager.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-controller-manager"],
        what: "Who the controller manager is; RBAC binds the user name, so no group is needed.",
        shown: "kube-controller-manager shows it to the API server on port 6443.",
        checked: CLIENT_CA,
        aliases: &["kcm", "controller manager"],
        source: KUBECONFIG,
    },
    CertRow {
        id: "scheduler.conf",
        title: "system:kube-scheduler",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: for_control_plane,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "system:kube-scheduler", organizations: &[] }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::Local),
        base: "scheduler.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-scheduler"],
        what: "Who the scheduler is; RBAC binds the user name, so no group is needed.",
        shown: "kube-scheduler shows it to the API server on port 6443.",
        checked: CLIENT_CA,
        aliases: &["scheduler"],
        source: KUBECONFIG,
    },
    CertRow {
        id: "kubelet.conf",
        title: "system:node:…",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: kubelet,
        when: When::ALWAYS,
        subject: &[SubjectRow {
            when: When::ALWAYS,
            common_name: "system:node:{node}",
            organizations: &["system:nodes"],
        }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::Kubelet),
        base: "kubelet.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kubelet"],
        what: "Who this node is: the Node authorizer lets it read and change only what belongs to it.",
        shown: "kubelet shows it to the API server on port 6443.",
        checked: CLIENT_CA,
        aliases: &["kubelet client", "kubelet-client-current.pem", "node01.crt", "system:nodes", "system:node"],
        source: KUBECONFIG,
    },
    CertRow {
        id: "kube-proxy",
        title: "system:kube-proxy",
        kind: Kind::Client,
        issuer: Some("ca"),
        scope: Scope::Node,
        presence: kube_proxy,
        when: When::ALWAYS,
        subject: &[SubjectRow {
            when: When::ALWAYS,
            common_name: "system:kube-proxy",
            organizations: &["system:node-proxier"],
        }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Kubeconfig(Server::ControlPlane),
        base: "kube-proxy.conf",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-proxy"],
        what: "Who kube-proxy is. kubeadm gives it a service-account token; hand-built clusters give it a certificate.",
        shown: "kube-proxy shows it to the API server on port 6443.",
        checked: CLIENT_CA,
        aliases: &["system:node-proxier"],
        source: "kubeadm: phases/addons/proxy; github.com/mmumshad/kubernetes-the-hard-way docs/04",
    },
];
