//! The designs of `tests/designs/`, read here with a YAML parser that the product does not use.

use std::fs;
use std::path::PathBuf;

use kubepki_core::spec::{self, Draft, Field, NodeDraft};
use kubepki_core::{ClusterSpec, Plan};
use serde_json::Value;

/// The folder of this package.
pub fn tests_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The file of a design.
pub fn file(name: &str) -> PathBuf {
    tests_folder().join("designs").join(format!("{name}.yaml"))
}

/// The names of all designs, sorted.
pub fn all() -> Vec<String> {
    let folder = tests_folder().join("designs");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = entries.filter_map(|entry| name(entry.ok()?.path())).collect();
    names.sort();
    names
}

/// A design as a draft.
pub fn draft(name: &str) -> Draft {
    let path = file(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    from_yaml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A draft without errors as a spec.
pub fn spec(draft: &Draft) -> ClusterSpec {
    let (spec, findings) = spec::parse(draft);
    spec.unwrap_or_else(|| panic!("the design has errors: {findings:#?}"))
}

/// The plan of a design.
pub fn plan(name: &str) -> Plan {
    kubepki_core::plan::plan(&spec(&draft(name)))
}

/// A draft from the text of a design file.
fn from_yaml(text: &str) -> Result<Draft, String> {
    let value: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let mut draft = Draft::default();
    let top = value.as_object().ok_or("not a mapping")?;
    for (key, value) in top {
        match (key.as_str(), value) {
            ("apiVersion", value) if *value == *spec::API_VERSION => {}
            ("kind", value) if *value == *spec::KIND => {}
            ("nodes", Value::Array(nodes)) => draft.nodes = nodes.iter().map(node).collect::<Result<_, _>>()?,
            (key, value) => put(&mut draft, key, value)?,
        }
    }
    Ok(draft)
}

/// A field, or a mapping of fields below a path.
fn put(draft: &mut Draft, path: &str, value: &Value) -> Result<(), String> {
    if let (None, Value::Object(inner)) = (Field::from_path(path), value) {
        return inner.iter().try_for_each(|(key, value)| put(draft, &format!("{path}.{key}"), value));
    }
    let field = Field::from_path(path).ok_or_else(|| format!("{path} is no field"))?;
    match value {
        Value::Array(items) => draft.set_list(field, items.iter().map(text).collect::<Result<_, _>>()?),
        value => draft.set_text(field, text(value)?),
    }
    Ok(())
}

fn node(value: &Value) -> Result<NodeDraft, String> {
    let list = |key: &str| -> Result<Vec<String>, String> {
        value[key].as_array().ok_or(format!("a node without {key}"))?.iter().map(text).collect()
    };
    Ok(NodeDraft { name: text(&value["name"])?, addresses: list("addresses")?, roles: list("roles")? })
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("{other} is neither text nor number")),
    }
}
