//! What the user's own kubeadm file decides, where the design cannot know: the one place that says so. Every view that
//! speaks of a flag, a check or a connection asks here first.

use super::connections::{Decider, Part, Told};
use crate::spec::ClusterSpec;

/// What decides the same as a setting under another name: component, setting (empty for all of them), and the others, each
/// without dashes (kubernetes.io: command-line-tools-reference; etcd: server/etcdmain/help.go).
#[rustfmt::skip]
static ALSO: &[(&str, &str, &[&str])] = &[
    ("kube-apiserver", "anonymous-auth", &["authentication-config"]),
    ("kube-apiserver", "authorization-mode", &["authorization-config"]),
    ("kube-apiserver", "enable-admission-plugins", &["disable-admission-plugins"]),
    ("kube-apiserver", "etcd-servers", &["etcd-servers-overrides"]),
    ("kube-apiserver", "service-account-key-file", &["service-account-signing-endpoint"]),
    ("kube-apiserver", "service-account-signing-key-file", &["service-account-signing-endpoint"]),
    ("kube-scheduler", "kubeconfig", &["config"]),
    ("kube-scheduler", "leader-elect", &["config"]),
    ("etcd", "", &["config-file"]),
    ("kubelet", "", &["config", "config-dir"]),
    ("kubelet", "authentication.anonymous.enabled", &["anonymous-auth"]),
    ("kubelet", "authentication.webhook.enabled", &["authentication-token-webhook"]),
    ("kubelet", "authentication.x509.clientCAFile", &["client-ca-file"]),
    ("kubelet", "authorization.mode", &["authorization-mode"]),
    ("kubelet", "clusterDNS", &["cluster-dns"]),
    ("kubelet", "clusterDomain", &["cluster-domain"]),
    ("kubelet", "featureGates", &["feature-gates"]),
    ("kubelet", "readOnlyPort", &["read-only-port"]),
    ("kubelet", "rotateCertificates", &["rotate-certificates"]),
    ("kubelet", "serverTLSBootstrap", &["rotate-server-certificates"]),
    ("kubelet", "staticPodPath", &["pod-manifest-path"]),
    ("kubelet", "tlsCertFile", &["tls-cert-file"]),
    ("kubelet", "tlsCipherSuites", &["tls-cipher-suites"]),
    ("kubelet", "tlsMinVersion", &["tls-min-version"]),
    ("kubelet", "tlsPrivateKeyFile", &["tls-private-key-file"]),
];

/// kubeadm's own settings that can change every setting of a component: its patches (kubeadm: util/patches/patches.go,
/// knownTargets), and for etcd the environment, where it reads each flag as `ETCD_NAME` (etcd: pkg/flags/flag.go).
static WHOLE: &[(&str, &[&str])] = &[
    ("patches", &["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet"]),
    ("etcd.local.extraEnvs", &["etcd"]),
];

/// Whether one is the other, or stands below it.
fn within(one: &str, other: &str) -> bool {
    one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What of the user's own kubeadm file decides a component's flag (without dashes) or field: the file's setting, as
/// [`crate::spec::Field::AlsoSets`] has it. Nothing where the plan's value is the cluster's.
pub fn decided<'a>(spec: &'a ClusterSpec, component: &str, name: &str) -> Option<&'a str> {
    spec.also_sets.iter().map(String::as_str).find(|entry| {
        let (of, setting) = entry.split_once(' ').unwrap_or_default();
        let setting = setting.trim_start_matches("--");
        let also = || {
            ALSO.iter().any(|(owner, what, others)| {
                *owner == component && (what.is_empty() || within(name, what)) && others.contains(&setting)
            })
        };
        let whole = || WHOLE.iter().any(|(what, of)| within(setting, what) && of.contains(&component));
        (of == component && (within(name, setting) || within(setting, name) || also())) || (of == "kubeadm" && whole())
    })
}

/// The same of a setting as the file's are written: `etcd --cert-file`.
pub fn decided_setting<'a>(spec: &'a ClusterSpec, setting: &str) -> Option<&'a str> {
    let (component, name) = setting.split_once(' ')?;
    decided(spec, component, name.trim_start_matches("--"))
}

/// What of the file decides a part of what is told about a connection.
pub fn decided_part<'a>(spec: &'a ClusterSpec, told: &Told, part: Part) -> Option<&'a str> {
    decided_by(spec, told.decided_by.iter().filter(|decider| decider.part == part))
}

/// What of the file is among what decides something.
pub fn decided_by(spec: &ClusterSpec, deciders: impl IntoIterator<Item = &'static Decider>) -> Option<&str> {
    let settings = deciders.into_iter().flat_map(|decider| decider.settings);
    settings.into_iter().find_map(|setting| decided_setting(spec, setting))
}

/// What is said in place of a value, a pass or a failure.
pub fn sentence(entry: &str) -> String {
    format!("your own kubeadm file sets {entry}: look there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;
    use crate::spec::{Field, parse};

    fn spec(entries: &[&str]) -> ClusterSpec {
        let mut draft = Preset::named("single").expect("preset").draft();
        draft.set_list(Field::AlsoSets, entries.iter().map(|&one| one.to_owned()).collect());
        parse(&draft).0.expect("a design")
    }

    #[test]
    fn a_setting_decides_its_own_flag_what_stands_below_it_and_what_it_replaces() {
        for (entry, component, name) in [
            ("kube-apiserver --authorization-mode", "kube-apiserver", "authorization-mode"),
            ("kube-apiserver --authorization-config", "kube-apiserver", "authorization-mode"),
            ("kubelet authentication", "kubelet", "authentication.anonymous.enabled"),
            ("kubelet --anonymous-auth", "kubelet", "authentication.anonymous.enabled"),
            ("kubelet --feature-gates", "kubelet", "featureGates.RotateKubeletServerCertificate"),
            ("etcd --config-file", "etcd", "auto-tls"),
            ("kubeadm patches.directory", "kube-scheduler", "bind-address"),
            ("kubeadm etcd.local.extraEnvs", "etcd", "client-cert-auth"),
            ("kubeadm discovery.file.kubeConfigPath", "kubeadm", "discovery.file"),
        ] {
            assert_eq!(decided(&spec(&["kubeadm skipPhases", entry]), component, name), Some(entry), "{entry}");
        }
        for (entry, component, name) in [
            ("kube-apiserver --authorization-mode", "kubelet", "authorization.mode"),
            ("kube-apiserver --audit-log-path", "kube-apiserver", "audit"),
            ("kubelet maxPods", "kubelet", "readOnlyPort"),
            ("kubeadm patches.directory", "kube-proxy", "mode"),
            ("kubeadm etcd.local.extraEnvs", "kube-apiserver", "etcd-cafile"),
        ] {
            assert_eq!(decided(&spec(&[entry]), component, name), None, "{entry}");
        }
    }
}
