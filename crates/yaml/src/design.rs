//! A design file to a draft. Unknown keys and values of the wrong shape are errors; what the values say is checked by
//! `kubepki_core::spec::parse` afterwards.

use kubepki_core::diag::{Diagnostic, Quoted};
use kubepki_core::spec::{API_VERSION, Draft, FIELDS, Field, FieldRow, KIND, NodeDraft};

use crate::load::MOST_FINDINGS;
use crate::near::nearest;
use crate::place::{Place, Places};
use crate::tree::{Key, Node, Value};

/// What a design file's `apiVersion` begins with, whatever the version.
const GROUP: &str = "kubepki.dev/";
const NODE_KEYS: [&str; 3] = ["name", "addresses", "roles"];
/// What every design file says before anything else.
pub(crate) const HEAD: [&str; 2] = ["apiVersion", "kind"];

/// Whether a field holds others, so that what it lacks may stand where nobody could read it.
pub(crate) fn holds_others(path: &str) -> bool {
    match path.split('.').collect::<Vec<_>>()[..] {
        ["nodes"] | ["nodes", _] | ["nodes", _, "addresses" | "roles"] => true,
        _ => Field::from_path(path).is_some_and(|field| field.row().is_list()),
    }
}

/// Whether a document means to be a design file.
pub(crate) fn is_design(root: &Node) -> bool {
    let says = |key, starts: &str| root.key(key).and_then(Node::text).is_some_and(|text| text.starts_with(starts));
    says("apiVersion", GROUP) || says("kind", KIND)
}

/// Reads a design file's document.
pub(crate) fn read(root: &Node, file: &str) -> (Draft, Places, Vec<Diagnostic>) {
    let mut reader = Reader { file, draft: Draft::default(), places: Places::default(), found: Vec::new() };
    reader.place("", root);
    if reader.versioned(root) {
        reader.fields(root, "");
    }
    (reader.draft, reader.places, reader.found)
}

struct Reader<'a> {
    file: &'a str,
    draft: Draft,
    places: Places,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&mut self, path: &str, node: &Node) {
        let place = Place { file: self.file.to_owned(), position: node.at, called: String::new() };
        self.places.put(path, place);
    }

    fn error(&mut self, rule: &'static str, path: &str, message: String, hint: String, at: &Node) {
        self.say(Diagnostic::error(rule, path, message).with_hint(hint).at(at.at));
    }

    fn say(&mut self, found: Diagnostic) {
        if self.found.len() < MOST_FINDINGS {
            self.found.push(found);
        }
    }

    /// Whether version and kind are ones that are understood; nothing else is said of another version's fields.
    fn versioned(&mut self, root: &Node) -> bool {
        let version = root.key("apiVersion").unwrap_or(root);
        match version.text() {
            Some(API_VERSION) => {}
            Some(newer) if newer.starts_with(GROUP) => {
                let message = format!("this design is of version {newer}; this program reads {API_VERSION}");
                let hint = "open it with the version of the workbench that wrote it, or a newer one".to_owned();
                self.error("design-version", "apiVersion", message, hint, version);
                return false;
            }
            _ => {
                let message = "a design file must say its version".to_owned();
                self.error("design-version", "apiVersion", message, format!("apiVersion: {API_VERSION}"), version);
            }
        }
        let kind = root.key("kind").unwrap_or(root);
        if kind.text() != Some(KIND) {
            let message = "a design file must say its kind".to_owned();
            self.error("design-kind", "kind", message, format!("kind: {KIND}"), kind);
        }
        true
    }

    /// The keys of a mapping whose own path is `prefix`, empty or ending in a dot.
    fn fields(&mut self, map: &Node, prefix: &str) {
        for (key, node) in map.entries() {
            let path = format!("{prefix}{}", key.text);
            if prefix.is_empty() && (path == "apiVersion" || path == "kind") {
                continue;
            }
            if path == "nodes" {
                self.nodes(node);
            } else if let Some(field) = Field::from_path(&path) {
                self.field(field.row(), node);
            } else if FIELDS
                .iter()
                .any(|row| row.path.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')))
            {
                self.place(&path, node);
                match node.value {
                    Value::Map(_) => self.fields(node, &format!("{path}.")),
                    Value::Null => {}
                    Value::Scalar { .. } | Value::List(_) => {
                        let hint = "its fields stand below it, indented".to_owned();
                        self.error("design-shape", &path, format!("{path} holds fields, not a value"), hint, node);
                    }
                }
            } else {
                self.unknown(
                    &path,
                    &path,
                    key,
                    FIELDS.iter().map(|row| row.path).chain(["nodes", "apiVersion", "kind"]),
                );
            }
        }
    }

    /// A key that is none. `word` is how the known ones would call it.
    fn unknown<'k>(&mut self, path: &str, word: &str, key: &Key, known: impl Iterator<Item = &'k str>) {
        if self.found.len() >= MOST_FINDINGS {
            return;
        }
        let hint = match nearest(word, known) {
            Some(meant) => format!("is {meant} meant?"),
            None => "a design has no such field; `kubepki schema` lists them all".to_owned(),
        };
        let message = format!("unknown field {}", Quoted(&key.text));
        self.say(Diagnostic::error("design-unknown-field", path, message).with_hint(hint).at(key.at));
    }

    /// One field. Nothing as its value means its default, as if it were left out.
    fn field(&mut self, row: &FieldRow, node: &Node) {
        self.place(row.path, node);
        match (&node.value, row.is_list()) {
            (Value::Null, _) => {}
            (Value::Scalar { text, .. }, false) => self.draft.set_text(row.field, text.as_str()),
            (Value::List(items), true) => {
                let list = self.texts(items, row.path);
                self.draft.set_list(row.field, list);
            }
            (Value::Scalar { text, .. }, true) => {
                let hint = format!("write it as a list: [{text}]");
                self.error("design-shape", row.path, format!("{} is a list", row.path), hint, node);
            }
            (Value::List(_) | Value::Map(_), _) => {
                let (is, hint) = match row.is_list() {
                    true => ("is a list of texts", "each item on a line of its own, after a dash"),
                    false => ("is a single text", "write one value behind the colon"),
                };
                self.error("design-shape", row.path, format!("{} {is}", row.path), hint.to_owned(), node);
            }
        }
    }

    /// The items of a list of texts.
    fn texts(&mut self, items: &[Node], path: &str) -> Vec<String> {
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = format!("{path}.{index}");
            self.place(&at, item);
            match item.text() {
                Some(text) => texts.push(text.to_owned()),
                None => {
                    let message = format!("item {} of {path} is not a text", index + 1);
                    self.error("design-shape", &at, message, "write one value behind the dash".to_owned(), item);
                }
            }
        }
        texts
    }

    fn nodes(&mut self, list: &Node) {
        self.place("nodes", list);
        if !matches!(list.value, Value::List(_) | Value::Null) {
            let hint = "each node begins with a dash: - name: cp-1".to_owned();
            self.error("design-shape", "nodes", "nodes is a list".to_owned(), hint, list);
        }
        for (index, item) in list.items().iter().enumerate() {
            let path = format!("nodes.{index}");
            self.place(&path, item);
            let mut node = NodeDraft::default();
            if !matches!(item.value, Value::Map(_)) {
                let hint = "a node has name, addresses and roles".to_owned();
                self.error("design-shape", &path, format!("node {} is not a mapping", index + 1), hint, item);
            }
            for (key, value) in item.entries() {
                let path = format!("{path}.{}", key.text);
                match key.text.as_str() {
                    "name" => {
                        self.place(&path, value);
                        match value.text() {
                            Some(text) => text.clone_into(&mut node.name),
                            None => {
                                let hint = "name: cp-1".to_owned();
                                self.error(
                                    "design-shape",
                                    &path,
                                    "a node's name is a single text".to_owned(),
                                    hint,
                                    value,
                                );
                            }
                        }
                    }
                    "addresses" => node.addresses = self.node_list(&path, value),
                    "roles" => node.roles = self.node_list(&path, value),
                    _ => self.unknown(&path, &key.text, key, NODE_KEYS.into_iter()),
                }
            }
            self.draft.nodes.push(node);
        }
    }

    /// Addresses or roles of a node.
    fn node_list(&mut self, path: &str, node: &Node) -> Vec<String> {
        self.place(path, node);
        if !matches!(node.value, Value::List(_) | Value::Null) {
            let hint = format!("write it as a list: [{}]", node.text().unwrap_or("…"));
            self.error("design-shape", path, format!("{path} is a list"), hint, node);
        }
        self.texts(node.items(), path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Skip, load};

    #[test]
    fn every_field_takes_text_that_is_hard_to_write() {
        let odd = [
            "",
            " ",
            "no",
            "1.30",
            "a: b",
            "- x",
            "\u{2028}\u{85}\u{feff}é\u{1}\t\n\"'\\",
            "[x]",
            "#",
            "{",
            "'",
            "\u{ffff}",
        ];
        for text in odd {
            let mut draft = Draft::default();
            for row in FIELDS {
                match row.is_list() {
                    true => draft.set_list(row.field, vec![text.to_owned(), "x".to_owned()]),
                    false => draft.set_text(row.field, text),
                }
            }
            let list = vec![text.to_owned(), "a,b".to_owned()];
            draft.nodes.push(NodeDraft { name: text.to_owned(), addresses: list.clone(), roles: list });
            draft.nodes.push(NodeDraft::default());
            let file = kubepki_core::snippet::design(&draft);
            let (documents, found) = load(&file, Skip::default());
            assert!(found.is_empty(), "{text:?}: {found:?}\n{file}");
            let (back, _, found) = read(&documents[0].root, "");
            assert!(found.is_empty(), "{text:?}: {found:?}\n{file}");
            assert_eq!(back, draft, "{text:?}\n{file}");
        }
    }
}
