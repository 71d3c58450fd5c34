//! The aggregation layer's trust domain: who may send identity headers.

use super::kubernetes::{for_control_plane, nowhere, on_control_plane};
use super::row::{CertRow, CheckedBy, Eku, Form, Kind, Presence, SanRow, Scope, SubjectRow};
use crate::spec::{ClusterSpec, LayoutId, Node, When};

/// Courses leave the aggregation layer out.
fn unless_course(spec: &ClusterSpec, node: &Node) -> Presence {
    if spec.layout == LayoutId::Course { Presence::Absent } else { for_control_plane(spec, node) }
}

const CERTLIST: &str = "kubeadm: cmd/kubeadm/app/phases/certs/certlist.go";

pub(super) static ROWS: &[CertRow] = &[
    CertRow {
        id: "front-proxy-ca",
        title: "front-proxy-ca",
        kind: Kind::Ca,
        issuer: None,
        scope: Scope::Cluster,
        presence: unless_course,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "front-proxy-ca", organizations: &[] }],
        ekus: &[],
        sans: &[SanRow::Dns("front-proxy-ca")],
        form: Form::Pair,
        base: "front-proxy-ca",
        cert_on: on_control_plane,
        key_on: on_control_plane,
        holders: &["kube-apiserver", "kube-controller-manager"],
        what: "Signs the one client that may say \"this request comes from user X\" to aggregated API servers.",
        shown: "It is not shown in a handshake; its certificate is the trust anchor for identity headers.",
        checked: &[
            CheckedBy {
                who: "kube-apiserver",
                against: "believes identity headers of clients that it signed (--requestheader-client-ca-file)",
            },
            CheckedBy {
                who: "aggregated API servers",
                against: "believe identity headers of clients that it signed (ConfigMap kube-system/extension-apiserver-authentication)",
            },
        ],
        aliases: &["kubernetes-front-proxy-ca", "aggregation layer CA", "requestheader CA"],
        source: CERTLIST,
    },
    CertRow {
        id: "front-proxy-client",
        title: "front-proxy-client",
        kind: Kind::Client,
        issuer: Some("front-proxy-ca"),
        scope: Scope::Node,
        presence: unless_course,
        when: When::ALWAYS,
        subject: &[SubjectRow { when: When::ALWAYS, common_name: "front-proxy-client", organizations: &[] }],
        ekus: &[Eku::ClientAuth],
        sans: &[],
        form: Form::Pair,
        base: "front-proxy-client",
        cert_on: nowhere,
        key_on: nowhere,
        holders: &["kube-apiserver"],
        what: "Who the API server is when it passes a request on to an aggregated API server.",
        shown: "kube-apiserver shows it to aggregated API servers such as metrics-server, with X-Remote-User headers.",
        checked: &[CheckedBy {
            who: "aggregated API servers",
            against: "the requestheader CA, with its common name in --requestheader-allowed-names",
        }],
        aliases: &["aggregation layer client", "proxy-client-cert-file"],
        source: CERTLIST,
    },
];
