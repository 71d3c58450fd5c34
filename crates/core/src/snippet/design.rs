//! A draft as a design file: what differs from the defaults, and always name, version and nodes. The reader in
//! `kubepki-yaml` gives back the same draft, whatever text is in it.

use super::value::{Map, Value};
use crate::spec::draft::Value as FieldValue;
use crate::spec::{API_VERSION, Draft, FIELDS, Field, FieldKind, KIND};

/// Fields that are written even at their default: whoever reads the file wants to see them.
const ALWAYS: [Field; 2] = [Field::ClusterName, Field::KubernetesVersion];

/// The draft as the text of a design file.
pub fn design(draft: &Draft) -> String {
    let mut map = Map::new().with("apiVersion", API_VERSION).with("kind", KIND);
    for row in FIELDS.iter().filter(|row| ALWAYS.contains(&row.field) || !draft.is_default(row.field)) {
        match draft.value(row.field) {
            FieldValue::Text(text) => match text.parse::<u16>() {
                // A port that is one stands as a number, any other text as it was typed.
                Ok(port) if row.kind == FieldKind::Port && port.to_string() == *text => map.put(row.path, port),
                _ => map.put(row.path, text.as_str()),
            },
            FieldValue::List(items) => map.put(row.path, items.clone()),
        }
    }
    let nodes: Vec<Map> = draft
        .nodes
        .iter()
        .map(|node| {
            Map::new()
                .with("name", node.name.as_str())
                .with("addresses", Value::Short(node.addresses.clone()))
                .with("roles", Value::Short(node.roles.clone()))
        })
        .collect();
    map.put("nodes", nodes);
    map.to_yaml()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset::Preset;

    #[test]
    fn a_preset_as_people_would_write_it() {
        let text = design(&Preset::named("single").map(Preset::draft).unwrap_or_default());
        assert_eq!(
            text,
            "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: kubernetes\nkubernetesVersion: \"1.37\"\n\
             nodes:\n- name: cp-1\n  addresses: [192.168.1.10]\n  roles: [control-plane, worker]\n"
        );
    }
}
