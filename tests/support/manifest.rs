//! Exported manifests: the command lines that the product says to start components with.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::export::Export;

/// The flags of a component on a node, from the exported static Pod: names without dashes, in order.
///
/// # Panics
/// When the export has no such manifest.
#[track_caller]
pub fn flags(export: &Export, node: usize, component: &str) -> Vec<(String, String)> {
    let name = &export.plan.spec.nodes[node].name;
    let path = export.folder.join(format!("manifests/{name}/{component}.yaml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let pod: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let command = pod["spec"]["containers"][0]["command"].as_array().cloned().unwrap_or_default();
    let arguments = command.iter().filter_map(Value::as_str).skip(1);
    arguments
        .map(|argument| argument.trim_start_matches('-').split_once('=').expect("arguments are --name=value"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The same by name, with files of the node where they stand in the export.
#[track_caller]
pub fn values(export: &Export, node: usize, component: &str) -> BTreeMap<String, String> {
    let flags = flags(export, node, component).into_iter();
    flags.map(|(name, value)| (name, in_export(export, node, &value))).collect()
}

/// A file of a node where it stands in the export; anything else as it is.
pub fn in_export(export: &Export, node: usize, value: &str) -> String {
    let path: PathBuf = export.node(node).join(value.trim_start_matches('/'));
    if value.starts_with('/') && path.is_file() { path.to_string_lossy().into_owned() } else { value.to_owned() }
}
