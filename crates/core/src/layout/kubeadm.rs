//! kubeadm's layout: `/etc/kubernetes/pki` and kubeconfigs beside it.

use super::{Layout, Paths};
use crate::catalog::row::{CertRow, Form};
use crate::spec::{ClusterSpec, LayoutId};

pub(super) static LAYOUT: Layout = Layout {
    id: LayoutId::Kubeadm,
    title: "kubeadm",
    paths,
    exceptions: &[],
    usage: |_, _| None,
    more_sans: |_, _| &[],
    kubelet_kubeconfig: "/etc/kubernetes/kubelet.conf",
};

fn paths(_: &ClusterSpec, row: &CertRow, base: &str) -> Paths {
    // The kubelet keeps its own serving pair apart from the control plane's files.
    let folder = if row.id == "kubelet-serving" { "/var/lib/kubelet/pki" } else { "/etc/kubernetes/pki" };
    match row.form {
        Form::Pair => Paths {
            certificate: Some(format!("{folder}/{base}.crt")),
            private_key: Some(format!("{folder}/{base}.key")),
            ..Paths::default()
        },
        Form::KeyPair => Paths {
            public_key: Some(format!("{folder}/{base}.pub")),
            private_key: Some(format!("{folder}/{base}.key")),
            ..Paths::default()
        },
        Form::Kubeconfig(_) => Paths { kubeconfig: Some(format!("/etc/kubernetes/{base}")), ..Paths::default() },
    }
}
