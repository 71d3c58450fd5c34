//! etcd's trust domain. etcd asks for a certificate of its CA and nothing else: any such certificate is full access.

use super::kubernetes::{for_control_plane, nowhere};
use super::row::{CertRow, CheckedBy, Eku, Form, Kind, Presence, SanRow, Scope, SubjectRow};
use crate::spec::{ClientPairs, ClusterSpec, EtcdMode, Field, KubeVersion, Node, Trust, When};

/// Before 1.29 etcd's clients carried `O=system:masters`, which etcd ignores.
const NO_MASTERS: &[KubeVersion] = &[KubeVersion::new(29, 0)];

/// The etcd CA, unless one CA signs everything.
fn own_ca(spec: &ClusterSpec, _: &Node) -> Presence {
    if spec.trust == Trust::Single { Presence::Absent } else { Presence::Issued }
}

/// Made for each etcd member.
fn for_member(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.is_etcd_member(node) { Presence::Issued } else { Presence::Absent }
}

/// Own client pair, unless the serving pair is used again (course layout).
fn own_client_pair(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.client_pairs == ClientPairs::Serving { Presence::Absent } else { for_control_plane(spec, node) }
}

/// The CA's certificate: on members and on whoever calls them.
fn ca_on(spec: &ClusterSpec, node: &Node) -> bool {
    node.control_plane || spec.is_etcd_member(node)
}

/// The CA's key: on control planes when stacked, on the first host when external (kubernetes.io: Set up a High Availability etcd Cluster with kubeadm).
fn ca_key_on(spec: &ClusterSpec, node: &Node) -> bool {
    match spec.etcd_mode {
        EtcdMode::Stacked => node.control_plane,
        EtcdMode::External => spec.etcd_members().next().is_some_and(|first| first.name == node.name),
    }
}

const CERTLIST: &str = "kubeadm: cmd/kubeadm/app/phases/certs/certlist.go";

/// The names of a member's server and peer certificates, with a list of the design's own behind them.
macro_rules! member_names {
    ($extra:ident) => {
        &[
            SanRow::Dns("{node}"),
            SanRow::Dns("localhost"),
            SanRow::Advertise,
            SanRow::Ip("127.0.0.1"),
            SanRow::Ip("::1"),
            SanRow::Extra(Field::$extra),
        ]
    };
}

pub(super) static ROWS: &[CertRow] = &[
    CertRow {
        id: "etcd-ca",
        title: "etcd-ca",
        kind: Kind::Ca,
        issuer: None,
        scope: Scope::Cluster,
        presence: own_ca,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "etcd-ca", organizations: &[] }],
        ekus: &[],
        sans: &[SanRow::Dns("etcd-ca")],
        form: Form::Pair,
        base: "etcd/ca",
        cert_on: ca_on,
        key_on: ca_key_on,
        holders: &["etcd", "kube-apiserver"],
        what: "etcd's own certificate authority: whatever it signs can read and change everything in the cluster.",
        shown: "It is not shown in a handshake; its certificate is the trust anchor of etcd and its clients.",
        checked: &[
            CheckedBy { who: "etcd", against: "lets in clients that it signed (--trusted-ca-file)" },
            CheckedBy { who: "etcd", against: "believes members that it signed (--peer-trusted-ca-file)" },
            CheckedBy { who: "kube-apiserver", against: "believes an etcd that it signed (--etcd-cafile)" },
        ],
        aliases: &["etcd CA", "etcd/ca.crt"],
        source: CERTLIST,
    },
    CertRow {
        id: "etcd-server",
        title: "etcd server",
        kind: Kind::Peer,
        issuer: Some("etcd-ca"),
        scope: Scope::Node,
        presence: for_member,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "{node}", organizations: &[] }],
        ekus: &[Eku::ServerAuth, Eku::ClientAuth],
        sans: member_names!(EtcdServerCertSans),
        form: Form::Pair,
        base: "etcd/server",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["etcd"],
        what: "The certificate this etcd member shows to its clients, and with which its own gateway calls it.",
        shown: "etcd shows it on port 2379 to the API server, kubeadm and etcdctl.",
        checked: &[
            CheckedBy { who: "kube-apiserver", against: "the CA in --etcd-cafile" },
            CheckedBy { who: "etcdctl and kubeadm", against: "the CA that they are given (--cacert)" },
        ],
        aliases: &["etcd-server.crt", "etcdserver.crt", "kube-etcd", "etcd serving", "2379"],
        source: CERTLIST,
    },
    CertRow {
        id: "etcd-peer",
        title: "etcd peer",
        kind: Kind::Peer,
        issuer: Some("etcd-ca"),
        scope: Scope::Node,
        presence: for_member,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "{node}", organizations: &[] }],
        ekus: &[Eku::ServerAuth, Eku::ClientAuth],
        sans: member_names!(EtcdPeerCertSans),
        form: Form::Pair,
        base: "etcd/peer",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["etcd"],
        what: "Who this etcd member is among members: it shows it both when called and when calling.",
        shown: "etcd members show it to each other on port 2380.",
        checked: &[CheckedBy {
            who: "the other etcd members",
            against: "the CA in --peer-trusted-ca-file, with the caller's address among its names",
        }],
        aliases: &["etcdpeer1.crt", "kube-etcd-peer", "2380"],
        source: CERTLIST,
    },
    CertRow {
        id: "etcd-healthcheck-client",
        title: "kube-etcd-healthcheck-client",
        kind: Kind::Client,
        issuer: Some("etcd-ca"),
        scope: Scope::Node,
        presence: for_member,
        when: When::ALWAYS,
        subject: &[
            SubjectRow {
                when: When::until(NO_MASTERS),
                common_name: "kube-etcd-healthcheck-client",
                organizations: &["system:masters"],
            },
            SubjectRow {
                when: When::since(NO_MASTERS),
                common_name: "kube-etcd-healthcheck-client",
                organizations: &[],
            },
        ],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Pair,
        base: "etcd/healthcheck-client",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kubeadm", "etcdctl"],
        what: "With which kubeadm and you talk to etcd. The liveness probe does not use it: that is plain HTTP on 2381.",
        shown: "kubeadm and etcdctl show it to etcd on port 2379.",
        checked: &[CheckedBy { who: "etcd", against: "the CA in --trusted-ca-file" }],
        aliases: &["etcd client", "etcdctl", "healthcheck"],
        source: CERTLIST,
    },
    CertRow {
        id: "apiserver-etcd-client",
        title: "kube-apiserver-etcd-client",
        kind: Kind::Client,
        issuer: Some("etcd-ca"),
        scope: Scope::Node,
        presence: own_client_pair,
        when: When::ALWAYS,
        subject: &[
            SubjectRow {
                when: When::until(NO_MASTERS),
                common_name: "kube-apiserver-etcd-client",
                organizations: &["system:masters"],
            },
            SubjectRow { when: When::since(NO_MASTERS), common_name: "kube-apiserver-etcd-client", organizations: &[] },
        ],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Pair,
        base: "apiserver-etcd-client",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-apiserver"],
        what: "Who the API server is when it calls etcd.",
        shown: "kube-apiserver shows it to etcd on port 2379.",
        checked: &[CheckedBy { who: "etcd", against: "the CA in --trusted-ca-file" }],
        aliases: &["api server etcd client", "etcd-certfile"],
        source: CERTLIST,
    },
];
