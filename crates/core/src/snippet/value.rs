//! A tree of values and its text, as YAML or as JSON. Every string is quoted where any YAML reader, 1.1 or 1.2, could
//! take it for something else; the style is the one `kubeadm` and `kubectl` write.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A value of a YAML or JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Number(u64),
    /// True or false.
    Flag(bool),
    /// A list, one item a line.
    List(Vec<Value>),
    /// A short list of strings, on one line.
    Short(Vec<String>),
    /// A mapping.
    Map(Map),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// A mapping whose order is the text's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: Cow<'static, str>,
    /// Lines above the key, without `#`; YAML alone.
    comment: Vec<String>,
    value: Value,
}

impl Map {
    /// An empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// The mapping with one more key.
    pub fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.entries.push(Entry { key: key.into(), comment: Vec::new(), value: value.into() });
        self
    }

    /// The mapping with one more key, when there is a value for it.
    pub fn with_some(self, key: impl Into<Cow<'static, str>>, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The mapping with one more key, unless its value is an empty mapping or list.
    pub fn with_filled(self, key: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        let value = value.into();
        let empty = match &value {
            Value::Map(map) => map.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Short(items) => items.is_empty(),
            Value::Text(_) | Value::Number(_) | Value::Flag(_) => false,
        };
        if empty { self } else { self.with(key, value) }
    }

    /// The mapping with lines of comment above the key that was added last.
    pub fn noted(mut self, comment: impl IntoIterator<Item = String>) -> Self {
        if let Some(last) = self.entries.last_mut() {
            last.comment.extend(comment);
        }
        self
    }

    /// Adds a value at a dotted path, making the mappings on the way.
    pub fn put(&mut self, path: &'static str, value: impl Into<Value>) {
        let Some((head, rest)) = path.split_once('.') else {
            self.entries.push(Entry { key: path.into(), comment: Vec::new(), value: value.into() });
            return;
        };
        let index = match self.entries.iter().position(|one| one.key == head && matches!(one.value, Value::Map(_))) {
            Some(index) => index,
            None => {
                self.entries.push(Entry { key: head.into(), comment: Vec::new(), value: Map::new().into() });
                self.entries.len() - 1
            }
        };
        if let Value::Map(inner) = &mut self.entries[index].value {
            inner.put(rest, value);
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The mapping as a YAML document, without `---`.
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        yaml_map(&mut out, self, 0);
        out
    }

    /// The mapping as JSON, indented by two.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        json_value(&mut out, &Value::Map(self.clone()), 0);
        out.push('\n');
        out
    }
}

fn indentation(out: &mut String, width: usize) {
    out.extend(std::iter::repeat_n(' ', width));
}

fn yaml_map(out: &mut String, map: &Map, indent: usize) {
    for entry in &map.entries {
        for line in &entry.comment {
            indentation(out, indent);
            let _ = writeln!(out, "# {line}");
        }
        indentation(out, indent);
        yaml_entry(out, entry, indent);
    }
}

fn yaml_entry(out: &mut String, entry: &Entry, indent: usize) {
    out.push_str(&scalar(&entry.key, false));
    out.push(':');
    match &entry.value {
        Value::Map(map) if !map.is_empty() => {
            out.push('\n');
            yaml_map(out, map, indent + 2);
        }
        Value::List(items) if !items.is_empty() => {
            out.push('\n');
            yaml_list(out, items, indent);
        }
        plain => {
            out.push(' ');
            yaml_plain(out, plain);
        }
    }
}

/// Items at the indentation of their key, as Go's YAML writer puts them.
fn yaml_list(out: &mut String, items: &[Value], indent: usize) {
    for item in items {
        indentation(out, indent);
        match item {
            Value::Map(map) if !map.is_empty() => {
                let mut inner = String::new();
                yaml_map(&mut inner, map, indent + 2);
                out.push_str("- ");
                out.push_str(inner.trim_start());
            }
            Value::List(items) if !items.is_empty() => {
                out.push_str("-\n");
                yaml_list(out, items, indent + 2);
            }
            plain => {
                out.push_str("- ");
                yaml_plain(out, plain);
            }
        }
    }
}

/// What fits on the line of its key.
fn yaml_plain(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => out.push_str(&scalar(text, false)),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Flag(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::Short(items) => {
            let items: Vec<_> = items.iter().map(|item| scalar(item, true)).collect();
            let _ = write!(out, "[{}]", items.join(", "));
        }
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
    out.push('\n');
}

fn json_value(out: &mut String, value: &Value, indent: usize) {
    let rows: Vec<(Option<&str>, Value)> = match value {
        Value::Text(text) => return quote(out, text),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
            return;
        }
        Value::Flag(flag) => {
            let _ = write!(out, "{flag}");
            return;
        }
        Value::Short(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                quote(out, item);
            }
            return out.push(']');
        }
        Value::List(items) => items.iter().map(|item| (None, item.clone())).collect(),
        Value::Map(map) => map.entries.iter().map(|entry| (Some(&*entry.key), entry.value.clone())).collect(),
    };
    let (open, close) = if matches!(value, Value::Map(_)) { ('{', '}') } else { ('[', ']') };
    out.push(open);
    for (index, (key, row)) in rows.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        indentation(out, indent + 2);
        if let Some(key) = key {
            quote(out, key);
            out.push_str(": ");
        }
        json_value(out, row, indent + 2);
    }
    if !rows.is_empty() {
        out.push('\n');
        indentation(out, indent);
    }
    out.push(close);
}

/// A string as it may stand in YAML: plain where no reader can mistake it, else in double quotes. `inline` says that it
/// stands in `[…]`, where a comma ends it.
fn scalar(text: &str, inline: bool) -> Cow<'_, str> {
    if is_plain(text, inline) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    quote(&mut out, text);
    Cow::Owned(out)
}

/// Whether a string means itself without quotes. Stricter than the standard: what is unusual gets quotes.
fn is_plain(text: &str, inline: bool) -> bool {
    let bytes = text.as_bytes();
    let begins = match bytes {
        [b'-', b'-', letter, ..] => letter.is_ascii_alphabetic(),
        [first, ..] => first.is_ascii_alphanumeric() || *first == b'/',
        [] => false,
    };
    let inside = |one: u8| {
        one.is_ascii_alphanumeric() || b"-_./=@+:".contains(&one) || (!inline && (one == b',' || one == b'*'))
    };
    begins && bytes.iter().all(|&one| inside(one)) && !text.ends_with(':') && !is_word(text) && !is_number(text)
}

/// Words that YAML 1.1 or 1.2 reads as a truth value or as nothing.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a text may be read as a number or a date: digits with what numbers are written with, in any base. Addresses
/// (two dots or more) are none.
fn is_number(text: &str) -> bool {
    let numeric = |one: u8| one.is_ascii_hexdigit() || b"_.+-:xXoOtTzZ".contains(&one);
    text.starts_with(|one: char| one.is_ascii_digit())
        && text.bytes().all(numeric)
        && !(text.matches('.').count() > 1 && text.bytes().all(|one| one.is_ascii_digit() || one == b'.'))
}

/// Whether a character is not seen itself but steers what shows it: control characters, which a terminal obeys; line
/// breaks of any kind; and what turns the direction of the text around it or stands in it invisibly (Unicode, Bidi_Control
/// and Default_Ignorable_Code_Point in part). Each is below U+10000, so that one `\u` escape names it.
pub fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A string in double quotes, with escapes that JSON and YAML share.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for one in text.chars() {
        match one {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            unprintable if is_unprintable(unprintable) => {
                let _ = write!(out, "\\u{:04x}", u32::from(unprintable));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_where_a_reader_could_take_them_for_something_else() {
        for plain in
            ["cp-1", "10.0.0.11", "10.96.0.0/12", "8760h", "v1.34.8", "--a=*,b", "registry.k8s.io", "fd00::1", "/etc"]
        {
            assert_eq!(scalar(plain, false), plain);
        }
        for odd in [
            "",
            "1.34",
            "1",
            "0x1f",
            "1e3",
            "2026-11-23",
            "1:30",
            "yes",
            "No",
            "null",
            "~",
            "*.a",
            "a: b",
            "a:",
            "-a",
            "- a",
            "#a",
            "a #b",
            "[a]",
            " a",
            "a ",
            "\"",
            "'",
            "%a",
            "@a",
            "!a",
            "&a",
            "a\nb",
            "é",
            ".5",
            "2001:db8::1",
            "=",
        ] {
            assert!(scalar(odd, false).starts_with('"'), "{odd}");
        }
        assert_eq!(scalar("a,b", true), "\"a,b\"");
        assert_eq!(scalar("a\u{2028}\u{7}\"", false), "\"a\\u2028\\u0007\\\"\"");
        assert_eq!(scalar("a\u{202e}\u{2066}\u{9b}", false), "\"a\\u202e\\u2066\\u009b\"");
    }

    #[test]
    fn nested_values_as_yaml_and_json() {
        let mut map = Map::new().with("a", "x").noted(["why".into()]).with("list", vec!["1.34", "b"]);
        map.put("deep.one", true);
        map.put("deep.two", 3u64);
        map = map
            .with("rows", vec![Map::new().with("name", "cp").with("all", Value::Short(vec!["p".into(), "q".into()]))]);
        map = map.with("none", Map::new()).with("empty", Vec::<String>::new());
        let yaml = "# why\na: x\nlist:\n- \"1.34\"\n- b\ndeep:\n  one: true\n  two: 3\nrows:\n- name: cp\n  all: [p, q]\nnone: {}\nempty: []\n";
        assert_eq!(map.to_yaml(), yaml);
        assert!(map.to_json().contains("\"deep\": {\n    \"one\": true,\n    \"two\": 3\n  },"));
        assert!(map.to_json().contains("\"all\": [\"p\", \"q\"]"));
    }
}
