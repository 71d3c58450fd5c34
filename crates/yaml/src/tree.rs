//! A YAML document as a tree in which every value knows its place.

use kubepki_core::diag::Position;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Value,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Nothing: left out, `~` or `null`.
    Null,
    /// A text; `plain` when it stood without quotes, so that it may be meant as a number or a truth value.
    Scalar { text: String, plain: bool },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the text's order, each key once.
    Map(Vec<(Key, Node)>),
}

/// A mapping's key and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) at: Position,
    pub(crate) text: String,
}

/// One document of a text.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) root: Node,
    /// Whether it was read to its end: nothing may be called missing in half a document.
    pub(crate) complete: bool,
}

impl Node {
    /// The value under a key of a mapping.
    pub(crate) fn key(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(one, _)| one.text == key).map(|(_, node)| node)
    }

    /// The value at a dotted path.
    pub(crate) fn path(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, key| node.key(key))
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The entries of a mapping; of anything else, none.
    pub(crate) fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Null | Value::Scalar { .. } | Value::List(_) => &[],
        }
    }

    /// The items of a list; of anything else, none.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Scalar { .. } | Value::Map(_) => &[],
        }
    }

    /// Whether it is nothing.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What it is, as Go's JSON decoder, hence kubeadm, names it.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            Value::Scalar { plain: false, .. } => "string",
            Value::Scalar { text, .. } => match text.as_str() {
                "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => "bool",
                number if is_number(number) => "number",
                _ => "string",
            },
        }
    }

    /// How many values it is made of, itself included.
    pub(crate) fn count(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Scalar { .. } => 0,
            Value::List(items) => items.iter().map(Self::count).sum(),
            Value::Map(entries) => entries.iter().map(|(_, node)| node.count()).sum(),
        }
    }
}

/// Whether a plain scalar is a number in YAML's core schema (YAML 1.2.2, 10.3.2).
fn is_number(text: &str) -> bool {
    text.starts_with(|one: char| one.is_ascii_digit() || matches!(one, '-' | '+' | '.'))
        && (text.parse::<f64>().is_ok()
            || text
                .strip_prefix("0x")
                .is_some_and(|hex| !hex.is_empty() && hex.bytes().all(|one| one.is_ascii_hexdigit()))
            || text
                .strip_prefix("0o")
                .is_some_and(|oct| !oct.is_empty() && oct.bytes().all(|one| matches!(one, b'0'..=b'7'))))
}
