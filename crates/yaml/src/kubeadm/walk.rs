//! A document against the table: shapes and values are checked in kubeadm's words, effects carried out, and what the
//! table does not name is listed.

use kubepki_core::diag::{Diagnostic, Position, Quoted};
use kubepki_core::snippet::kubeadm::Api;

use super::import::Import;
use super::row::{Effect, FieldRow, Holds, Kind};
use super::rows::ROWS;
use crate::load::MOST_FINDINGS;
use crate::near::nearest;
use crate::place::Place;
use crate::tree::{Key, Node, Value};

/// Beyond so many unknown fields no guess is made at what was meant.
const MOST_GUESSES: usize = 100;

/// A value of a document that is being read.
pub(crate) struct Spot<'a> {
    pub(crate) file: &'a str,
    pub(crate) kind: Kind,
    /// The version of kubeadm's API; nothing for the kubelet's.
    pub(crate) api: Option<Api>,
    /// Dotted path in the document, with indexes.
    pub(crate) path: &'a str,
    pub(crate) node: &'a Node,
}

impl Spot<'_> {
    /// As findings name it.
    pub(crate) fn called(&self) -> String {
        match self.path.is_empty() {
            true => self.kind.word().to_owned(),
            false => format!("{}.{}", self.kind.word(), self.path),
        }
    }

    /// Its place.
    pub(crate) fn place(&self) -> Place {
        self.place_of(self.node.at)
    }

    /// The place of something inside it.
    pub(crate) fn place_of(&self, position: Position) -> Place {
        Place { file: self.file.to_owned(), position, called: self.called() }
    }

    /// Its text; empty when it is none.
    pub(crate) fn text(&self) -> &str {
        self.node.text().unwrap_or_default()
    }
}

/// Reads a document of a kind.
pub(super) fn walk(import: &mut Import, document: &Spot<'_>) {
    map(import, document, document.node, "", "");
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The keys of a mapping. `pattern` is its path with `*` for indexes.
fn map(import: &mut Import, document: &Spot<'_>, node: &Node, path: &str, pattern: &str) {
    for (key, value) in node.entries() {
        if path.is_empty() && ["apiVersion", "kind", "metadata"].contains(&key.text.as_str()) {
            continue;
        }
        let (path, pattern) = (below(path, &key.text), below(pattern, &key.text));
        let spot = Spot { path: &path, node: value, ..*document };
        let is_below = |start: &str| {
            ROWS.iter().any(|row| {
                row.kind == document.kind && row.path.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        if let Some(row) = ROWS.iter().find(|row| row.kind == document.kind && row.path == pattern) {
            field(import, row, &spot);
        } else if is_below(&pattern) {
            match &value.value {
                Value::Null => {}
                Value::Map(_) => map(import, document, value, &path, &pattern),
                Value::List(items) if is_below(&below(&pattern, "*")) => {
                    for (index, item) in items.iter().enumerate() {
                        map(import, document, item, &below(&path, &index.to_string()), &below(&pattern, "*"));
                    }
                }
                Value::Scalar { .. } | Value::List(_) => {
                    import.error(&spot, "kubeadm-type", cannot(&spot, "object"), "fields with values belong below it")
                }
            }
        } else {
            unknown(import, &spot, key, &pattern);
        }
    }
}

/// What Go's JSON decoder says of a value of the wrong type.
fn cannot(spot: &Spot<'_>, go: &str) -> String {
    format!("json: cannot unmarshal {} into Go struct field {} of type {go}", spot.node.kind(), spot.called())
}

/// A field that is not in the table shapes no certificate, unless it is one with a typing error.
fn unknown(import: &mut Import, spot: &Spot<'_>, key: &Key, pattern: &str) {
    if import.found.len() >= MOST_FINDINGS {
        return;
    }
    let paths = ROWS.iter().filter(|row| row.kind == spot.kind).map(|row| row.path);
    let few = import.found.len() < MOST_GUESSES;
    // The same word in its own place is another field; only a misspelt one is worth a guess.
    let meant = few.then(|| nearest(pattern, paths)).flatten().filter(|meant| !meant.ends_with(&key.text));
    let place = spot.place_of(key.at);
    import.say(
        &place,
        match meant {
            Some(meant) => {
                Diagnostic::warning("kubeadm-unknown-field", "", format!("unknown field {}", Quoted(&key.text)))
                    .with_hint(match pattern.starts_with("featureGates.") {
                        true => format!("is {meant} meant? kubeadm refuses gates that it does not know"),
                        false => format!("is {meant} meant? kubeadm ignores what it does not know"),
                    })
            }
            None => Diagnostic::notice(
                "kubeadm-not-relevant",
                "",
                format!("{} shapes no certificate and is left out", spot.path),
            ),
        },
    );
}

/// A field that the table names.
fn field(import: &mut Import, row: &FieldRow, spot: &Spot<'_>) {
    if spot.node.is_null() {
        return;
    }
    if row.new && spot.api == Some(Api::V1beta3) {
        let message = format!("unknown field {}", Quoted(spot.path));
        let hint = "kubeadm ignores it: v1beta4 has it, since Kubernetes 1.31";
        return import.say(&spot.place(), Diagnostic::warning("kubeadm-unknown-field", "", message).with_hint(hint));
    }
    let shape = spot.node.kind();
    let fits = match row.holds {
        Holds::Text | Holds::Commas | Holds::Duration => matches!(spot.node.value, Value::Scalar { .. }),
        Holds::Flag => shape == "bool",
        Holds::Number => shape == "number",
        Holds::List => matches!(spot.node.value, Value::List(_)),
        Holds::Arguments => {
            matches!((&spot.node.value, spot.api), (Value::Map(_), Some(Api::V1beta3)) | (Value::List(_), _))
        }
        Holds::Anything => true,
    };
    let go = row.holds.go(spot.api);
    if !fits || (row.holds == Holds::Arguments && shape == "array" && spot.api == Some(Api::V1beta3)) {
        let hint = match row.holds {
            Holds::Arguments if spot.api == Some(Api::V1beta3) => "v1beta3 takes a mapping: name: \"value\"",
            Holds::Arguments => "v1beta4 takes a list: - name: …, value: …",
            Holds::Text | Holds::Commas | Holds::Duration => "write one value behind the colon",
            Holds::List => "write a list: [a, b]",
            Holds::Flag => "true or false, without quotes",
            Holds::Number => "a whole number, without quotes",
            Holds::Anything => "",
        };
        return import.error(spot, "kubeadm-type", cannot(spot, go), hint);
    }
    let is_text = matches!(row.holds, Holds::Text | Holds::Commas | Holds::Duration);
    if is_text && shape != "string" {
        let found = Diagnostic::warning("kubeadm-type", "", cannot(spot, go));
        import.say(&spot.place(), found.with_hint(format!("kubeadm wants quotes: \"{}\"", spot.text())));
    }
    check(import, row, spot);
    match row.effect {
        Effect::Nothing => {}
        Effect::Does(does) => does(import, spot),
        Effect::Sets(fields) => {
            for &field in fields {
                import.set(field, row.holds, spot);
            }
        }
    }
}

/// The row's rule, on the text or on each item.
fn check(import: &mut Import, row: &FieldRow, spot: &Spot<'_>) {
    match row.holds {
        Holds::List => {
            for (index, item) in spot.node.items().iter().enumerate() {
                let path = below(spot.path, &index.to_string());
                let item = Spot { path: &path, node: item, ..*spot };
                match (item.node.text(), row.rule) {
                    (None, _) => import.error(&item, "kubeadm-type", cannot(&item, "string"), "one text an item"),
                    (Some(text), Some(rule)) => judge(import, &item, rule(text)),
                    (Some(_), None) => {}
                }
            }
        }
        Holds::Commas => {
            let wrong = row.rule.and_then(|rule| spot.text().split(',').find_map(rule));
            judge(import, spot, wrong);
        }
        Holds::Duration => {
            if let Some(message) = super::rule::duration(spot.text()) {
                import.error(spot, "kubeadm-value", message, "h, m and s, such as 8760h; kubeadm knows no days");
            }
        }
        _ => judge(import, spot, row.rule.and_then(|rule| rule(spot.text()))),
    }
}

fn judge(import: &mut Import, spot: &Spot<'_>, wrong: Option<String>) {
    if let Some(message) = wrong {
        import.error(spot, "kubeadm-value", message, "");
    }
}
