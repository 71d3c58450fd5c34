//! A document against the table: shapes and values are checked in kubeadm's words, effects carried out, and what the
//! table does not name is listed.

use kubepki_core::diag::{Diagnostic, Quoted};
use kubepki_core::snippet::kubeadm::Api;

use super::import::Import;
use super::kind::{Holds, Kind};
use super::known::{self, Known, Since, Type};
use super::row::{Effect, FieldRow};
use super::rows::ROWS;
use super::spot::Spot;
use crate::load::MOST_FINDINGS;
use crate::near::nearest;
use crate::tree::{Key, Node, Value};

/// Beyond so many unknown fields no guess is made at what was meant.
const MOST_GUESSES: usize = 100;

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
        if document.kind == Kind::Cluster && pattern.strip_prefix("featureGates.").is_some_and(|gate| gate == key.text)
        {
            import.gates.push((key.text.clone(), spot.place_of(key.at)));
        }
        let is_below = |start: &str| {
            let below = |path: &str| path.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'));
            ROWS.iter().any(|row| row.kind == document.kind && below(row.path))
                || known::all().any(|one| one.kind == document.kind && below(one.path))
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

/// What Go's JSON decoder says of a value of the wrong type. It names fields, not items.
pub(super) fn cannot(spot: &Spot<'_>, go: &str) -> String {
    let called = spot.called();
    let names: Vec<&str> = called.split('.').filter(|part| !part.bytes().all(|one| one.is_ascii_digit())).collect();
    format!("json: cannot unmarshal {} into Go struct field {} of type {go}", spot.node.kind(), names.join("."))
}

/// A field that is not in the table: one that kubeadm knows and no design holds, or one that stands in a wrong place, or one
/// with a typing error.
fn unknown(import: &mut Import, spot: &Spot<'_>, key: &Key, pattern: &str) {
    if import.found.len() >= MOST_FINDINGS {
        return;
    }
    let few = import.found.len() < MOST_GUESSES;
    let rows = || ROWS.iter().filter(|row| row.kind == spot.kind).map(|row| row.path);
    if let Some(known) = known::find(spot.kind, spot.api, pattern) {
        return left(import, spot, known, pattern);
    }
    let other = known::all().find(|one| one.kind == spot.kind && one.path == pattern);
    if let Some(since) = other.map(|one| one.since) {
        let hint = match since {
            Since::Old => "v1beta4 has no such field any more: here it has no effect",
            Since::Both | Since::New => "v1beta4 has it, since Kubernetes 1.31: here it has no effect",
        };
        return misplaced(import, spot, key, hint);
    }
    let known = || known::all().filter(|one| one.kind == spot.kind).map(|one| one.path);
    let same = |path: &str| path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(&key.text));
    let here = few.then(|| nearest(pattern, rows().chain(known()))).flatten().map(str::to_owned);
    // The same word in another document.
    let elsewhere = || {
        let of_rows = ROWS.iter().map(|row| (row.kind, row.path));
        let all = of_rows.chain(known::all().map(|one| (one.kind, one.path)));
        let names = all
            .filter(|(kind, path)| *kind != spot.kind && same(path))
            .map(|(kind, path)| format!("{} of {}", path, kind.word()));
        names.take(3).collect::<Vec<_>>().join(" or ")
    };
    let there = || Some(elsewhere()).filter(|names| few && !names.is_empty());
    let hint = match here.or_else(there) {
        Some(meant) => format!("is {meant} meant? Here it has no effect: kubeadm init ignores it with a warning"),
        None => "kubeadm knows no such field: kubeadm init ignores it with a warning".to_owned(),
    };
    misplaced(import, spot, key, &hint);
}

/// A field that kubeadm does not know where it stands.
fn misplaced(import: &mut Import, spot: &Spot<'_>, key: &Key, hint: &str) {
    // As kubeadm names it: with what stands above, an item by its number.
    let mut path = String::new();
    for part in spot.path.split('.') {
        match part.bytes().all(|one| one.is_ascii_digit()) {
            true => path.push_str(&format!("[{part}]")),
            false if path.is_empty() => path.push_str(part),
            false => path.push_str(&format!(".{part}")),
        }
    }
    let message = format!("unknown field {}", Quoted(&path));
    import.say(&spot.place_of(key.at), Diagnostic::warning("kubeadm-unknown-field", "", message).with_hint(hint));
}

/// A field that kubeadm knows and a design has no place for: its type is checked, and it is left to the user's own file.
/// Nothing, and an empty text, are as if it stood not there.
fn left(import: &mut Import, spot: &Spot<'_>, known: Known, pattern: &str) {
    let empty = spot.node.is_null() || (spot.node.kind() == "string" && ["", "0s"].contains(&spot.text()));
    if empty {
        return;
    }
    // A gate's value is a truth value, whatever stands above it.
    let gate = known.holds == Type::Gates && known.path == "featureGates" && pattern != known.path;
    let go = if gate {
        Some(("bool", "bool"))
    } else if known.path == pattern {
        known.holds.go()
    } else {
        None
    };
    if let Some((shape, go)) = go
        && spot.node.kind() != shape
    {
        let hint = match shape {
            "string" => format!("kubeadm wants quotes: \"{}\"", spot.text()),
            "array" => "write a list: [a, b]".to_owned(),
            "bool" => "true or false, without quotes".to_owned(),
            _ => String::new(),
        };
        return import.error(spot, "kubeadm-type", cannot(spot, go), &hint);
    }
    if known.holds == Type::Texts {
        for item in spot.node.items().iter().filter(|item| item.kind() != "string") {
            let item = Spot { node: item, ..*spot };
            let hint = format!("kubeadm wants quotes: \"{}\"", item.text());
            import.error(&item, "kubeadm-type", cannot(&item, "string"), &hint);
        }
    }
    // Gates are settings one by one.
    if known.holds == Type::Gates && known.path == "featureGates" && pattern == known.path {
        for (gate, value) in spot.node.entries() {
            let (path, pattern) = (below(spot.path, &gate.text), below(pattern, &gate.text));
            left(import, &Spot { path: &path, node: value, ..*spot }, known, &pattern);
        }
        return;
    }
    let value = spot.node.text().map(str::to_owned).or_else(|| list_text(spot.node));
    let component = if spot.kind == Kind::Kubelet { "kubelet" } else { "kubeadm" };
    import.leave(component, pattern, value.as_deref(), spot);
}

/// The texts of a list, joined by commas.
fn list_text(node: &Node) -> Option<String> {
    let texts: Option<Vec<&str>> = node.items().iter().map(Node::text).collect();
    texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(","))
}

/// Whether a value is Go's zero value for what a field holds: kubeadm then takes the default (v1beta4/defaults.go).
fn is_zero(row: &FieldRow, spot: &Spot<'_>) -> bool {
    let text = spot.text();
    match row.holds {
        Holds::Text | Holds::Commas => spot.node.kind() == "string" && text.is_empty(),
        Holds::Number => spot.node.kind() == "number" && text == "0",
        Holds::Duration => super::rule::is_no_time(text) && spot.node.kind() == "string",
        Holds::List | Holds::Flag | Holds::Arguments | Holds::Anything => false,
    }
}

/// A field that the table names.
fn field(import: &mut Import, row: &FieldRow, spot: &Spot<'_>) {
    if spot.node.is_null() || (!row.needed && is_zero(row, spot)) {
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
        let hint = format!("kubeadm wants quotes: \"{}\"", spot.text());
        return import.error(spot, "kubeadm-type", cannot(spot, go), &hint);
    }
    if row.holds == Holds::Number && spot.text().parse::<i64>().is_err() {
        let message = cannot(spot, go).replacen("number", &format!("number {}", spot.text()), 1);
        return import.error(spot, "kubeadm-type", message, "a whole number");
    }
    check(import, row, spot);
    match row.effect {
        Effect::Nothing => {}
        Effect::Leaves => {
            let path = spot.path.split('.').filter(|part| !part.bytes().all(|one| one.is_ascii_digit()));
            import.leave("kubeadm", path.collect::<Vec<_>>().join("."), None, spot);
        }
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
                    (Some(text), _) if item.node.kind() != "string" => {
                        let hint = format!("kubeadm wants quotes: \"{text}\"");
                        import.error(&item, "kubeadm-type", cannot(&item, "string"), &hint);
                    }
                    (Some(text), Some(rule)) => judge(import, &item, rule(text)),
                    (Some(_), None) => {}
                }
            }
        }
        Holds::Commas => {
            // kubeadm names the whole text, whichever of its items is wrong.
            let whole = |item: &str, message: String| {
                message.replacen(&Quoted(item).to_string(), &Quoted(spot.text()).to_string(), 1)
            };
            let wrong = |rule: fn(&str) -> Option<String>| {
                spot.text().split(',').find_map(|item| Some(whole(item, rule(item)?)))
            };
            judge(import, spot, row.rule.and_then(wrong).or_else(|| super::rule::families(spot.text())));
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
