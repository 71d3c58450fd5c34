//! The checks of the CIS Kubernetes Benchmark that concern certificates, keys, kubeconfigs and what decides about them:
//! one row each, in our own words. Ids are those of v1.12 (Kubernetes 1.32 to 1.34, as kube-bench encodes them); ids
//! move between versions of the benchmark, so those of v1.5.0, which older talks name, stand beside them.

/// What a check reads, and what it asks of that.
#[derive(Debug)]
pub enum Asks {
    /// These flags of a component are set.
    Set(&'static str, &'static [&'static str]),
    /// A flag of a component has a value, or one of several with commas between them.
    Has(&'static str, &'static str, &'static str),
    /// A flag of a component is not set, or not to this value.
    Not(&'static str, &'static str, &'static str),
    /// Files of these certificates, in these forms, have at most this mode.
    Mode(Files, u32),
    /// The same belong to root:root.
    Owner(Files),
    /// etcd's certificates come from a CA that signs nothing else.
    OwnEtcdCa,
    /// The TLS 1.2 cipher suites are all strong ones.
    Ciphers(&'static str, &'static str),
    /// Somebody must look: what at.
    Look(&'static str),
    /// Somebody must look at etcd's data folder.
    DataFolder,
}

impl Asks {
    /// The settings that decide it, each as [`crate::spec::Field::AlsoSets`] has it.
    pub fn decided_by(&self) -> Vec<String> {
        let of = |component: &str, name: &str| format!("{component} {name}");
        let all = |settings: &[&str]| settings.iter().map(|&one| one.to_owned()).collect();
        match self {
            Self::Set(component, names) => names.iter().map(|name| of(component, name)).collect(),
            Self::Has(component, name, _) | Self::Not(component, name, _) | Self::Ciphers(component, name) => {
                vec![of(component, name)]
            }
            Self::Mode(files, _) | Self::Owner(files) => all(files.decided_by()),
            Self::OwnEtcdCa => all(&["etcd trusted-ca-file", "etcd peer-trusted-ca-file", "etcd cert-file"]),
            Self::Look(at) => vec![(*at).to_owned()],
            Self::DataFolder => all(&["etcd data-dir", ROOTLESS]),
        }
    }
}

/// With this gate kubeadm gives files to other users than root (kubeadm: util/users/users_linux.go).
const ROOTLESS: &str = "kubeadm featureGates.RootlessControlPlane";

impl Files {
    /// The settings that decide where they are and whose.
    fn decided_by(self) -> &'static [&'static str] {
        match self {
            Self::Kubeconfigs(ids) if ids == ["kube-proxy"] => &["kube-proxy clientConnection"],
            Self::Kubeconfigs(_) => &[ROOTLESS],
            Self::All | Self::Certificates | Self::Keys => &["kubeadm certificatesDir", ROOTLESS],
            Self::ClientCa => &["kubeadm certificatesDir", "kubelet authentication.x509.clientCAFile", ROOTLESS],
        }
    }
}

/// Which files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// The kubeconfigs of these ids.
    Kubeconfigs(&'static [&'static str]),
    /// Everything in the PKI folder.
    All,
    /// Certificates.
    Certificates,
    /// Private keys.
    Keys,
    /// The CA that kubelets believe clients by.
    ClientCa,
}

/// One check.
#[derive(Debug)]
pub struct CisRow {
    /// Its id in v1.12.
    pub id: &'static str,
    /// Its id in v1.5.0; empty where it had none.
    pub older: &'static str,
    /// What it asks, in our words.
    pub title: &'static str,
    /// What is read.
    pub asks: Asks,
    /// The change that satisfies it.
    pub change: &'static str,
}

impl CisRow {
    /// Its older id, where that is another.
    pub fn other_id(&self) -> Option<&'static str> {
        Some(self.older).filter(|older| !older.is_empty() && *older != self.id)
    }
}

/// The version whose ids count.
pub const VERSION: &str = "1.12";
/// The older version.
pub const OLDER: &str = "1.5.0";
/// Where all this is from.
pub const SOURCE: &str = "CIS Kubernetes Benchmark v1.12, as encoded in kube-bench cfg/cis-1.12";

use Asks::{Has, Look, Mode, Not, Owner, Set};

const API: &str = "kube-apiserver";
const MANAGER: &str = "kube-controller-manager";
const INSTALL: &str = "Install with install.sh, which sets modes and owners, or use the commands of the Commands view.";
const BY_DESIGN: &str = "The plan sets it: take the manifests of the export.";
const UNPLANNED: &str = "Not a file of this PKI: kubeadm writes it so. Look on the node: stat -c '%a %U:%G' FILE.";

const fn row(id: &'static str, older: &'static str, title: &'static str, asks: Asks, change: &'static str) -> CisRow {
    CisRow { id, older, title, asks, change }
}

/// The table, in the benchmark's order.
#[rustfmt::skip]
pub static CIS: &[CisRow] = &[
    row("1.1.1", "1.1.1", "The API server's manifest is for root alone (600)", Look("/etc/kubernetes/manifests/kube-apiserver.yaml"), UNPLANNED),
    row("1.1.2", "1.1.2", "The API server's manifest belongs to root:root", Look("/etc/kubernetes/manifests/kube-apiserver.yaml"), UNPLANNED),
    row("1.1.3", "1.1.3", "The controller manager's manifest is for root alone (600)", Look("/etc/kubernetes/manifests/kube-controller-manager.yaml"), UNPLANNED),
    row("1.1.4", "1.1.4", "The controller manager's manifest belongs to root:root", Look("/etc/kubernetes/manifests/kube-controller-manager.yaml"), UNPLANNED),
    row("1.1.5", "1.1.5", "The scheduler's manifest is for root alone (600)", Look("/etc/kubernetes/manifests/kube-scheduler.yaml"), UNPLANNED),
    row("1.1.6", "1.1.6", "The scheduler's manifest belongs to root:root", Look("/etc/kubernetes/manifests/kube-scheduler.yaml"), UNPLANNED),
    row("1.1.7", "1.1.7", "etcd's manifest is for root alone (600)", Look("/etc/kubernetes/manifests/etcd.yaml"), UNPLANNED),
    row("1.1.8", "1.1.8", "etcd's manifest belongs to root:root", Look("/etc/kubernetes/manifests/etcd.yaml"), UNPLANNED),
    row("1.1.11", "1.1.11", "etcd's data folder is for its owner alone (700)", Asks::DataFolder, "chmod 700 on it: it holds every Secret."),
    row("1.1.12", "1.1.12", "etcd's data folder belongs to etcd:etcd", Asks::DataFolder, "kubeadm runs etcd as root, so this fails unless the RootlessControlPlane feature is on."),
    row("1.1.13", "1.1.13", "admin.conf and super-admin.conf are for root alone (600)", Mode(Files::Kubeconfigs(&["admin.conf", "super-admin.conf"]), 0o600), INSTALL),
    row("1.1.14", "1.1.14", "admin.conf and super-admin.conf belong to root:root", Owner(Files::Kubeconfigs(&["admin.conf", "super-admin.conf"])), INSTALL),
    row("1.1.15", "1.1.15", "scheduler.conf is for root alone (600)", Mode(Files::Kubeconfigs(&["scheduler.conf"]), 0o600), INSTALL),
    row("1.1.16", "1.1.16", "scheduler.conf belongs to root:root", Owner(Files::Kubeconfigs(&["scheduler.conf"])), INSTALL),
    row("1.1.17", "1.1.17", "controller-manager.conf is for root alone (600)", Mode(Files::Kubeconfigs(&["controller-manager.conf"]), 0o600), INSTALL),
    row("1.1.18", "1.1.18", "controller-manager.conf belongs to root:root", Owner(Files::Kubeconfigs(&["controller-manager.conf"])), INSTALL),
    row("1.1.19", "1.1.19", "The PKI folder and all in it belong to root:root", Owner(Files::All), INSTALL),
    row("1.1.20", "1.1.20", "Certificates can be written by root alone (644 or less)", Mode(Files::Certificates, 0o644), INSTALL),
    row("1.1.21", "1.1.21", "Private keys are for root alone (600)", Mode(Files::Keys, 0o600), INSTALL),
    row("1.2.1", "1.2.1", "Nobody is let in without a credential", Has(API, "anonymous-auth", "false"), "--anonymous-auth=false, or better a list of paths in the file of --authentication-config: health checks and kubeadm join need some."),
    row("1.2.2", "1.2.3", "There is no file of tokens", Not(API, "token-auth-file", ""), BY_DESIGN),
    row("1.2.4", "1.2.5", "The API server has a client certificate for kubelets", Set(API, &["kubelet-client-certificate", "kubelet-client-key"]), BY_DESIGN),
    row("1.2.5", "1.2.6", "The API server checks the kubelets' certificates", Set(API, &["kubelet-certificate-authority"]), "Sign the kubelets' serving certificates first (design: start manual, kubelet.serving clusterCA), then set it. kubeadm leaves it out."),
    row("1.2.6", "1.2.7", "Not everything is allowed to everybody", Not(API, "authorization-mode", "AlwaysAllow"), BY_DESIGN),
    row("1.2.7", "1.2.8", "Nodes are limited to what is theirs", Has(API, "authorization-mode", "Node"), BY_DESIGN),
    row("1.2.8", "1.2.9", "RBAC decides", Has(API, "authorization-mode", "RBAC"), BY_DESIGN),
    row("1.2.14", "1.2.17", "A kubelet changes its own node alone", Has(API, "enable-admission-plugins", "NodeRestriction"), BY_DESIGN),
    row("1.2.21", "1.2.27", "Tokens of deleted accounts are refused", Not(API, "service-account-lookup", "false"), BY_DESIGN),
    row("1.2.22", "1.2.28", "Tokens are checked with a key of their own", Set(API, &["service-account-key-file"]), BY_DESIGN),
    row("1.2.23", "1.2.29", "The API server has a client certificate for etcd", Set(API, &["etcd-certfile", "etcd-keyfile"]), BY_DESIGN),
    row("1.2.24", "1.2.30", "The API server has a serving certificate", Set(API, &["tls-cert-file", "tls-private-key-file"]), BY_DESIGN),
    row("1.2.25", "1.2.31", "Client certificates are checked with a CA", Set(API, &["client-ca-file"]), BY_DESIGN),
    row("1.2.26", "1.2.32", "The API server checks etcd's certificate", Set(API, &["etcd-cafile"]), BY_DESIGN),
    row("1.2.27", "1.2.33", "Secrets are encrypted in etcd", Look("kube-apiserver --encryption-provider-config"), "Write an EncryptionConfiguration and name it; its key is another secret to guard."),
    row("1.2.28", "1.2.34", "Secrets are encrypted by a sound provider", Look("the providers in that file"), "aescbc, secretbox or kms, not identity first."),
    row("1.2.29", "1.2.35", "The API server offers strong cipher suites alone", Asks::Ciphers(API, "tls-cipher-suites"), "Design: hardening.cipherSuites; they must fit the kind of key."),
    row("1.2.30", "", "Tokens of Pods are not prolonged to a year", Has(API, "service-account-extend-token-expiration", "false"), "--service-account-extend-token-expiration=false, once no old client reads its token only once."),
    row("1.3.3", "1.3.3", "Each controller has an account of its own", Has(MANAGER, "use-service-account-credentials", "true"), BY_DESIGN),
    row("1.3.4", "1.3.4", "The controller manager signs tokens with a key of its own", Set(MANAGER, &["service-account-private-key-file"]), BY_DESIGN),
    row("1.3.5", "1.3.5", "Pods are given the cluster CA", Set(MANAGER, &["root-ca-file"]), BY_DESIGN),
    row("1.3.6", "1.3.6", "Kubelets' serving certificates can rotate", Not(MANAGER, "feature-gates", "RotateKubeletServerCertificate=false"), "Leave the feature gate on, as it is by default."),
    row("1.3.7", "1.3.7", "The controller manager listens on loopback alone", Has(MANAGER, "bind-address", "127.0.0.1"), BY_DESIGN),
    row("1.4.2", "1.4.2", "The scheduler listens on loopback alone", Has("kube-scheduler", "bind-address", "127.0.0.1"), BY_DESIGN),
    row("2.1", "2.1", "etcd has a serving certificate", Set("etcd", &["cert-file", "key-file"]), BY_DESIGN),
    row("2.2", "2.2", "etcd asks its clients for certificates", Has("etcd", "client-cert-auth", "true"), BY_DESIGN),
    row("2.3", "2.3", "etcd does not make its own certificate", Not("etcd", "auto-tls", "true"), BY_DESIGN),
    row("2.4", "2.4", "etcd has a peer certificate", Set("etcd", &["peer-cert-file", "peer-key-file"]), BY_DESIGN),
    row("2.5", "2.5", "etcd asks its peers for certificates", Has("etcd", "peer-client-cert-auth", "true"), BY_DESIGN),
    row("2.6", "2.6", "etcd does not make its own peer certificate", Not("etcd", "peer-auto-tls", "true"), BY_DESIGN),
    row("2.7", "2.7", "etcd has a CA of its own", Asks::OwnEtcdCa, "Design: trust by separate CAs. Whatever the CA of etcd signs for clients can read every Secret."),
    row("3.1.1", "3.1.1", "People do not use client certificates", Look("who has admin.conf, and who was given certificates"), "Give people identities by OIDC; Kubernetes cannot revoke a certificate."),
    row("3.1.2", "", "People do not use tokens of service accounts", Look("kubectl get secrets -A --field-selector type=kubernetes.io/service-account-token"), "The same."),
    row("3.1.3", "", "People do not use bootstrap tokens", Look("kubeadm token list"), "Delete tokens once nodes have joined: kubeadm token delete."),
    row("4.1.1", "4.1.1", "The kubelet's unit is for root alone (600)", Look("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"), UNPLANNED),
    row("4.1.2", "4.1.2", "The kubelet's unit belongs to root:root", Look("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"), UNPLANNED),
    row("4.1.3", "4.1.3", "kube-proxy's kubeconfig is for root alone (600), if it is a file", Mode(Files::Kubeconfigs(&["kube-proxy"]), 0o600), INSTALL),
    row("4.1.4", "4.1.4", "kube-proxy's kubeconfig belongs to root:root", Owner(Files::Kubeconfigs(&["kube-proxy"])), INSTALL),
    row("4.1.5", "4.1.5", "kubelet.conf is for root alone (600)", Mode(Files::Kubeconfigs(&["kubelet.conf"]), 0o600), INSTALL),
    row("4.1.6", "4.1.6", "kubelet.conf belongs to root:root", Owner(Files::Kubeconfigs(&["kubelet.conf"])), INSTALL),
    row("4.1.7", "4.1.7", "The CA that kubelets believe clients by can be written by root alone (644)", Mode(Files::ClientCa, 0o644), INSTALL),
    row("4.1.8", "4.1.8", "The CA that kubelets believe clients by belongs to root:root", Owner(Files::ClientCa), INSTALL),
    row("4.1.9", "4.1.9", "The kubelet's configuration is for root alone (600)", Look("/var/lib/kubelet/config.yaml"), "kubeadm writes 644: chmod 600 /var/lib/kubelet/config.yaml."),
    row("4.1.10", "4.1.10", "The kubelet's configuration belongs to root:root", Look("/var/lib/kubelet/config.yaml"), UNPLANNED),
    row("4.2.1", "4.2.1", "Nobody calls a kubelet without a credential", Has("kubelet", "authentication.anonymous.enabled", "false"), BY_DESIGN),
    row("4.2.2", "4.2.2", "A kubelet does not allow everything", Not("kubelet", "authorization.mode", "AlwaysAllow"), BY_DESIGN),
    row("4.2.3", "4.2.3", "A kubelet checks client certificates with a CA", Set("kubelet", &["authentication.x509.clientCAFile"]), BY_DESIGN),
    row("4.2.4", "4.2.4", "The read-only port is off", Has("kubelet", "readOnlyPort", "0"), BY_DESIGN),
    row("4.2.7", "4.2.8", "A node's name is not overridden", Not("kubelet", "hostname-override", ""), "The name in its certificate is the name of its node: leave --hostname-override out."),
    row("4.2.9", "4.2.10", "Kubelets have serving certificates from outside", Set("kubelet", &["tlsCertFile", "tlsPrivateKeyFile"]), "Design: start manual and kubelet.serving clusterCA. With serverTLSBootstrap the kubelet fetches its own instead, and leaves these out rightly."),
    row("4.2.10", "4.2.11", "Kubelets' client certificates rotate", Has("kubelet", "rotateCertificates", "true"), BY_DESIGN),
    row("4.2.11", "4.2.12", "Kubelets' serving certificates can rotate", Not("kubelet", "featureGates.RotateKubeletServerCertificate", "false"), "Leave the feature gate on, as it is by default; serverTLSBootstrap makes use of it."),
    row("4.2.12", "4.2.13", "Kubelets offer strong cipher suites alone", Asks::Ciphers("kubelet", "tlsCipherSuites"), "Design: hardening.cipherSuites; they must fit the kind of key."),
];

/// A check by its id, or by `1.5.0:ID`.
pub fn find(id: &str) -> Option<&'static CisRow> {
    match id.split_once(':') {
        Some((version, older)) if version == OLDER => CIS.iter().find(|row| row.older == older),
        Some(_) => None,
        None => CIS.iter().find(|row| row.id == id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_and_old_ones_lead_to_one_row() {
        for (index, row) in CIS.iter().enumerate() {
            assert!(!CIS[index + 1..].iter().any(|other| other.id == row.id), "{}", row.id);
            let twice = CIS[index + 1..].iter().any(|other| !row.older.is_empty() && other.older == row.older);
            assert!(!twice, "{}", row.older);
            assert!(row.change.ends_with('.') && !row.title.is_empty());
        }
        // What a talk of 2019 shows.
        for (older, now) in
            [("1.2.6", "1.2.5"), ("1.2.29", "1.2.23"), ("1.2.30", "1.2.24"), ("4.2.10", "4.2.9"), ("4.2.12", "4.2.11")]
        {
            assert_eq!(find(&format!("{OLDER}:{older}")).map(|row| row.id), Some(now));
        }
    }
}
