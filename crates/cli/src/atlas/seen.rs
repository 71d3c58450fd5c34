//! Which messages components were recorded with: in the atlas, when certificates ended, and where each was made to print its own
//! (`tests/kubernetes/messages`). Asked of `explain`, line by line.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kubepki_core::catalog::messages::{explain, messages};
use kubepki_rehearsal::expiry;
use kubepki_rehearsal::fault::faults;

use super::calls;
use super::page::check;

/// A file of the test that has components print messages.
fn made(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/kubernetes/messages").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_message_names_the_components_that_were_recorded_with_it() {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |component: &str, line: &str| {
        seen.extend(explain(line).into_iter().map(|one| (one.row.title(), component.to_owned())));
    };
    for call in faults().iter().flat_map(calls) {
        for log in [&call.client.log, &call.server.log, &call.answer].into_iter().flatten() {
            log.lines.iter().for_each(|line| add(log.component, &line.text));
        }
    }
    expiry::recorded().for_each(|one| add(one.component, one.line));
    // Which message it is the run has asked of each line, before what varies was marked.
    for head in made("recorded.txt").lines().filter_map(|line| line.strip_prefix("# ")) {
        let (component, title) = head.split_once(": ").expect("a component and its message");
        seen.insert((title.to_owned(), component.to_owned()));
    }
    let mut text = String::new();
    for title in messages().map(|row| row.title()) {
        let components: Vec<&str> =
            seen.iter().filter(|(row, _)| *row == title).map(|(_, component)| component.as_str()).collect();
        if !components.is_empty() {
            text.push_str(&format!("{}| {title}\n", components.join(" ")));
        }
    }
    check("crates/rehearsal/src/atlas/seen.txt", &text);
    // What no component was made to print says why.
    let rows: toml::Table = made("rows.toml").parse().expect("rows.toml is TOML");
    let not_made = rows["not-made"].as_array().expect("it is a list");
    let not_made: BTreeSet<&str> = not_made.iter().filter_map(|row| row["message"].as_str()).collect();
    let unseen: Vec<String> =
        messages().map(|row| row.title()).filter(|title| !seen.iter().any(|(one, _)| one == title)).collect();
    assert_eq!(unseen.iter().map(String::as_str).collect::<BTreeSet<_>>(), not_made);
}
