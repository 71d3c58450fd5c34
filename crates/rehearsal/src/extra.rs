//! Certificates that a cluster has, or a fault brings in, but no design asks for.

use kubepki_core::catalog::row::{CertRow, CheckedBy, Form, Kind, Presence, Scope};
use kubepki_core::plan::{PlannedCert, Subject};
use kubepki_core::spec::{ClusterSpec, KeyAlgorithm, Lifetime, Node, When};

fn absent(_: &ClusterSpec, _: &Node) -> Presence {
    Presence::Absent
}

fn nowhere(_: &ClusterSpec, _: &Node) -> bool {
    false
}

const fn row(id: &'static str, title: &'static str, kind: Kind, form: Form) -> CertRow {
    CertRow {
        id,
        title,
        kind,
        issuer: None,
        scope: Scope::Cluster,
        presence: absent,
        when: When::ALWAYS,
        subject: &[],
        ekus: &[],
        sans: &[],
        form,
        base: id,
        cert_on: nowhere,
        key_on: nowhere,
        holders: &[],
        what: title,
        shown: "",
        checked: &[] as &[CheckedBy],
        aliases: &[],
        source: "",
    }
}

/// The CA that a kubelet makes for itself, once, to sign its serving certificate (client-go: util/cert,
/// GenerateSelfSignedCertKey).
pub(crate) static KUBELET_CA: CertRow = row("kubelet-ca", "a kubelet's own CA", Kind::Ca, Form::Pair);
/// The CA of an aggregated API server: whoever installs one brings it.
pub(crate) static EXTENSION_CA: CertRow = row("extension-ca", "an extension's CA", Kind::Ca, Form::Pair);
/// The serving certificate of an aggregated API server.
pub(crate) static EXTENSION: CertRow = row("extension", "an aggregated API server", Kind::Server, Form::Pair);
/// A CA that nobody trusts.
pub(crate) static STRANGER: CertRow = row("stranger-ca", "a CA that nobody trusts", Kind::Ca, Form::Pair);
/// A CA below another.
pub(crate) static INTERMEDIATE: CertRow = row("intermediate-ca", "an intermediate CA", Kind::Ca, Form::Pair);
/// A key that belongs to no certificate here.
pub(crate) static STRAY_KEY: CertRow = row("stray-key", "another key", Kind::KeyPair, Form::KeyPair);
/// CA certificates without CA:TRUE, under the ids of those that they stand for.
pub(crate) static NO_CAS: [CertRow; 3] = [
    row("ca", "no CA", Kind::Server, Form::Pair),
    row("etcd-ca", "no CA", Kind::Server, Form::Pair),
    row("front-proxy-ca", "no CA", Kind::Server, Form::Pair),
];

/// A certificate with this common name and nothing else.
pub(crate) fn planned(row: &'static CertRow, name: &str, key: KeyAlgorithm, lifetime: Lifetime) -> PlannedCert {
    PlannedCert {
        row,
        node: None,
        issuer: None,
        subject: (row.kind != Kind::KeyPair)
            .then(|| Subject { organizations: Vec::new(), common_name: name.to_owned() }),
        sans: Vec::new(),
        ekus: Vec::new(),
        kind: row.kind,
        key,
        lifetime,
        server: None,
        path_length: None,
    }
}
