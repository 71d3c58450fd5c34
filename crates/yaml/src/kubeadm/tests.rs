//! The table, row by row: each accepted value is taken, each refused one refused at its place in kubeadm's words.

use std::collections::BTreeSet;

use kubepki_core::diag::Severity;
use kubepki_core::spec::{Draft, Value};

use super::row::{Effect, FieldRow, Kind};
use super::rows::ROWS;
use crate::outcome::{Outcome, read};

type Fields = Vec<(&'static str, String)>;

/// What documents need so that nothing but the row's value can be wrong.
fn base(row: &FieldRow, kind: Kind) -> Fields {
    let token = ("discovery.bootstrapToken.token", "abcdef.0123456789abcdef");
    let endpoint = ("discovery.bootstrapToken.apiServerEndpoint", "10.0.0.11:6443");
    let hash = ("discovery.bootstrapToken.unsafeSkipCAVerification", "true");
    let fields: Vec<(&'static str, &'static str)> = match kind {
        Kind::Cluster if row.path.starts_with("etcd.external.") => vec![
            ("kubernetesVersion", "v1.37.1"),
            ("etcd.external.endpoints", "['https://10.0.0.31:2379']"),
            ("etcd.external.caFile", "/etc/kubernetes/pki/etcd/ca.crt"),
            ("etcd.external.certFile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
            ("etcd.external.keyFile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
        ],
        Kind::Cluster => vec![("kubernetesVersion", "v1.37.1")],
        Kind::Init => vec![("nodeRegistration.name", "cp-1"), ("localAPIEndpoint.advertiseAddress", "10.0.0.11")],
        Kind::Join if row.path.starts_with("controlPlane.") => vec![
            ("nodeRegistration.name", "cp-2"),
            ("controlPlane.localAPIEndpoint.advertiseAddress", "10.0.0.12"),
            token,
            endpoint,
            hash,
        ],
        Kind::Join => vec![
            ("nodeRegistration.name", "w-1"),
            ("nodeRegistration.kubeletExtraArgs", "[{name: node-ip, value: 10.0.0.21}]"),
            token,
            endpoint,
            hash,
        ],
        Kind::Upgrade | Kind::Kubelet => Vec::new(),
    };
    fields.into_iter().map(|(path, value)| (path, value.to_owned())).collect()
}

/// Writes fields as YAML; the place of the value at `wanted`.
fn write(out: &mut String, fields: &[(&str, String, bool)], indent: usize, place: &mut (u32, u32)) {
    let mut done = BTreeSet::new();
    for (path, value, wanted) in fields {
        let (head, rest) = path.split_once('.').map_or((*path, None), |(head, rest)| (head, Some(rest)));
        if !done.insert(head) {
            continue;
        }
        if head == "*" {
            // A list of one mapping: its dash stands where the indentation ends.
            let mut inner = String::new();
            let lines = out.lines().count();
            let mut at = (0, 0);
            let items: Vec<_> =
                fields.iter().map(|(path, value, wanted)| (&path[2..], value.clone(), *wanted)).collect();
            write(&mut inner, &items, indent, &mut at);
            inner.replace_range(indent - 2..indent - 1, "-");
            out.push_str(&inner);
            if at.0 > 0 {
                *place = (at.0 + u32::try_from(lines).unwrap(), at.1);
            }
            return;
        }
        out.push_str(&format!("{:indent$}{head}:", ""));
        if rest.is_some() {
            out.push('\n');
            let below: Vec<_> = fields
                .iter()
                .filter_map(|(path, value, wanted)| {
                    Some((path.strip_prefix(head)?.strip_prefix('.')?, value.clone(), *wanted))
                })
                .collect();
            write(out, &below, indent + 2, place);
        } else {
            if *wanted {
                *place = (u32::try_from(out.lines().count()).unwrap(), u32::try_from(indent + head.len() + 3).unwrap());
            }
            out.push_str(&format!(" {value}\n"));
        }
    }
}

/// A file whose documents kubeadm accepts but for a value at a row's path, and the place of that value.
pub(super) fn file(row: &FieldRow, value: &str) -> (String, (u32, u32)) {
    let mut kinds = vec![Kind::Init, Kind::Cluster];
    if !kinds.contains(&row.kind) {
        kinds.push(row.kind);
    }
    let (mut text, mut place) = (String::new(), (0, 0));
    for kind in kinds {
        let group = if kind == Kind::Kubelet { "kubelet.config.k8s.io/v1beta1" } else { "kubeadm.k8s.io/v1beta4" };
        text.push_str(&format!("---\napiVersion: {group}\nkind: {}\n", kind.word()));
        let mut fields: Vec<(&str, String, bool)> =
            base(row, kind).into_iter().map(|(path, value)| (path, value, false)).collect();
        if kind == row.kind {
            fields.retain(|(path, ..)| *path != row.path);
            fields.push((row.path, value.to_owned(), true));
        }
        write(&mut text, &fields, 0, &mut place);
    }
    (text, place)
}

fn errors(outcome: &Outcome) -> Vec<String> {
    let errors = outcome.findings.iter().filter(|one| one.diagnostic.severity == Severity::Error);
    errors.map(|one| one.diagnostic.to_string()).collect()
}

#[test]
fn every_row_takes_what_kubeadm_accepts() {
    for row in ROWS {
        let (text, _) = file(row, row.accepted);
        let outcome = read(&[("kubeadm.yaml", text.as_bytes())], &Draft::default());
        let name = format!("{} {}", row.kind.word(), row.path);
        let draft = outcome.draft.as_ref().unwrap_or_else(|| panic!("{name}: {:?}\n{text}", errors(&outcome)));
        let Effect::Sets(fields) = &row.effect else { continue };
        for field in *fields {
            let taken = match draft.value(*field) {
                Value::Text(text) => text.clone(),
                Value::List(items) => items.join(","),
            };
            assert_eq!(taken, row.accepted.trim_matches(['[', ']']), "{name}: {field:?}");
        }
    }
}

#[test]
fn every_row_refuses_what_kubeadm_refuses_at_its_place_and_in_its_words() {
    for row in ROWS {
        let (text, (line, column)) = file(row, row.refused);
        let outcome = read(&[("kubeadm.yaml", text.as_bytes())], &Draft::default());
        let name = format!("{} {}", row.kind.word(), row.path);
        assert!(outcome.draft.is_none(), "{name} is taken:\n{text}");
        assert_eq!(errors(&outcome).len(), 1, "{name}: {:?}\n{text}", errors(&outcome));
        let end = column + u32::try_from(row.refused.len()).unwrap();
        let at_place = outcome.findings.iter().any(|one| {
            one.diagnostic.position.is_some_and(|at| at.line == line && (column..end).contains(&at.column))
                && one.diagnostic.message.contains(row.message)
                && one.diagnostic.field.starts_with(&format!("{}.", row.kind.word()))
        });
        assert!(at_place, "{name} at {line}:{column}, {:?}: {:?}\n{text}", row.message, errors(&outcome));
    }
}

#[test]
fn rows_are_unique() {
    let mut seen = BTreeSet::new();
    for row in ROWS {
        assert!(seen.insert((row.kind.word(), row.path)), "{} {}", row.kind.word(), row.path);
    }
}
