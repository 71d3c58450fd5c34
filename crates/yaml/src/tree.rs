//! A YAML document as a tree in which every value knows its place.

use kubepki_core::diag::Position;
use zeroize::Zeroize;

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
                word if truth(word).is_some() => "bool",
                number if is_number(number) => "number",
                _ => "string",
            },
        }
    }

    /// Wipes every text in it.
    pub(crate) fn wipe(&mut self) {
        match &mut self.value {
            Value::Null => {}
            Value::Scalar { text, .. } => text.zeroize(),
            Value::List(items) => items.iter_mut().for_each(Self::wipe),
            Value::Map(entries) => entries.iter_mut().for_each(|(_, node)| node.wipe()),
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

/// What a plain scalar says as a truth value, YAML 1.1's words included: kubeadm reads by it (sigs.k8s.io/yaml: goyaml.v2).
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "y" | "Y" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "n" | "N" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// Whether a plain scalar is a number in YAML's core schema (YAML 1.2.2, 10.3.2). By its form alone: parsing it as
/// floating point would bring large tables along.
fn is_number(text: &str) -> bool {
    let all = |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|one| is(&one));
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match text.as_bytes() {
        [b'0', b'x', ..] => return all(&text[2..], u8::is_ascii_hexdigit),
        [b'0', b'o', ..] => return all(&text[2..], |one| matches!(one, b'0'..=b'7')),
        _ if matches!(unsigned, ".inf" | ".Inf" | ".INF") => return true,
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => return true,
        _ => {}
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|one| one.is_ascii_digit());
    digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0 && all(exponent, u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_are_those_of_the_core_schema() {
        for number in ["0", "-1", "+1.5", ".5", "1.", "1e3", "-1.5E-3", "0x1F", "0o17", ".inf", "-.INF", ".nan"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["", "-", ".", "e3", "1e", "1.2.3", "10.0.0.0/16", "0x", "0xg", "0o8", "+inf", "nan", "1_000", "v1"]
        {
            assert!(!is_number(text), "{text}");
        }
    }
}
