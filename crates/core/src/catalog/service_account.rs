//! The service-account key pair: no certificate, but the root of every token.

use super::kubernetes::{for_control_plane, on_control_plane};
use super::row::{CertRow, CheckedBy, Form, Kind, Scope};
use crate::spec::When;

pub(super) static ROWS: &[CertRow] = &[CertRow {
    id: "sa",
    title: "service-account keys",
    kind: Kind::KeyPair,
    issuer: None,
    scope: Scope::Cluster,
    presence: for_control_plane,
    when: When::ALWAYS,
    subject: &[],
    ekus: &[],
    sans: &[],
    form: Form::KeyPair,
    base: "sa",
    cert_on: on_control_plane,
    key_on: on_control_plane,
    holders: &["kube-apiserver", "kube-controller-manager"],
    what: "Signs the tokens of all service accounts; a bare key pair without a certificate, the same on all control planes.",
    shown: "It is never shown; tokens signed with it are.",
    checked: &[CheckedBy {
        who: "kube-apiserver",
        against: "signs tokens with sa.key (--service-account-signing-key-file) and checks them with sa.pub (--service-account-key-file)",
    }],
    aliases: &["service account", "sa.key", "sa.pub", "service-account.key", "token signing key", "JWT"],
    source: "kubeadm: cmd/kubeadm/app/phases/certs/certs.go",
}];
