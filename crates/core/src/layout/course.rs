//! The layout of training courses: one folder, one CA for everything or a second one for etcd,
//! `NAME.crt` and `NAME.key` or `NAME.pem` and `NAME-key.pem`. Values are the ones that work.

use super::{Exception, Layout, Paths, Usage};
use crate::catalog::row::{CertRow, Eku, Form, Kind, SanRow};
use crate::spec::{ClientPairs, ClusterSpec, Field, FileNames, KubeletServing, LayoutId};

const FOLDER: &str = "/var/lib/kubernetes/pki";
const KUBELET_KUBECONFIG: &str = "/var/lib/kubelet/kubeconfig";

pub(super) static LAYOUT: Layout = Layout {
    id: LayoutId::Course,
    title: "course",
    paths,
    exceptions: EXCEPTIONS,
    usage,
    more_sans,
    kubelet_kubeconfig: KUBELET_KUBECONFIG,
};

static EXCEPTIONS: &[Exception] = &[
    Exception { id: "ca", base: "ca", subject: Some(("KUBERNETES-CA", &["Kubernetes"])), sans: Some(&[]) },
    Exception { id: "etcd-ca", base: "etcd-ca", subject: Some(("ETCD-CA", &["Kubernetes"])), sans: Some(&[]) },
    Exception {
        id: "apiserver",
        base: "apiserver",
        subject: None,
        sans: Some(&[
            SanRow::Dns("kubernetes"),
            SanRow::Dns("kubernetes.default"),
            SanRow::Dns("kubernetes.default.svc"),
            SanRow::Dns("kubernetes.default.svc.{domain}"),
            SanRow::ServiceAddress,
            SanRow::ControlPlanes,
            SanRow::Endpoint,
            SanRow::Ip("127.0.0.1"),
            SanRow::Extra(Field::ApiServerCertSans),
        ]),
    },
    Exception {
        id: "apiserver-kubelet-client",
        base: "apiserver-kubelet-client",
        subject: Some(("kube-apiserver-kubelet-client", &["system:masters"])),
        sans: None,
    },
    Exception { id: "admin.conf", base: "admin", subject: Some(("kube-admin", &["system:masters"])), sans: None },
    Exception { id: "controller-manager.conf", base: "controller-manager", subject: None, sans: None },
    Exception { id: "scheduler.conf", base: "scheduler", subject: None, sans: None },
    Exception { id: "kubelet.conf", base: "{node}", subject: None, sans: None },
    Exception { id: "kubelet-serving", base: "{node}", subject: None, sans: None },
    Exception { id: "kube-proxy", base: "kube-proxy", subject: None, sans: None },
    Exception {
        id: "etcd-server",
        base: "etcdserver",
        subject: Some(("etcd-server", &[])),
        // Courses know IPv4 alone; with IPv6 the API server and etcd's own gateway dial ::1.
        sans: Some(&[
            SanRow::Advertise,
            SanRow::Ip("127.0.0.1"),
            SanRow::Loopback,
            SanRow::Extra(Field::EtcdServerCertSans),
        ]),
    },
    Exception {
        id: "etcd-peer",
        base: "etcdpeer{member}",
        subject: Some(("etcd-peer", &[])),
        sans: Some(&[SanRow::Advertise, SanRow::Extra(Field::EtcdPeerCertSans)]),
    },
    Exception { id: "etcd-healthcheck-client", base: "etcd-healthcheck-client", subject: None, sans: None },
    Exception { id: "apiserver-etcd-client", base: "apiserver-etcd-client", subject: None, sans: None },
    Exception { id: "sa", base: "service-account", subject: None, sans: None },
];

/// Whether files of another certificate are called so, or would be with `-key` behind it.
fn is_taken(name: &str) -> bool {
    let name = name.strip_suffix("-key").unwrap_or(name);
    name.starts_with("etcdpeer") || EXCEPTIONS.iter().any(|one| one.base == name)
}

fn paths(spec: &ClusterSpec, row: &CertRow, base: &str) -> Paths {
    // A kubelet's pair is called like its node, whatever that is.
    let kubelet = (row.holders == ["kubelet"] && is_taken(base)).then(|| ["kubelet-", base].concat());
    let base = kubelet.as_deref().unwrap_or(base);
    let (certificate, private_key) = match spec.file_names {
        FileNames::Crt => (format!("{FOLDER}/{base}.crt"), format!("{FOLDER}/{base}.key")),
        FileNames::Pem => (format!("{FOLDER}/{base}.pem"), format!("{FOLDER}/{base}-key.pem")),
    };
    match row.form {
        Form::Pair => Paths { certificate: Some(certificate), private_key: Some(private_key), ..Paths::default() },
        Form::KeyPair => Paths {
            public_key: Some(format!("{FOLDER}/{base}.pub")),
            private_key: Some(private_key),
            ..Paths::default()
        },
        Form::Kubeconfig(_) => Paths {
            certificate: Some(certificate),
            private_key: Some(private_key),
            kubeconfig: Some(match row.id {
                "kubelet.conf" => KUBELET_KUBECONFIG.to_owned(),
                _ => format!("/var/lib/kubernetes/{base}.kubeconfig"),
            }),
            ..Paths::default()
        },
    }
}

/// A pair that serves in both roles needs both usages.
fn usage(spec: &ClusterSpec, row: &CertRow) -> Option<Usage> {
    let both = match row.id {
        "apiserver" => spec.client_pairs == ClientPairs::Serving,
        "kubelet.conf" => spec.kubelet_serving == KubeletServing::ClusterCa,
        _ => false,
    };
    both.then_some((&[Eku::ServerAuth, Eku::ClientAuth], Kind::Peer))
}

/// The kubelet's one pair then answers to the node's name and addresses.
fn more_sans(spec: &ClusterSpec, row: &CertRow) -> &'static [SanRow] {
    match row.id == "kubelet.conf" && spec.kubelet_serving == KubeletServing::ClusterCa {
        true => &[SanRow::Dns("{node}"), SanRow::NodeAddresses],
        false => &[],
    }
}
