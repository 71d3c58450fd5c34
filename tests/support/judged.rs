//! `tests/kubernetes/judged.toml`: what Kubernetes' own components judged, by component and version. A run compares what it saw
//! with the file; one that records (`cargo xtask test kubernetes --record`) writes it. README says what the file says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use serde::Deserialize;

use crate::design::tests_folder;

/// What components are asked: the component, the question's name, and the sentence that README then has, with the figures of
/// the run in braces.
const QUESTIONS: &[(&str, &str, &str)] = &[
    (
        "kubeadm",
        "designs",
        "beside its own `init phase certs`, `kubeconfig`, `control-plane` and `etcd`: every file, mode, name, usage, extension \
         and its order, period, kubeconfig, flag, mount and probe, and the configuration of every node, of {designs} designs, \
         {facts} facts",
    ),
    ("kubeadm", "drawn", "the same of {designs} designs more that were drawn by lot, {facts} facts"),
    ("kubeadm", "kept", "on an export of {designs} designs it keeps every file, and lists it"),
    ("kubeadm", "renewed", "of {designs} designs it renews each of {files} files as it is"),
    (
        "kubeadm",
        "values",
        "{values} values of the table that reads its files: accepted, or refused in the same words, by its `config validate`",
    ),
    (
        "kubeadm",
        "forms",
        "{forms} forms of its files: what `config validate`, `config migrate` and `init` each say to them, and what it then takes \
         for what the file leaves open",
    ),
];

/// What a component was asked in a run, and the figures of what it answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The component.
    pub component: String,
    /// Its version, as it says it (`v1.37.2`).
    pub version: String,
    /// What it was asked.
    pub question: String,
    /// How much was compared, by name.
    pub figures: BTreeMap<String, usize>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    judged: Vec<Judged>,
}

fn path() -> PathBuf {
    tests_folder().join("kubernetes/judged.toml")
}

/// All that was recorded, in the order of versions, newest first, and of questions.
///
/// # Panics
/// Where the file cannot be read, or says of a question that is not asked.
pub fn recorded() -> Vec<Judged> {
    let path = path();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for row in &table.judged {
        assert!(place(row).is_some(), "{}: nobody asks this any more: {row:?}", path.display());
    }
    table.judged
}

/// Where a row's question stands in the table.
fn place(row: &Judged) -> Option<usize> {
    QUESTIONS.iter().position(|(component, question, _)| (*component, *question) == (&*row.component, &*row.question))
}

/// Notes what a component was asked and what came of it: compares it with what is recorded, or records it.
///
/// # Panics
/// Where something else is recorded, or nothing is.
#[track_caller]
pub fn saw(component: &str, version: &str, question: &str, figures: &[(&str, usize)]) {
    // Tests of one run do this side by side.
    static WRITES: Mutex<()> = Mutex::new(());
    let _alone = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
    let figures = figures.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    let now =
        Judged { component: component.to_owned(), version: version.to_owned(), question: question.to_owned(), figures };
    assert!(place(&now).is_some(), "QUESTIONS has no {component}: {question}");
    let of = |row: &Judged| (row.component.clone(), row.version.clone(), row.question.clone());
    let mut rows = recorded();
    let before = rows.iter().position(|row| of(row) == of(&now));
    if env::var_os("KUBEPKI_RECORD").is_some_and(|value| value == "1") {
        before.map(|index| rows.remove(index));
        rows.push(now);
        rows.sort_by_key(|row| (std::cmp::Reverse(numbers(&row.version)), place(row)));
        fs::write(path(), text(&rows)).expect("the record can be written");
        return;
    }
    let said = before.map(|index| &rows[index].figures);
    assert!(
        said == Some(&now.figures),
        "tests/kubernetes/judged.toml says {said:?} of {component} {version}: {question}, and this run saw {:?}. If that is \
         meant, run `cargo xtask test kubernetes --record` and commit",
        now.figures
    );
}

/// The numbers of a version, for its order.
fn numbers(version: &str) -> Vec<u32> {
    version.trim_start_matches('v').split('.').filter_map(|part| part.parse().ok()).collect()
}

fn text(rows: &[Judged]) -> String {
    let mut out = "# What Kubernetes' own components judged, written by `cargo xtask test kubernetes --record`, with --all-versions\n\
                   # for every version. A run whose components judged something else than this says of their version fails.\n"
        .to_owned();
    for Judged { component, version, question, figures } in rows {
        let figures: Vec<String> = figures.iter().map(|(name, number)| format!("{name} = {number}")).collect();
        let _ = write!(
            out,
            "\n[[judged]]\ncomponent = \"{component}\"\nversion = \"{version}\"\nquestion = \"{question}\"\nfigures = {{ {} }}\n",
            figures.join(", ")
        );
    }
    out
}

/// README's row for a component: its versions, and what they judged, in sentences. Of figures that differ between versions the
/// smallest; what only some of them were asked names those.
pub fn row(component: &str) -> String {
    let rows: Vec<Judged> = recorded().into_iter().filter(|row| row.component == component).collect();
    let bare = |rows: &[&Judged]| {
        let mut versions: Vec<&str> = rows.iter().map(|row| row.version.trim_start_matches('v')).collect();
        versions.dedup();
        versions.join(", ")
    };
    let all = bare(&rows.iter().collect::<Vec<_>>());
    let sentence = |(of, question, sentence): &(&str, &str, &str)| {
        let asked: Vec<&Judged> =
            rows.iter().filter(|row| (*of, *question) == (&*row.component, &*row.question)).collect();
        let mut figures = BTreeMap::<&str, usize>::new();
        for (name, number) in asked.iter().flat_map(|row| &row.figures) {
            figures.entry(name).and_modify(|least| *least = (*number).min(*least)).or_insert(*number);
        }
        let filled =
            |text: String, (name, number): (&str, usize)| text.replace(&format!("{{{name}}}"), &thousands(number));
        let text = figures.into_iter().fold((*sentence).to_owned(), filled);
        let by = bare(&asked);
        match by.is_empty() {
            true => None,
            false if by == all => Some(text),
            false => Some(format!("{text} (asked of {by})")),
        }
    };
    let sentences: Vec<String> = QUESTIONS.iter().filter_map(sentence).collect();
    let versions = match all.split_once(", ") {
        Some((newest, older)) => format!("{newest}, and with `--all-versions` {older}"),
        None => all,
    };
    format!("| {component} {versions}, built from its module | {} |", sentences.join("; "))
}

/// The components of which something is recorded.
pub fn components() -> BTreeSet<String> {
    recorded().into_iter().map(|row| row.component).collect()
}

/// `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or_default()).collect();
    parts.join(",")
}
