//! What differs between two designs, in words.

use kubepki_core::spec::draft::Value;
use kubepki_core::spec::{Draft, FIELDS, NodeDraft};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What differs: a field's label, or a node.
    pub(crate) what: String,
    /// How it was.
    pub(crate) before: String,
    /// How it is.
    pub(crate) after: String,
}

/// What differs between two designs, fields first.
pub(crate) fn differences(before: &Draft, after: &Draft) -> Vec<Difference> {
    let mut found = Vec::new();
    for row in FIELDS {
        let (old, new) = (before.value(row.field), after.value(row.field));
        if old != new {
            found.push(Difference { what: row.label.to_owned(), before: value_text(old), after: value_text(new) });
        }
    }
    let old = |name: &str| before.nodes.iter().find(|node| node.name == name);
    let new = |name: &str| after.nodes.iter().find(|node| node.name == name);
    for node in &before.nodes {
        let now = new(&node.name);
        if now != Some(node) {
            found.push(Difference {
                what: ["node ", &node.name].concat(),
                before: node_text(node),
                after: now.map_or("removed".to_owned(), node_text),
            });
        }
    }
    for node in after.nodes.iter().filter(|node| old(&node.name).is_none()) {
        found.push(Difference {
            what: ["node ", &node.name].concat(),
            before: "not there".to_owned(),
            after: node_text(node),
        });
    }
    if found.is_empty() && before.nodes != after.nodes {
        let names = |draft: &Draft| draft.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
        found.push(Difference { what: "order of nodes".to_owned(), before: names(before), after: names(after) });
    }
    found
}

fn value_text(value: &Value) -> String {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::List(list) => list.join(", "),
    };
    if text.is_empty() { "none".to_owned() } else { text }
}

fn node_text(node: &NodeDraft) -> String {
    [&node.addresses.join(", "), " (", &node.roles.join(", "), ")"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::Field;
    use kubepki_core::spec::preset::PRESETS;

    #[test]
    fn fields_and_nodes_are_named() {
        let before = PRESETS[1].draft();
        let mut after = before.clone();
        assert!(differences(&before, &after).is_empty());
        after.set_text(Field::ClusterName, "other");
        after.nodes[3].addresses[0] = "10.0.0.99".into();
        after.nodes.remove(2);
        let found = differences(&before, &after);
        let what: Vec<_> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(what, ["Name", "node cp-3", "node w-1"]);
        assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("prod-eu", "other"));
        assert_eq!(found[1].after, "removed");
        let mut turned = before.clone();
        turned.nodes.swap(0, 1);
        assert_eq!(differences(&before, &turned)[0].what, "order of nodes");
    }
}
