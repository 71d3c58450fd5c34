//! Nodes as `kubectl get nodes -o json` or `-o yaml` prints them. JSON is YAML, so one parser reads both.

use kubepki_core::diag::{Diagnostic, Position};
use kubepki_core::spec::parse::MOST_NODES;

use super::listed::{Listed, too_many};
use crate::load::{Skip, load};
use crate::text::Refusal;
use crate::tree::{Node, Value};

/// What is long in a Node and says nothing of its certificates.
pub(super) const SKIP: Skip = Skip {
    keys: &[
        "allocatable",
        "annotations",
        "capacity",
        "conditions",
        "config",
        "daemonEndpoints",
        "images",
        "managedFields",
        "nodeInfo",
        "ownerReferences",
        "runtimeHandlers",
        "volumesAttached",
        "volumesInUse",
    ],
    secrets: &[],
};
/// Labels that name roles (kubernetes.io/docs/reference/labels-annotations-taints).
const ROLE_LABEL: &str = "node-role.kubernetes.io/";
/// Put before JSON. Behind a key the parser hands out what it reads as it reads it; a mapping that begins a text it keeps
/// whole, for it might be a key.
const PREFIX: &str = "json: ";

/// Whether a document is a Node or a list of them.
pub(crate) fn is_nodes(root: &Node) -> bool {
    let kind = root.key("kind").and_then(Node::text);
    let items = root.key("items").map_or(&[][..], Node::items);
    match kind {
        Some("Node" | "NodeList") => true,
        Some("List") => items.iter().any(|item| item.key("kind").and_then(Node::text) == Some("Node")),
        _ => false,
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Reads JSON.
pub(super) fn json(text: &str, file: &str, listed: &mut Vec<Listed>) -> Vec<Diagnostic> {
    let (documents, found) = load(&format!("{PREFIX}{}", text.trim_start()), SKIP);
    let skipped = crate::text::end_of(&text[..text.len() - text.trim_start().len()]);
    let mut all = found;
    let before = listed.len();
    for document in &documents {
        match document.root.key("json") {
            Some(root) => all.extend(nodes(root, file, listed)),
            None => all.extend(nodes(&document.root, file, listed)),
        }
    }
    // Back to the places of the text without the prefix.
    let shift = |position: &mut Position| {
        if position.line == 1 {
            let prefix = crate::text::number(PREFIX.len());
            position.column = position.column.saturating_sub(prefix).max(1) + skipped.column - 1;
        }
        position.line += skipped.line - 1;
    };
    all.iter_mut().filter_map(|one| one.position.as_mut()).for_each(shift);
    for one in &mut listed[before..] {
        one.places().for_each(shift);
    }
    all
}

/// The nodes in a document; what is wrong with it is returned.
pub(super) fn nodes(root: &Node, file: &str, listed: &mut Vec<Listed>) -> Vec<Diagnostic> {
    if !is_nodes(root) {
        let kind = root.key("kind").and_then(Node::text).unwrap_or("nothing of Kubernetes");
        let message = format!("this is {kind}, not a list of nodes");
        return vec![
            Diagnostic::error("nodes-kind", "nodes", message).with_hint("kubectl get nodes -o json").at(root.at),
        ];
    }
    let items = match root.key("items") {
        Some(items) => items.items(),
        None => std::slice::from_ref(root),
    };
    let mut found = Vec::new();
    for item in items {
        if listed.len() >= MOST_NODES {
            found.push(too_many(item.at));
            break;
        }
        match node(item) {
            Ok(node) => listed.push(Listed { file: file.to_owned(), ..node }),
            Err(problem) => found.push(*problem),
        }
    }
    found
}

/// One Node object.
fn node(item: &Node) -> Result<Listed, Refusal> {
    let wrong =
        |message: String, hint: &str| Diagnostic::error("nodes-object", "nodes", message).with_hint(hint).at(item.at);
    let Some(name) = item.path("metadata.name").filter(|name| name.text().is_some()) else {
        return Err(wrong("a Node without metadata.name".to_owned(), "kubectl get nodes -o json").into());
    };
    let text = |node: &Node| (node.text().unwrap_or_default().to_owned(), Some(node.at));
    let addresses = |kind: &str| -> Vec<(String, Option<Position>)> {
        let all = item.path("status.addresses").map_or(&[][..], Node::items).iter();
        let of_kind = all.filter(|one| one.key("type").and_then(Node::text) == Some(kind));
        of_kind.filter_map(|one| one.key("address")).map(text).collect()
    };
    // The API server dials internal addresses first (kubeadm: --kubelet-preferred-address-types).
    let internal = addresses("InternalIP");
    let addresses = if internal.is_empty() { addresses("ExternalIP") } else { internal };
    if addresses.is_empty() {
        let message = format!("the Node {} has no InternalIP", name.text().unwrap_or_default());
        return Err(wrong(message, "give its address by hand: name address role").into());
    }
    Ok(Listed { at: Some(item.at), name: text(name), addresses, roles: roles(item), ..Listed::default() })
}

/// The roles that a Node's labels name. A control plane without its taint runs workloads too.
fn roles(item: &Node) -> Vec<(String, Option<Position>)> {
    let mut roles = Vec::<(String, Option<Position>)>::new();
    for (key, _) in item.path("metadata.labels").map_or(&[][..], Node::entries) {
        let role = match key.text.strip_prefix(ROLE_LABEL) {
            Some("control-plane" | "master") => "control-plane",
            Some("etcd") => "etcd",
            Some("worker") => "worker",
            _ => continue,
        };
        if !roles.iter().any(|(there, _)| there == role) {
            roles.push((role.to_owned(), Some(key.at)));
        }
    }
    let tainted = item.path("spec.taints").map_or(&[][..], Node::items).iter().any(|taint| {
        matches!(&taint.value, Value::Map(_))
            && taint.key("key").and_then(Node::text).is_some_and(|key| key.starts_with(ROLE_LABEL))
    });
    let has = |role: &str| roles.iter().any(|(there, _)| there == role);
    if has("control-plane") && !has("worker") && !tainted {
        roles.push(("worker".to_owned(), Some(item.at)));
    }
    if roles.is_empty() {
        roles.push(("worker".to_owned(), Some(item.at)));
    }
    roles
}
