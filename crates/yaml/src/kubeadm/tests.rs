//! The table, row by row: each accepted value is taken, each refused one refused at its place in kubeadm's words.

use std::collections::BTreeSet;

use kubepki_core::diag::Severity;
use kubepki_core::spec::{Draft, Value};

use super::row::Effect;
use super::rows::ROWS;
use super::values::file;
use crate::outcome::Outcome;
use crate::read::read;

/// The version of Kubernetes that the files are for.
const VERSION: &str = "v1.34.4";

fn errors(outcome: &Outcome) -> Vec<String> {
    let errors = outcome.findings.iter().filter(|one| one.diagnostic.severity == Severity::Error);
    errors.map(|one| one.diagnostic.to_string()).collect()
}

#[test]
fn every_row_takes_what_kubeadm_accepts() {
    for row in ROWS {
        let (text, _) = file(row, row.accepted, VERSION);
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
        let (text, (line, column)) = file(row, row.refused, VERSION);
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
