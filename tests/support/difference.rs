//! `tests/differences.toml`: where judges disagree, each with its reason. A difference that is not listed fails, and so
//! does one that is listed and has vanished.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

use crate::cluster::images;
use crate::design::tests_folder;

/// One known difference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The judge that differs.
    pub judge: String,
    /// The minors of Kubernetes at which it differs (`1.36`); none named stands for all, and for judges without versions.
    #[serde(default)]
    pub versions: Vec<String>,
    /// The design, or `*` for all.
    pub design: String,
    /// What it is asked about: `id@node usage`, or what the test names.
    pub question: String,
    /// A part of what it says.
    pub says: String,
    /// Why that is right.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    difference: Vec<Difference>,
}

/// The known differences of one judge, and which of them were met.
#[derive(Debug)]
pub struct Known {
    judge: &'static str,
    rows: Vec<Difference>,
    met: BTreeSet<usize>,
    unknown: Vec<String>,
}

impl Known {
    /// The differences of a judge.
    pub fn of(judge: &'static str) -> Self {
        Self::table(judge, |_| true)
    }

    /// The differences of a judge that is a component of Kubernetes, at the version that runs.
    pub fn of_version(judge: &'static str) -> Self {
        let is_of = |minors: &[String]| minors.is_empty() || minors.iter().any(|one| one == images::minor());
        Self::table(judge, |row| is_of(&row.versions))
    }

    fn table(judge: &'static str, holds: impl Fn(&Difference) -> bool) -> Self {
        let path = tests_folder().join("differences.toml");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("differences.toml: {error}"));
        let rows: Vec<Difference> =
            table.difference.into_iter().filter(|row| row.judge == judge && holds(row)).collect();
        assert!(rows.iter().all(|row| row.reason.len() > 20), "each difference of {judge} needs a reason");
        Self { judge, rows, met: BTreeSet::new(), unknown: Vec::new() }
    }

    /// Notes that the judge said something else than expected.
    pub fn differs(&mut self, design: &str, question: &str, says: &str) {
        let fits = |row: &Difference| {
            (row.design == "*" || row.design == design)
                && (row.question == question
                    || row.question.strip_prefix("* ").is_some_and(|end| question.ends_with(end)))
                && says.contains(&row.says)
        };
        match self.rows.iter().position(fits) {
            Some(row) => drop(self.met.insert(row)),
            None => self.unknown.push(format!("{design}: {question}: {says}")),
        }
    }

    /// How many of the known differences showed.
    pub fn met(&self) -> usize {
        self.met.len()
    }

    /// Ends the judgement.
    ///
    /// # Panics
    /// When a difference was not listed, or a listed one did not show.
    #[track_caller]
    pub fn finish(self) {
        assert!(self.unknown.is_empty(), "{} differs:\n{}", self.judge, self.unknown.join("\n"));
        for (index, row) in self.rows.iter().enumerate() {
            assert!(
                self.met.contains(&index),
                "this difference has vanished, take it out of differences.toml: {row:#?}"
            );
        }
    }
}
