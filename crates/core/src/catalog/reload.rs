//! Which file each component reads again while it runs, and how soon: one row each. What is said of restarts is made from
//! these rows.
//!
//! Measured on Kubernetes 1.37.2 and etcd 3.7.3 by `tests/kubernetes/reload`, which takes what it expects from here, and on
//! 1.36.3, 1.35.4 and 1.34.4, of which a row says what they do otherwise.

/// When a component reads a file again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// For each new connection.
    EachHandshake,
    /// By itself, at most so many seconds after it was changed.
    Within(u32),
    /// Only when it is started again.
    AtStart,
}

impl Again {
    /// As people read it behind the component's name.
    pub fn words(self) -> String {
        match self {
            Self::EachHandshake => "reads it for each new connection".to_owned(),
            Self::Within(seconds) if seconds <= 60 => "reads it again within a minute".to_owned(),
            Self::Within(seconds) => format!("reads it again within {} minutes", seconds.div_ceil(60)),
            Self::AtStart => "reads it only when it starts".to_owned(),
        }
    }
}

/// What is known of some files of a component.
#[derive(Debug)]
pub struct ReloadRow {
    /// The component, as its binary is called.
    pub component: &'static str,
    /// Its flags without dashes, or fields by their dotted path, that name the files.
    pub names: &'static [&'static str],
    /// When it reads them again.
    pub again: Again,
    /// Where that is from.
    pub source: &'static str,
    /// What older versions do otherwise, in words; empty for nothing.
    pub older: &'static str,
}

const WATCHED: Again = Again::Within(60);
const WATCHES: &str = "kubernetes/apiserver: pkg/server/dynamiccertificates (a watch, and a look each minute)";
const STATIC_KEYS: &str =
    "kubernetes: pkg/serviceaccount/jwt.go, StaticPublicKeysGetter; pkg/kubeapiserver/options/authentication.go";
const EMBEDDED: &str = "kubernetes/client-go: rest/config.go; data in a kubeconfig is read once";
const ETCD: &str = "etcd: client/pkg/transport/listener.go (certificates per handshake, trusted CAs at start)";

/// The table.
pub static RELOADS: &[ReloadRow] = &[
    ReloadRow {
        component: "kube-apiserver",
        names: &[
            "tls-cert-file",
            "tls-private-key-file",
            "client-ca-file",
            "requestheader-client-ca-file",
            "proxy-client-cert-file",
            "proxy-client-key-file",
        ],
        again: WATCHED,
        source: WATCHES,
        older: "",
    },
    ReloadRow {
        component: "kube-apiserver",
        names: &["kubelet-client-certificate", "kubelet-client-key"],
        again: Again::EachHandshake,
        source: "kubernetes/client-go: transport/cert_rotation.go (connections that stand are ended within five minutes)",
        older: "",
    },
    ReloadRow {
        component: "kube-apiserver",
        names: &["kubelet-certificate-authority"],
        again: Again::Within(300),
        source: "kubernetes/client-go: transport/tls_cache.go, ClientsAllowCARotation (on since 1.36; before that at start)",
        older: "",
    },
    ReloadRow {
        component: "kube-apiserver",
        names: &["etcd-certfile", "etcd-keyfile"],
        again: Again::EachHandshake,
        source: ETCD,
        older: "",
    },
    ReloadRow { component: "kube-apiserver", names: &["etcd-cafile"], again: Again::AtStart, source: ETCD, older: "" },
    ReloadRow {
        component: "kube-apiserver",
        names: &["service-account-key-file", "service-account-signing-key-file"],
        again: Again::AtStart,
        source: STATIC_KEYS,
        older: "",
    },
    ReloadRow {
        component: "kube-controller-manager",
        names: &["tls-cert-file", "client-ca-file", "requestheader-client-ca-file"],
        again: WATCHED,
        source: WATCHES,
        older: "",
    },
    ReloadRow {
        component: "kube-controller-manager",
        names: &["cluster-signing-cert-file", "cluster-signing-key-file"],
        again: WATCHED,
        source: "kubernetes: pkg/controller/certificates/signer/ca_provider.go (exactly one certificate: with two nothing is signed, and a controller manager that is started then ends)",
        older: "",
    },
    ReloadRow {
        component: "kube-controller-manager",
        names: &["root-ca-file", "service-account-private-key-file"],
        again: Again::AtStart,
        source: "kubernetes: cmd/kube-controller-manager/app/certificates.go and controllermanager.go",
        older: "",
    },
    ReloadRow {
        component: "kube-controller-manager",
        names: &["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"],
        again: Again::AtStart,
        source: EMBEDDED,
        older: "",
    },
    ReloadRow {
        component: "kube-scheduler",
        names: &["tls-cert-file", "extension-apiserver-authentication"],
        again: WATCHED,
        source: WATCHES,
        older: "",
    },
    ReloadRow {
        component: "kube-scheduler",
        names: &["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"],
        again: Again::AtStart,
        source: EMBEDDED,
        older: "",
    },
    ReloadRow {
        component: "etcd",
        names: &["cert-file", "key-file", "peer-cert-file", "peer-key-file"],
        again: Again::EachHandshake,
        source: ETCD,
        older: "",
    },
    ReloadRow {
        component: "etcd",
        names: &["trusted-ca-file", "peer-trusted-ca-file"],
        again: Again::AtStart,
        source: ETCD,
        older: "",
    },
    ReloadRow {
        component: "kubelet",
        names: &["authentication.x509.clientCAFile"],
        again: WATCHED,
        source: WATCHES,
        older: "",
    },
    ReloadRow {
        component: "kubelet",
        names: &["tlsCertFile", "tlsPrivateKeyFile"],
        again: WATCHED,
        source: "kubernetes: pkg/kubelet/kubelet.go, ReloadKubeletServerCertificateFile; before 1.36 crypto/tls asks for the pair anew only where a caller names a server",
        older: "until Kubernetes 1.35 it goes on showing the old one to who calls it by address, as kube-apiserver does: systemctl restart kubelet",
    },
    ReloadRow { component: "kubelet", names: &["kubeconfig"], again: Again::AtStart, source: EMBEDDED, older: "" },
    ReloadRow { component: "kube-proxy", names: &["kubeconfig"], again: Again::AtStart, source: EMBEDDED, older: "" },
];

/// What is known of the file that a flag or field of a component names.
pub fn reload(component: &str, name: &str) -> Option<&'static ReloadRow> {
    RELOADS.iter().find(|row| row.component == component && row.names.contains(&name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::flags::FLAGS;

    #[test]
    fn each_flag_that_names_a_file_is_there_once() {
        let mut seen = BTreeSet::new();
        for row in RELOADS {
            for name in row.names {
                assert!(seen.insert((row.component, *name)), "{} {name} stands twice", row.component);
            }
        }
        for flag in FLAGS.iter().filter(|flag| !flag.value.ids().is_empty()) {
            assert!(seen.contains(&(flag.component, flag.name)), "{} {}", flag.component, flag.name);
        }
    }
}
