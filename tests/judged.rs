//! What is said of Kubernetes' own components as judges: README says what their last runs recorded, and these were runs of the
//! versions that are pinned.

use std::collections::BTreeSet;
use std::fs;

use support::design::tests_folder;
use support::judged;

/// A file at the top of the checkout.
fn file(name: &str) -> (std::path::PathBuf, String) {
    let path = tests_folder().join("..").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (path, text)
}

#[test]
fn readme_says_what_the_last_runs_judged() {
    let (path, text) = file("README.md");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (begins, wanted) in judged::rows() {
        let row = lines.iter_mut().find(|line| line.starts_with(&format!("| {begins}")));
        let row = row.unwrap_or_else(|| panic!("README's table of judges has no row that begins with {begins}"));
        if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            *row = wanted;
        } else {
            assert!(
                *row == wanted,
                "README's row of {begins} is not what tests/kubernetes/judged.toml says: run `UPDATE_GOLDEN=1 cargo test -p \
                 kubepki-tests --test judged`, read the difference and commit\n- {row}\n+ {wanted}"
            );
        }
    }
    let new = lines.join("\n") + "\n";
    if new != text {
        fs::write(path, new).expect("README can be written");
    }
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
