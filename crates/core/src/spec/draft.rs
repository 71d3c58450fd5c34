//! A design as the user has it: text in every field, right or wrong. Nothing typed is ever lost to a parser; files,
//! links and forms all become a draft first, and [`super::parse()`] says what is wrong with it.

use super::field::{FIELDS, Field, FieldRow};

/// The text of one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A single text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// A node as the user has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeDraft {
    /// Its name.
    pub name: String,
    /// Its addresses; the first is the advertise address.
    pub addresses: Vec<String>,
    /// Its roles; see [`super::field::ROLES`].
    pub roles: Vec<String>,
}

/// A design as the user has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Draft {
    values: Vec<Value>,
    /// The nodes, in order; the first control-plane node is the init node.
    pub nodes: Vec<NodeDraft>,
}

impl Default for Draft {
    /// Every field at its default, and no node.
    fn default() -> Self {
        Self { values: FIELDS.iter().map(default_value).collect(), nodes: Vec::new() }
    }
}

/// A row's default as a value.
fn default_value(row: &FieldRow) -> Value {
    if row.is_list() {
        Value::List(row.default.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect())
    } else {
        Value::Text(row.default.to_owned())
    }
}

impl Draft {
    /// The field's text; for a list, the empty text.
    pub fn text(&self, field: Field) -> &str {
        match &self.values[field as usize] {
            Value::Text(text) => text,
            Value::List(_) => "",
        }
    }

    /// The field's list; for a single text, the empty list.
    pub fn list(&self, field: Field) -> &[String] {
        match &self.values[field as usize] {
            Value::Text(_) => &[],
            Value::List(list) => list,
        }
    }

    /// The field's value.
    pub fn value(&self, field: Field) -> &Value {
        &self.values[field as usize]
    }

    /// Replaces a single text.
    pub fn set_text(&mut self, field: Field, text: impl Into<String>) {
        self.values[field as usize] = Value::Text(text.into());
    }

    /// Replaces a list.
    pub fn set_list(&mut self, field: Field, list: Vec<String>) {
        self.values[field as usize] = Value::List(list);
    }

    /// Whether the field has its default value.
    pub fn is_default(&self, field: Field) -> bool {
        self.values[field as usize] == default_value(field.row())
    }

    /// The text at a path, indexes included: `clusterName`, `apiServer.certSANs.0`, `nodes.1.addresses.0`,
    /// `nodes.0.name`. Nothing when the path names no place of this draft.
    pub fn at(&self, path: &str) -> Option<&str> {
        if let Some(rest) = path.strip_prefix("nodes.") {
            let mut parts = rest.split('.');
            let node = self.nodes.get(parts.next()?.parse::<usize>().ok()?)?;
            return match (parts.next()?, parts.next()) {
                ("name", None) => Some(&node.name),
                ("addresses", Some(index)) => node.addresses.get(index.parse::<usize>().ok()?).map(String::as_str),
                ("roles", Some(index)) => node.roles.get(index.parse::<usize>().ok()?).map(String::as_str),
                _ => None,
            };
        }
        if let Some(field) = Field::from_path(path) {
            return match self.value(field) {
                Value::Text(text) => Some(text),
                Value::List(_) => None,
            };
        }
        let (head, index) = path.rsplit_once('.')?;
        self.list(Field::from_path(head)?).get(index.parse::<usize>().ok()?).map(String::as_str)
    }

    /// Puts a text at a path; the place one past a list's end makes the list longer. Whether the path was one.
    pub fn put(&mut self, path: &str, text: &str) -> bool {
        self.place(path).map(|place| text.clone_into(place)).is_some()
    }

    /// The place at a path, made when it is one past a list's end.
    fn place(&mut self, path: &str) -> Option<&mut String> {
        if let Some(rest) = path.strip_prefix("nodes.") {
            let mut parts = rest.split('.');
            let node = self.nodes.get_mut(parts.next()?.parse::<usize>().ok()?)?;
            return match (parts.next()?, parts.next()) {
                ("name", None) => Some(&mut node.name),
                ("addresses", Some(index)) => item(&mut node.addresses, index),
                ("roles", Some(index)) => item(&mut node.roles, index),
                _ => None,
            };
        }
        if let Some(field) = Field::from_path(path) {
            return match &mut self.values[field as usize] {
                Value::Text(text) => Some(text),
                Value::List(_) => None,
            };
        }
        let (head, index) = path.rsplit_once('.')?;
        match &mut self.values[Field::from_path(head)? as usize] {
            Value::Text(_) => None,
            Value::List(list) => item(list, index),
        }
    }

    /// Takes away what stands at a path: a list's item, a node's address, or a whole node (`nodes.1`).
    /// Whether there was one.
    pub fn remove(&mut self, path: &str) -> bool {
        let Some((head, index)) = path.rsplit_once('.') else { return false };
        let Ok(index) = index.parse::<usize>() else { return false };
        if head == "nodes" {
            return index < self.nodes.len() && {
                self.nodes.remove(index);
                true
            };
        }
        let list = if let Some(rest) = head.strip_prefix("nodes.") {
            let Some((node, which)) = rest.split_once('.') else { return false };
            let Some(node) = node.parse::<usize>().ok().and_then(|node| self.nodes.get_mut(node)) else { return false };
            match which {
                "addresses" => &mut node.addresses,
                "roles" => &mut node.roles,
                _ => return false,
            }
        } else {
            match Field::from_path(head).map(|field| &mut self.values[field as usize]) {
                Some(Value::List(list)) => list,
                _ => return false,
            }
        };
        index < list.len() && {
            list.remove(index);
            true
        }
    }
}

/// The list's item at an index, made when the index is one past the end.
fn item<'a>(list: &'a mut Vec<String>, index: &str) -> Option<&'a mut String> {
    let index = index.parse::<usize>().ok()?;
    if index == list.len() {
        list.push(String::new());
    }
    list.get_mut(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_every_kind_of_place() {
        let mut draft = Draft::default();
        draft.nodes.push(NodeDraft::default());
        for path in ["clusterName", "apiServer.certSANs.0", "nodes.0.name", "nodes.0.addresses.0", "nodes.0.roles.0"] {
            assert!(draft.put(path, "x"), "{path}");
            assert_eq!(draft.at(path), Some("x"), "{path}");
        }
        for path in ["nodes.1.name", "nodes", "clusterName.0", "apiServer.certSANs.7", "nope", ""] {
            assert!(!draft.put(path, "x"), "{path}");
        }
        assert!(draft.remove("apiServer.certSANs.0") && draft.list(Field::ApiServerCertSans).is_empty());
        assert!(draft.remove("nodes.0.addresses.0") && draft.remove("nodes.0") && !draft.remove("nodes.0"));
    }
}
