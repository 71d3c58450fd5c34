//! What is said of Kubernetes' own components as judges: README says what their last runs recorded, and these were runs of the
//! versions that are pinned.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Mutex, PoisonError};

use support::design::tests_folder;
use support::{golden, judged, programs};

/// A file at the top of the checkout.
fn file(name: &str) -> (std::path::PathBuf, String) {
    let path = tests_folder().join("..").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (path, text)
}

/// README, as the last runs want it; written where it is not, with UPDATE_GOLDEN=1.
fn readme() -> String {
    // Tests of one run do this side by side.
    static WRITES: Mutex<()> = Mutex::new(());
    let _alone = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
    let (path, text) = file("README.md");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut row = |begins: &str, wanted: &dyn Fn(&str) -> String| {
        let row = lines.iter_mut().find(|line| line.starts_with(&format!("| {begins}")));
        let row = row.unwrap_or_else(|| panic!("README's table of judges has no row that begins with {begins}"));
        let wanted = wanted(row);
        if golden::rewrites() {
            *row = wanted;
        } else {
            assert!(
                *row == wanted,
                "README's row of {begins} is not what tests/kubernetes/judged.toml says: run `UPDATE_GOLDEN=1 cargo test -p \
                 kubepki-tests --test judged`, read the difference and commit\n- {row}\n+ {wanted}"
            );
        }
    };
    for (begins, wanted) in judged::rows() {
        row(begins, &|_| wanted.clone());
    }
    judged::saw_programs();
    for label in programs::LABELS {
        let begins = label.split('{').next().unwrap_or_default().trim_end();
        // What it accepted stands in README.
        row(begins, &|row| {
            let rest = row.split_once('|').and_then(|(_, rest)| rest.split_once('|')).map_or("", |(_, rest)| rest);
            format!("| {} |{rest}", judged::named(label))
        });
    }
    let new = lines.join("\n") + "\n";
    if new != text {
        fs::write(path, &new).expect("README can be written");
    }
    new
}

#[test]
fn readme_says_what_the_last_runs_judged() {
    assert!(readme().contains("\n## What accepted the export\n"));
}

/// A text without the addresses of its links: the page has no network to follow them.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(words, to)| Some((words, to.split_once(')')?.1)));
        let (words, after) = link.unwrap_or(("[", after));
        out.push_str(before);
        out.push_str(words);
        rest = after;
    }
    out + rest
}

/// The page's list of judges is README's table, and what stands below it: a row is `program | what it accepted`.
#[test]
fn the_page_says_of_judges_what_readme_says() {
    let readme = readme();
    let section = readme.split("\n## What accepted the export\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().expect("its end");
    let (table, below): (Vec<&str>, Vec<&str>) = section
        .split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .skip(1)
        .partition(|part| part.starts_with('|'));
    let row = |line: &str| line.trim_matches('|').trim().to_owned();
    let rows = table.iter().flat_map(|table| table.lines().skip(2).map(row));
    let all: Vec<String> =
        rows.chain(below.iter().map(|part| part.replace('\n', " "))).map(|one| unlinked(&one)).collect();
    let text = all.join("\n") + "\n";
    let place = "crates/study/src/judges.txt";
    let path = tests_folder().join("..").join(place);
    if golden::rewrites() {
        fs::write(&path, &text).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|said| said == text),
        "{place} is not README's table of judges: run `UPDATE_GOLDEN=1 cargo test -p kubepki-tests --test judged`, read the \
         difference and commit"
    );
}

#[test]
fn the_versions_that_judged_are_pinned_and_the_newest_is_among_them() {
    let tools: toml::Table = file("tools.toml").1.parse().expect("tools.toml is TOML");
    let kubernetes = &tools["kubernetes"];
    let text = |value: &toml::Value| format!("v{}", value.as_str().expect("a version is a text"));
    let newest = text(&kubernetes["version"]);
    let older = kubernetes["older"].as_array().expect("older versions are a list");
    let pinned: BTreeSet<String> = older.iter().map(text).chain([newest.clone()]).collect();
    let judged: BTreeSet<String> = judged::recorded().into_iter().map(|row| row.version).collect();
    assert!(judged.contains(&newest), "{newest} is not recorded: {judged:?}");
    assert!(judged.is_subset(&pinned), "recorded are {judged:?}, pinned {pinned:?}");
}
