//! Extra arguments: flags of components, in the form of either API.

use kubepki_core::catalog::flags::{FLAGS, told};
use kubepki_core::diag::Quoted;

use super::import::Import;
use super::rule;
use super::spot::Spot;
use super::walk::cannot;
use crate::tree::{Node, Value};

/// Flags beside the catalog's that change which certificate is shown, asked for or believed, each with what it does.
#[rustfmt::skip]
static OVERRIDES: &[(&str, &str, &str)] = &[
    ("kube-apiserver", "cert-dir", "where it makes a serving pair of its own"),
    ("kube-apiserver", "tls-sni-cert-key", "further serving certificates"),
    ("kube-apiserver", "etcd-servers", "which etcd it calls"),
    ("kube-apiserver", "service-account-issuer", "the issuer named in tokens"),
    ("kube-apiserver", "requestheader-allowed-names", "whose identity headers are believed"),
    ("kube-apiserver", "advertise-address", "the address it tells others"),
    ("kube-apiserver", "secure-port", "the port it listens on"),
    ("kube-apiserver", "service-cluster-ip-range", "the address that its certificate must name"),
    ("kube-controller-manager", "cluster-signing-duration", "how long the certificates it signs are valid"),
    ("kube-controller-manager", "tls-cert-file", "its serving certificate"),
    ("kube-controller-manager", "tls-private-key-file", "its serving key"),
    ("kube-scheduler", "tls-cert-file", "its serving certificate"),
    ("kube-scheduler", "tls-private-key-file", "its serving key"),
    ("etcd", "advertise-client-urls", "the address that API servers call; kubeadm puts it into --etcd-servers"),
    ("etcd", "listen-client-urls", "the addresses its certificate must name"),
    ("etcd", "initial-advertise-peer-urls", "the address that other members call"),
    ("kubelet", "hostname-override", "the node's name, which stands in its certificates"),
    ("kubelet", "kubeconfig", "who it is towards the API server"),
    ("kubelet", "bootstrap-kubeconfig", "how it asks for its first certificate"),
    ("kubelet", "cert-dir", "where it keeps its certificates"),
    ("kubelet", "client-ca-file", "whose clients are believed"),
    ("kubelet", "tls-cert-file", "its serving certificate"),
    ("kubelet", "tls-private-key-file", "its serving key"),
    ("kubelet", "rotate-certificates", "whether its client certificate is renewed"),
    ("kubelet", "rotate-server-certificates", "whether its serving certificate comes from the cluster CA"),
];

/// One extra argument: its name, and its value. One without a value has its own entry for it, which has no text.
struct Argument<'a> {
    name: &'a str,
    value: &'a Node,
}

/// What a flag changes about certificates; nothing for one that changes nothing.
pub(super) fn overrides(component: &str, flag: &str) -> Option<String> {
    let named =
        OVERRIDES.iter().find(|(of, name, _)| *of == component && *name == flag).map(|(_, _, what)| (*what).to_owned());
    named.or_else(|| {
        let row =
            FLAGS.iter().find(|row| row.component == component && row.name == flag && !row.value.ids().is_empty())?;
        Some(told(row).meaning.trim_end_matches('.').to_owned())
    })
}

impl Import {
    /// Extra arguments of a component of the control plane.
    pub(super) fn component_arguments(&mut self, spot: &Spot<'_>) {
        let component = match spot.path {
            "apiServer.extraArgs" => "kube-apiserver",
            "controllerManager.extraArgs" => "kube-controller-manager",
            "scheduler.extraArgs" => "kube-scheduler",
            _ => "etcd",
        };
        self.arguments(component, spot);
    }

    /// Extra arguments of the kubelet.
    pub(super) fn kubelet_arguments(&mut self, spot: &Spot<'_>) {
        self.arguments("kubelet", spot);
    }

    fn arguments(&mut self, component: &'static str, spot: &Spot<'_>) {
        for argument in self.listed(spot) {
            let path = format!("{}.{}", spot.path, argument.name);
            let value = Spot { path: &path, node: argument.value, ..*spot };
            match (component, argument.name) {
                ("kubelet", "node-ip") => self.node_ips(&value),
                (_, "tls-min-version") => self.lowest_version(component, &value),
                (_, "tls-cipher-suites") | ("etcd", "cipher-suites") => {
                    if let Some(message) = value.text().split(',').find_map(|suite| rule::cipher_suite(suite.trim())) {
                        self.error(&value, "kubeadm-value", message, "the component would not start");
                    }
                    self.hardening.suites(component, value.text().split(','), value.place());
                }
                (_, name) if name.starts_with('-') => {
                    let message = format!("the name {} begins with a dash", Quoted(name));
                    self.warn(
                        &value,
                        "kubeadm-argument-name",
                        message,
                        "names stand without dashes; kubeadm adds them",
                    );
                }
                (component, name) => self.leave(component, format!("--{name}"), Some(value.text()), &value),
            }
        }
    }

    /// The lowest TLS version, which etcd spells its own way.
    fn lowest_version(&mut self, component: &'static str, value: &Spot<'_>) {
        let text = match value.text().strip_prefix("TLS1.") {
            Some(minor) if component == "etcd" => format!("VersionTLS1{minor}"),
            _ => value.text().to_owned(),
        };
        if let Some(message) = rule::tls_version(&text) {
            self.error(value, "kubeadm-value", message, "the component would not start");
        }
        self.hardening.version(component, &text, value.place());
    }

    /// The arguments one by one, and what is wrong with their form.
    fn listed<'a>(&mut self, spot: &Spot<'a>) -> Vec<Argument<'a>> {
        let mut arguments = Vec::new();
        for (key, value) in spot.node.entries() {
            if self.is_text(spot, value, "string") {
                arguments.push(Argument { name: &key.text, value });
            }
        }
        for item in spot.node.items() {
            let name = item.key("name").and_then(Node::text).filter(|name| !name.is_empty());
            match (&item.value, name) {
                (Value::Map(_), Some(name)) => {
                    let value = item.key("value");
                    if value.is_none_or(|value| self.is_text(spot, value, "string")) {
                        arguments.push(Argument { name, value: value.unwrap_or(item) });
                    }
                }
                (Value::Map(_), None) => {
                    let spot = Spot { node: item, ..*spot };
                    self.error(&spot, "kubeadm-value", "argument has no name", "- name: …, value: …");
                }
                _ => drop(self.is_text(spot, item, "v1beta4.Arg")),
            }
        }
        arguments
    }

    /// Whether a value is the single text that Go's type asks for; if not, that is said.
    fn is_text(&mut self, spot: &Spot<'_>, value: &Node, go: &str) -> bool {
        let right = go == "string" && matches!(value.kind(), "string" | "null");
        if !right {
            let spot = Spot { node: value, ..*spot };
            let quote = format!("kubeadm wants quotes: \"{}\"", spot.text());
            let hint = match value.value {
                Value::Scalar { .. } if go == "string" => quote.as_str(),
                _ => "v1beta4 takes a list: - name: …, value: …",
            };
            self.error(&spot, "kubeadm-type", cannot(&spot, go), hint);
        }
        right
    }
}
