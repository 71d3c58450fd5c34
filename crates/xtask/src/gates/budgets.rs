//! What the page and the npm package may weigh: groups of their files, each with a limit in bytes under brotli. The
//! groups are the tables of `tests/budgets.toml`.

use crate::build::measure::{Depth, Measure, measure};
use crate::build::package;
use crate::files::{Result, files_below, read};
use crate::project::Project;
use crate::sink::Sink;
use crate::toml;
use std::path::PathBuf;

/// One group.
#[derive(Debug)]
struct Budget {
    name: String,
    /// Whether the files are the npm package's, not those of `dist/`.
    of_package: bool,
    /// Globs, relative to that folder; each matches a file.
    files: Vec<String>,
    /// Bytes under brotli.
    limit: u64,
    /// Whether the folder may hold none of these files.
    optional: bool,
}

/// The gate: every group under its limit, and every file that a browser may load in a group.
pub(crate) fn check(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let budgets = parse(&read(&project.root.join("tests/budgets.toml"))?)?;
    let mut notes = Vec::new();
    let mut failures = Vec::new();
    for (of_package, folder) in [(false, project.dist()), (true, package::folder(project))] {
        let budgets: Vec<&Budget> = budgets.iter().filter(|budget| budget.of_package == of_package).collect();
        let loaded = |name: &String| !of_package || package::is_loaded(name);
        let files: Vec<String> = files_below(&folder)?.into_iter().filter(loaded).collect();
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file)).collect();
        let measures = measure(project, Depth::Brotli, &paths)?;
        let measured: Vec<(&str, &Measure)> = files.iter().map(String::as_str).zip(&measures).collect();
        for budget in &budgets {
            let (note, failure) = weigh(budget, &measured);
            sink.say(&note);
            notes.push(note);
            failures.extend(failure);
        }
        for (file, measure) in &measured {
            sink.say(&format!("  {file}: {} bytes, {} under brotli", measure.raw, measure.brotli));
            if !budgets.iter().any(|budget| budget.files.iter().any(|glob| matches(glob, file))) {
                failures.push(format!("no group of tests/budgets.toml counts {}", folder.join(file).display()));
            }
        }
    }
    if failures.is_empty() { Ok(notes) } else { Err(failures.join("\n")) }
}

/// A line with the group's figures, and what is wrong with them.
fn weigh(budget: &Budget, files: &[(&str, &Measure)]) -> (String, Vec<String>) {
    let of = |glob: &String| files.iter().filter(|(file, _)| matches(glob, file)).count();
    let mut failures: Vec<String> = Vec::new();
    if !budget.optional {
        let empty = budget.files.iter().filter(|glob| of(glob) == 0);
        failures.extend(empty.map(|glob| format!("{}: no file is {glob}", budget.name)));
    }
    let counted = files.iter().filter(|(file, _)| budget.files.iter().any(|glob| matches(glob, file)));
    let (raw, brotli) = counted.fold((0, 0), |sum, (_, one)| (sum.0 + one.raw, sum.1 + one.brotli));
    let note = format!("{}: {brotli} of {} bytes under brotli ({raw} raw)", budget.name, budget.limit);
    if brotli > budget.limit {
        failures.push(format!("{}: {} bytes over", note, brotli - budget.limit));
    }
    (note, failures)
}

fn parse(text: &str) -> Result<Vec<Budget>> {
    let row = |table: &toml::Table| {
        table.only(&["files", "limit", "of", "optional"])?;
        let limit = table.required("limit")?;
        Ok(Budget {
            name: table.name.clone(),
            of_package: table.text("of").as_deref() == Some("package"),
            files: table.list("files"),
            limit: limit.parse().map_err(|_| format!("[{}]: limit is {limit}, no number of bytes", table.name))?,
            optional: table.text("optional").as_deref() == Some("yes"),
        })
    };
    let budgets: Result<Vec<Budget>> = toml::parse(text).and_then(|tables| tables.iter().map(row).collect());
    budgets.map_err(|error| format!("tests/budgets.toml: {error}"))
}

/// Whether a name is what the glob says, where `*` stands for any run of characters but `/`, and `**` for any run.
fn matches(glob: &str, name: &str) -> bool {
    let Some(star) = glob.find('*') else { return glob == name };
    let Some(rest) = name.strip_prefix(&glob[..star]) else { return false };
    let (deep, after) = match glob[star..].strip_prefix("**") {
        Some(after) => (true, after),
        None => (false, &glob[star + 1..]),
    };
    let run = if deep { rest.len() } else { rest.find('/').unwrap_or(rest.len()) };
    (0..=run).filter(|&end| rest.is_char_boundary(end)).any(|end| matches(after, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, name, same) in [
            ("index.html", "index.html", true),
            ("boot-*.js", "boot-1a.js", true),
            ("boot-*.js", "boot-1a.css", false),
            ("web-*.js", "web-1/x.js", false),
            ("snippets/**", "snippets/a/b.js", true),
            ("*_bg.wasm", "worker_bg.wasm", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-c-d", false),
            ("*", "ä", true),
        ] {
            assert_eq!(matches(glob, name), same, "{glob} {name}");
        }
    }

    #[test]
    fn a_group_over_its_limit_or_without_a_file_fails() {
        let measure = Measure { raw: 300, brotli: 100, integrity: String::new() };
        let files = [("a.js", &measure), ("b.js", &measure), ("c.css", &measure)];
        let budget = |limit, glob: &str| Budget {
            name: "g".into(),
            of_package: false,
            files: vec![glob.into()],
            limit,
            optional: false,
        };
        assert_eq!(weigh(&budget(200, "*.js"), &files), ("g: 200 of 200 bytes under brotli (600 raw)".into(), vec![]));
        assert!(weigh(&budget(199, "*.js"), &files).1[0].contains("1 bytes over"));
        assert!(weigh(&budget(1, "*.png"), &files).1[0].contains("no file"));
        assert!(weigh(&Budget { optional: true, ..budget(1, "*.png") }, &files).1.is_empty());
    }

    #[test]
    fn the_committed_budgets_are_sound() {
        let budgets = parse(include_str!("../../../../tests/budgets.toml")).unwrap();
        assert!(budgets.iter().all(|budget| budget.limit > 0 && !budget.files.is_empty()));
    }
}
