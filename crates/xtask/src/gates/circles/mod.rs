//! The gate against circles of imports: of two files of a crate that need each other, neither can be read, tested or moved
//! without the other. What both need belongs in a third, below both. What an import is, `imports` says.
//!
//! Imports that are still to be broken are the rows of `tests/circles.toml`: without them there is no circle, and a row
//! without which there would be none either is an error, so that the table only ever gets shorter.

mod content;
mod graph;
mod imports;
mod modules;
mod reader;
mod tokens;

use crate::files::{Result, files_below, read};
use crate::project::Project;
use crate::sink::Sink;
use crate::toml;
use graph::Graph;
use imports::Imports;
use modules::{Sources, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The table, from the top of the checkout.
const TABLE: &str = "tests/circles.toml";

/// The gate: no circle in any crate, but for the imports of the table.
pub(crate) fn check(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let rows = parse(&read(&project.root.join(TABLE))?).map_err(|error| format!("{TABLE}: {error}"))?;
    let mut failures: Vec<String> = Vec::new();
    let mut notes = Vec::new();
    let crates = crates(project)?;
    failures.extend(
        rows.keys()
            .filter(|folder| !crates.contains(folder))
            .map(|folder| format!("{TABLE}: there is no crate {folder}")),
    );
    for folder in &crates {
        let sources = sources(&project.root.join(folder).join("src"))?;
        let tree = Tree::read(&sources).map_err(|error| format!("{folder}/src: {error}"))?;
        let all = imports::imports(&tree);
        notes.extend(told(folder, &all));
        failures.extend(judged(folder, &all, rows.get(folder).unwrap_or(&BTreeSet::new())));
    }
    sink.say(&format!("{} crates read", crates.len()));
    if failures.is_empty() { Ok(notes) } else { Err(failures.join("\n\n")) }
}

/// The folders of the crates that are shipped or build what is, from the top of the checkout.
fn crates(project: &Project) -> Result<Vec<String>> {
    let below = project.root.join("crates");
    let entries = std::fs::read_dir(&below).map_err(|error| format!("{}: {error}", below.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut all: Vec<String> = names.map(|name| format!("crates/{name}")).chain(["web".to_owned()]).collect();
    all.retain(|folder| project.root.join(folder).join("Cargo.toml").is_file());
    all.sort();
    Ok(all)
}

fn sources(folder: &Path) -> Result<Sources> {
    let names = files_below(folder)?.into_iter().filter(|name| name.ends_with(".rs"));
    names.map(|name| Ok((name.clone(), read(&folder.join(&name))?))).collect()
}

/// Imports that are to be broken, by the crate's folder, as `(from, to)` below its `src/`.
type Rows = BTreeMap<String, BTreeSet<(String, String)>>;

fn parse(text: &str) -> Result<Rows> {
    let mut rows = Rows::new();
    for table in toml::parse(text)? {
        table.only(&["imports", "reason"])?;
        table.required("reason")?;
        table.required("imports")?;
        let (folder, from) =
            table.name.split_once("/src/").ok_or_else(|| format!("[{}] is no file of a crate", table.name))?;
        let imports = table.list("imports").into_iter().map(|to| (from.to_owned(), to));
        rows.entry(folder.to_owned()).or_default().extend(imports);
    }
    Ok(rows)
}

/// How many files are in each circle of a crate, those that the table knows too.
fn told(folder: &str, all: &Imports) -> Option<String> {
    let graph: Graph = all.keys().collect();
    let sizes: Vec<String> = graph.knots().iter().map(|knot| knot.len().to_string()).collect();
    (!sizes.is_empty()).then(|| format!("{folder}: files that import each other, still: {}", sizes.join(", ")))
}

/// A sentence for each circle that the table does not explain, and for each of its rows that explains none.
fn judged(folder: &str, all: &Imports, known: &BTreeSet<(String, String)>) -> Vec<String> {
    let rest: Graph = all.keys().filter(|edge| !known.contains(*edge)).collect();
    let circles = rest.knots().into_iter().map(|knot| shown(folder, all, &rest, &knot));
    let stale = known.iter().filter_map(|(from, to)| {
        let row = format!("{TABLE}: [{folder}/src/{from}] has `{to}`");
        match (all.contains_key(&(from.clone(), to.clone())), rest.way(to, from)) {
            (false, _) => Some(format!("{row}, which it no longer imports: take it out")),
            (true, None) => Some(format!("{row}, which is in no circle any more: take it out")),
            (true, Some(_)) => None,
        }
    });
    circles.chain(stale).collect()
}

/// The shortest circle of a knot with the imports that make it, and what else is in the knot.
fn shown(folder: &str, all: &Imports, graph: &Graph, knot: &BTreeSet<&str>) -> String {
    let circles = knot.iter().filter_map(|name| graph.circle(name));
    let circle = circles.min_by_key(Vec::len).unwrap_or_default();
    let mut text = format!("{folder}/src: files that import each other; what they share belongs in a file below both:");
    for pair in circle.windows(2) {
        let import = &all[&(pair[0].to_owned(), pair[1].to_owned())];
        text += &format!("\n  {}:{} takes {} from {}", pair[0], import.line, import.path, pair[1]);
    }
    let others: Vec<&str> = knot.iter().copied().filter(|name| !circle.contains(name)).collect();
    if !others.is_empty() {
        text += &format!("\n  in further circles with these: {}", others.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports_of(files: &[(&str, &str)]) -> Imports {
        let sources: Sources = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        imports::imports(&Tree::read(&sources).unwrap())
    }

    const CIRCLE: &[(&str, &str)] = &[
        ("lib.rs", "mod plan;\nmod check;\nmod error;"),
        ("plan.rs", "use crate::error::Error;\nuse crate::check::judge;"),
        ("check.rs", "pub fn judge(plan: &super::plan::Plan) {}"),
        ("error.rs", "pub struct Error;"),
    ];

    fn row(from: &str, to: &str) -> BTreeSet<(String, String)> {
        BTreeSet::from([(from.to_owned(), to.to_owned())])
    }

    #[test]
    fn a_circle_is_told_by_its_files_and_imports() {
        let all = imports_of(CIRCLE);
        let failures = judged("crates/x", &all, &BTreeSet::new());
        assert_eq!(failures.len(), 1);
        for part in [
            "crates/x/src",
            "plan.rs:2 takes crate::check::judge from check.rs",
            "check.rs:1 takes super::plan::Plan from plan.rs",
        ] {
            assert!(failures[0].contains(part), "{part}: {}", failures[0]);
        }
        assert!(!failures[0].contains("error.rs"));
        assert_eq!(told("crates/x", &all).unwrap(), "crates/x: files that import each other, still: 2");
    }

    #[test]
    fn files_in_one_direction_make_none() {
        let all = imports_of(&[CIRCLE[0], CIRCLE[1], ("check.rs", "use crate::error::Error;"), CIRCLE[3]]);
        assert_eq!(judged("crates/x", &all, &BTreeSet::new()), [""; 0]);
        assert_eq!(told("crates/x", &all), None);
    }

    #[test]
    fn a_row_stands_for_a_circle_as_long_as_there_is_one() {
        let all = imports_of(CIRCLE);
        assert_eq!(judged("crates/x", &all, &row("plan.rs", "check.rs")), [""; 0]);
        let stale = judged("crates/x", &all, &row("plan.rs", "error.rs"));
        assert!(
            stale.iter().any(|one| one.contains("[crates/x/src/plan.rs] has `error.rs`, which is in no circle")),
            "{stale:?}"
        );
        let gone = judged("crates/x", &all, &row("error.rs", "plan.rs"));
        assert!(gone.iter().any(|one| one.contains("which it no longer imports")), "{gone:?}");
    }

    #[test]
    fn a_row_names_a_file_what_it_imports_and_why() {
        let rows = parse("[crates/a/src/b/c.rs]\nimports = [\"d.rs\", \"e.rs\"]\nreason = \"to be broken\"\n").unwrap();
        assert_eq!(rows["crates/a"].len(), 2);
        assert!(rows["crates/a"].contains(&("b/c.rs".to_owned(), "d.rs".to_owned())));
        assert!(parse("[crates/a/src/b.rs]\nimports = [\"d.rs\"]\n").unwrap_err().contains("reason"));
        assert!(parse("[b.rs]\nimports = [\"d.rs\"]\nreason = \"x\"\n").unwrap_err().contains("no file of a crate"));
    }
}
