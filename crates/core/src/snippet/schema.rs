//! The JSON Schema of a design file, made from [`FIELDS`], so that editors complete and check what people write.

use super::value::{Map, Value};
use crate::spec::field::ROLES;
use crate::spec::{API_VERSION, FIELDS, FieldKind, FieldRow, KIND};

/// The schema, JSON Schema 2020-12. Committed as `design.schema.json` beside this crate's manifest.
pub fn schema() -> String {
    let mut root = Object::default();
    for row in FIELDS {
        root.insert(row.path, row);
    }
    let word = |text: &str| Map::new().with("const", text);
    let properties = Map::new().with("apiVersion", word(API_VERSION)).with("kind", word(KIND));
    Map::new()
        .with("$schema", "https://json-schema.org/draft/2020-12/schema")
        .with("$id", "https://kubepki.dev/v1alpha1/design.schema.json")
        .with("title", KIND)
        .with("description", "The design of a Kubernetes cluster, from which its PKI follows.")
        .with("type", "object")
        .with("additionalProperties", false)
        .with("required", Value::Short(["apiVersion", "kind", "nodes"].map(str::to_owned).into()))
        .with("properties", root.properties(properties).with("nodes", nodes()))
        .to_json()
}

/// The fields below one point of the dotted paths, in the table's order.
#[derive(Default)]
struct Object {
    members: Vec<(&'static str, Member)>,
}

enum Member {
    Field(&'static FieldRow),
    Object(Object),
}

impl Object {
    fn insert(&mut self, path: &'static str, row: &'static FieldRow) {
        let Some((head, rest)) = path.split_once('.') else {
            self.members.push((path, Member::Field(row)));
            return;
        };
        if !self.members.iter().any(|(name, _)| *name == head) {
            self.members.push((head, Member::Object(Self::default())));
        }
        for (name, member) in &mut self.members {
            if let Member::Object(inner) = member
                && *name == head
            {
                inner.insert(rest, row);
            }
        }
    }

    /// Its members as `properties`, behind those that are there already.
    fn properties(&self, first: Map) -> Map {
        self.members.iter().fold(first, |map, (name, member)| match member {
            Member::Field(row) => map.with(*name, field(row)),
            Member::Object(inner) => map.with(
                *name,
                Map::new()
                    .with("type", "object")
                    .with("additionalProperties", false)
                    .with("properties", inner.properties(Map::new())),
            ),
        })
    }
}

/// One field. Numbers are taken for text as well, for `kubernetesVersion: 1.34` is what people write.
fn field(row: &FieldRow) -> Map {
    let about = Map::new().with("title", row.label).with("description", row.help);
    let words = |words: &[&str]| Value::Short(words.iter().map(|word| (*word).to_owned()).collect());
    let items = || Value::Short(row.default.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect());
    match row.kind {
        FieldKind::Text => {
            about.with("type", Value::Short(vec!["string".into(), "number".into()])).with("default", row.default)
        }
        FieldKind::Port => {
            let default = row.default.parse::<u64>().map_or(Value::from(row.default), Value::from);
            about.with("type", "integer").with("minimum", 1u64).with("maximum", 65_535u64).with("default", default)
        }
        FieldKind::Choice(choices) => about.with("enum", words(choices)).with("default", row.default),
        FieldKind::List => {
            about.with("type", "array").with("items", Map::new().with("type", "string")).with("default", items())
        }
        FieldKind::ChoiceList(choices) => about
            .with("type", "array")
            .with("items", Map::new().with("enum", words(choices)))
            .with("uniqueItems", true)
            .with("default", items()),
    }
}

/// The list of nodes.
fn nodes() -> Map {
    let text = |title: &str, about: &str| Map::new().with("title", title).with("description", about);
    let node = Map::new()
        .with("name", text("Name", "Lower-case RFC 1123 name, unique in the design.").with("type", "string"))
        .with(
            "addresses",
            text("Addresses", "IPv4 or IPv6 addresses; the first is the advertise address.")
                .with("type", "array")
                .with("minItems", 1u64)
                .with("items", Map::new().with("type", "string")),
        )
        .with(
            "roles",
            text("Roles", "What the node is for. The first control-plane node is the init node.")
                .with("type", "array")
                .with("minItems", 1u64)
                .with("uniqueItems", true)
                .with("items", Map::new().with("enum", Value::Short(ROLES.iter().map(|&one| one.into()).collect()))),
        );
    text("Nodes", "The machines of the cluster.").with("type", "array").with("minItems", 1u64).with(
        "items",
        Map::new()
            .with("type", "object")
            .with("additionalProperties", false)
            .with("required", Value::Short(["name", "addresses", "roles"].map(str::to_owned).into()))
            .with("properties", node),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After a change to the table: `kubepki schema > crates/core/design.schema.json`.
    #[test]
    fn the_committed_schema_is_this_one() {
        assert_eq!(schema(), include_str!("../../design.schema.json"));
    }
}
