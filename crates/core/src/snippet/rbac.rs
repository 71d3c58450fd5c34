//! What RBAC must be told when nobody runs `kubeadm init`: the plan's bindings as one file for `kubectl apply`.

use super::TextFile;
use super::value::Map;
use crate::plan::{Binding, Plan};

const GROUP: &str = "rbac.authorization.k8s.io";

/// The bindings of a plan that is started by hand; nothing when kubeadm makes them.
pub(super) fn rbac(plan: &Plan) -> Option<TextFile> {
    let bindings = plan.bindings();
    if bindings.is_empty() {
        return None;
    }
    let mut text = "# What kubeadm init would bind. Apply it once the API server answers.\n".to_owned();
    for (index, binding) in bindings.iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        text.push_str("# Without it, ");
        text.push_str(binding.row.without);
        text.push_str(".\n");
        text.push_str(&cluster_role_binding(binding).to_yaml());
    }
    Some(TextFile { path: "rbac.yaml".to_owned(), mode: 0o644, text })
}

fn cluster_role_binding(binding: &Binding<'_>) -> Map {
    let subject = Map::new().with("apiGroup", GROUP).with("kind", binding.kind).with("name", binding.subject);
    let role = Map::new().with("apiGroup", GROUP).with("kind", "ClusterRole").with("name", binding.row.role);
    Map::new()
        .with("apiVersion", "rbac.authorization.k8s.io/v1")
        .with("kind", "ClusterRoleBinding")
        .with("metadata", Map::new().with("name", binding.row.name))
        .with("roleRef", role)
        .with("subjects", vec![subject])
}
