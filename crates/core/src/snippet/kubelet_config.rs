//! The kubelet's configuration file, from the flags that stand in it
//! (kubelet.config.k8s.io/v1beta1; kubeadm: componentconfigs/kubelet.go).

use super::component::Component;
use super::file::TextFile;
use super::value::{Map, Value};
use crate::catalog::flags::Place;
use crate::plan::{FlagValue, Plan};

/// What a field holds.
enum Kind {
    Text,
    Flag,
    Number,
    List,
}

/// The fields that flag rows may name (kubernetes/kubelet: config/v1beta1/types.go).
static FIELDS: &[(&str, Kind)] = &[
    ("authentication.anonymous.enabled", Kind::Flag),
    ("authentication.webhook.enabled", Kind::Flag),
    ("authentication.x509.clientCAFile", Kind::Text),
    ("authorization.mode", Kind::Text),
    ("clusterDNS", Kind::List),
    ("clusterDomain", Kind::Text),
    ("readOnlyPort", Kind::Number),
    ("rotateCertificates", Kind::Flag),
    ("serverTLSBootstrap", Kind::Flag),
    ("staticPodPath", Kind::Text),
    ("tlsCertFile", Kind::Text),
    ("tlsCipherSuites", Kind::List),
    ("tlsMinVersion", Kind::Text),
    ("tlsPrivateKeyFile", Kind::Text),
];

/// A field's text as the value its kind asks for.
pub(super) fn value(name: &str, text: &str) -> Value {
    match FIELDS.iter().find(|(field, _)| *field == name).map(|(_, kind)| kind) {
        Some(Kind::Flag) => Value::Flag(text == "true"),
        Some(Kind::Number) => text.parse::<u64>().map_or_else(|_| text.into(), Value::Number),
        Some(Kind::List) => text.split(',').map(str::to_owned).collect::<Vec<_>>().into(),
        Some(Kind::Text) | None => text.into(),
    }
}

/// The configuration of the kubelet on a node; nothing for another component.
pub(super) fn kubelet_config(plan: &Plan, component: &Component<'_>) -> Option<TextFile> {
    if component.name != "kubelet" {
        return None;
    }
    let mut map = Map::new().with("apiVersion", "kubelet.config.k8s.io/v1beta1").with("kind", "KubeletConfiguration");
    for flag in component.flags.iter().filter(|flag| flag.row.place == Place::KubeletConfig) {
        if let FlagValue::Set(text) = &flag.value {
            map.put(flag.row.name, value(flag.row.name, text));
        }
    }
    // As kubeadm sets it; the kubelet's own default does not go with systemd.
    map.put("cgroupDriver", "systemd");
    let purpose = "the kubelet reads it with --config=/var/lib/kubelet/config.yaml";
    Some(TextFile {
        path: component.path("kubelet-config.yaml"),
        mode: 0o644,
        text: format!(
            "# kubelet on {}, Kubernetes {}: {purpose}.\n{}",
            component.node.name,
            plan.spec.version,
            map.to_yaml()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::flags::FLAGS;

    #[test]
    fn every_field_that_a_row_names_has_a_kind() {
        for row in FLAGS.iter().filter(|row| row.place == Place::KubeletConfig) {
            assert!(FIELDS.iter().any(|(field, _)| *field == row.name), "{}", row.name);
        }
    }
}
