//! `tests/judge/types.toml`: which fields Kubernetes' configuration files have.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::design::tests_folder;

/// API version, type, field, and what the field holds.
type Table = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// The types of all API versions that the product writes.
#[derive(Debug)]
pub struct Types(Table);

impl Types {
    /// Reads the table.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn read() -> Self {
        let path = tests_folder().join("judge/types.toml");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(toml::from_str(&text).unwrap_or_else(|error| panic!("types.toml: {error}")))
    }

    /// What is wrong with a document for a minor release: fields that its type has not, and values of another kind.
    pub fn problems(&self, document: &Value, minor: u16) -> Vec<String> {
        let text = |key: &str| document[key].as_str().unwrap_or_default().to_owned();
        let (api, kind) = (text("apiVersion"), text("kind"));
        let Some(types) = self.0.get(&api).filter(|types| types.contains_key(&kind)) else {
            return vec![format!("no type {kind} in {api:?}")];
        };
        let mut found = Vec::new();
        let mut body = document.clone();
        if let Some(map) = body.as_object_mut() {
            map.retain(|key, _| key != "apiVersion" && key != "kind");
        }
        Walk { types, minor, found: &mut found }.value(&kind, &body, &kind);
        found
    }
}

struct Walk<'a> {
    types: &'a BTreeMap<String, BTreeMap<String, String>>,
    minor: u16,
    found: &'a mut Vec<String>,
}

impl Walk<'_> {
    fn value(&mut self, holds: &str, value: &Value, place: &str) {
        if let Some(inner) = holds.strip_prefix("list ") {
            match value.as_array() {
                Some(items) => {
                    items
                        .iter()
                        .enumerate()
                        .for_each(|(index, item)| self.value(inner, item, &format!("{place}.{index}")));
                }
                None => self.found.push(format!("{place} is no list: {value}")),
            }
            return;
        }
        if let Some(inner) = holds.strip_prefix("map ") {
            match value.as_object() {
                Some(map) => map.iter().for_each(|(key, item)| self.value(inner, item, &format!("{place}.{key}"))),
                None => self.found.push(format!("{place} is no mapping: {value}")),
            }
            return;
        }
        let fits = match holds {
            "any" => true,
            "string" => value.is_string(),
            "bool" => value.is_boolean(),
            "int" => value.is_i64() || value.is_u64(),
            "float" => value.is_number(),
            "duration" => value.as_str().is_some_and(is_duration),
            name => return self.object(name, value, place),
        };
        if !fits {
            self.found.push(format!("{place} is no {holds}: {value}"));
        }
    }

    fn object(&mut self, name: &str, value: &Value, place: &str) {
        let Some(fields) = self.types.get(name) else {
            return self.found.push(format!("{place}: types.toml has no type {name}"));
        };
        let Some(map) = value.as_object() else { return self.found.push(format!("{place} is no mapping: {value}")) };
        for (key, item) in map {
            let place = format!("{place}.{key}");
            match fields.get(key) {
                None => self.found.push(format!("{place}: {name} has no such field")),
                Some(holds) => {
                    let (holds, since) = holds.split_once(" since ").unwrap_or((holds, "0"));
                    if since.parse::<u16>().is_ok_and(|since| since > self.minor) {
                        self.found.push(format!("{place}: only since 1.{since}"));
                    }
                    self.value(holds, item, &place);
                }
            }
        }
    }
}

/// A duration as Go reads it: numbers, each with a unit.
fn is_duration(text: &str) -> bool {
    !text.is_empty()
        && text
            .split_inclusive(|one: char| one.is_ascii_alphabetic())
            .all(|part| part.ends_with(['h', 'm', 's']) && part[..part.len() - 1].parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_wrong_is_found() {
        let types = Types::read();
        let api = "kubeadm.k8s.io/v1beta4";
        let good = json!({"apiVersion": api, "kind": "ClusterConfiguration", "certificateValidityPeriod": "8760h0m0s",
            "apiServer": {"extraArgs": [{"name": "a", "value": "b"}]}});
        assert_eq!(types.problems(&good, 31), Vec::<String>::new());
        for (bad, minor) in [
            (json!({"apiVersion": api, "kind": "ClusterConfiguration", "clustername": "a"}), 37),
            (json!({"apiVersion": api, "kind": "ClusterConfiguration", "clusterName": 1}), 37),
            (json!({"apiVersion": api, "kind": "ClusterConfiguration", "apiServer": {"extraArgs": {"a": "b"}}}), 37),
            (json!({"apiVersion": api, "kind": "ClusterConfiguration", "certificateValidityPeriod": "365d"}), 37),
            (
                json!({"apiVersion": api, "kind": "ClusterConfiguration", "etcd": {"external": {"httpEndpoints": []}}}),
                34,
            ),
            (
                json!({"apiVersion": "kubeadm.k8s.io/v1beta3", "kind": "ClusterConfiguration", "encryptionAlgorithm": "RSA-2048"}),
                30,
            ),
            (json!({"apiVersion": "v1", "kind": "Pod"}), 37),
        ] {
            assert_eq!(types.problems(&bad, minor).len(), 1, "{bad}");
        }
    }
}
