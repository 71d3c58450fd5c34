//! The five documents that this product was asked for: each of their statements, tables, commands, flags and devices is
//! listed in `seeds/`, in our own words, with the place that covers or corrects it and words that stand at that place.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kubepki_learn::lessons;

use crate::seen::Page;

/// What stands in the place's stead where nothing here covers a statement yet: it is listed, and not claimed.
const NOT_COVERED: &str = "not covered";

/// How many statements are listed so.
const UNCOVERED: usize = 31;

/// Begins a place that says what is right, for a statement that is wrong or stale: the step of a lesson.
const CORRECTION: &str = "correction:";

/// Why a line, `statement | place | words | more words`, claims what it has not earned; nothing where a reader finds all
/// the words at the place.
fn unearned(page: &mut Page, line: &str) -> Option<String> {
    let mut parts = line.split(" | ");
    let (statement, place) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let words: Vec<&str> = parts.collect();
    if statement.is_empty() || words.is_empty() || words.iter().any(|words| words.trim().is_empty()) {
        return Some("it says nothing, or names no words to look for".to_owned());
    }
    let place = place.strip_prefix(CORRECTION).map_or_else(|| place.to_owned(), |step| format!("lesson:{step}"));
    let Some(seen) = page.seen(&place) else { return Some(format!("there is nothing at {place:?}")) };
    if let Some(missing) = words.iter().find(|words| !seen.contains(*words)) {
        return Some(format!("{missing:?} does not stand at {place}: {seen}"));
    }
    // Words that another step says as well are no sign that this one says it.
    let others = steps().into_iter().filter(|_| place.starts_with("lesson:"));
    let mut others = others.filter(|one| *one != place && !place.starts_with(&format!("{one}/")));
    let same = others.find(|one| page.seen(one).is_some_and(|seen| words.iter().all(|words| seen.contains(words))));
    same.map(|other| format!("{words:?} stand at {other} as well, so they do not tell"))
}

/// Every step of every lesson.
fn steps() -> Vec<String> {
    let of = |lesson: kubepki_learn::Lesson| {
        (1..=lesson.steps.len()).map(move |step| format!("lesson:{}/{step}", lesson.id))
    };
    lessons().into_iter().flat_map(of).collect()
}

#[test]
fn every_statement_is_covered_or_corrected() {
    let mut page = Page::new();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds");
    let mut files: Vec<_> = fs::read_dir(seeds).expect("seeds").map(|one| one.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files.len(), 5);
    let (mut wrong, mut corrected, mut uncovered) = (Vec::new(), BTreeSet::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let statements: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(statements.len() >= 25, "{}", file.display());
        for line in statements {
            if line.ends_with(&format!(" | {NOT_COVERED}")) {
                uncovered += 1;
                continue;
            }
            wrong.extend(unearned(&mut page, line).map(|why| format!("{}: {line}\n{why}", file.display())));
            let place = line.split(" | ").nth(1).unwrap_or_default();
            corrected.extend(place.strip_prefix(CORRECTION).map(str::to_owned));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(uncovered, UNCOVERED, "one that is covered by now is listed with the place that says it");
    assert!(corrected.len() > 8, "corrections stand where a learner meets them: {corrected:?}");
}

#[test]
fn a_claim_is_refused_whose_place_does_not_say_it() {
    let mut page = Page::new();
    assert_eq!(unearned(&mut page, "keys | lesson:names/1 | server-key.pem"), None);
    for (line, why) in [
        ("keys | lesson:names/1 | server.key.pem", "\"server.key.pem\" does not stand"),
        ("keys | lesson:names/1 | server-key.pem | Server-Key.pem", "\"Server-Key.pem\" does not stand"),
        ("keys | lesson:names/1", "names no words"),
        ("keys | lesson:names/1 | ", "names no words"),
        ("keys | lesson:names/1 | server-key.pem | ", "names no words"),
        ("keys", "names no words"),
        ("etcd | lesson:etcd/1 | etcd", "so they do not tell"),
        ("an end | lesson:keys/9 | key", "there is nothing"),
        ("a lesson | lesson:nothing/1 | key", "there is nothing"),
        ("a correction | correction:keys/9 | key", "there is nothing"),
        ("a lab | lab:nothing.0 | cluster", "there is nothing"),
        ("a flag | flag:etcd-nothing@cp-1 | etcd", "there is nothing"),
        ("a call | connection:etcd->kubectl | etcd", "there is nothing"),
        ("a check | cis:1.5.0:9.9.9 | CIS", "there is nothing"),
        ("a view | view:nothing | CA", "there is nothing"),
        ("a name | search:nothing-is-called-so | kube", "there is nothing"),
        // A hit, but not of that name.
        ("a name | search:scheduler.key | kube-proxy", "\"kube-proxy\" does not stand"),
        // The picture's own words, not those of what is beside it.
        ("a pair | view:connections | kube-apiserver → kube-scheduler", "does not stand"),
    ] {
        let said = unearned(&mut page, line).unwrap_or_else(|| panic!("{line} is believed"));
        assert!(said.contains(why), "{line}: {said}");
    }
}

/// Names of files and flags, a line each, with what the first hit says.
#[test]
fn every_name_that_the_documents_use_finds_what_it_names() {
    let mut page = Page::new();
    let names = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names.txt");
    let text = fs::read_to_string(names).expect("names");
    let names: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(names.len() > 70, "{}", names.len());
    let wrong: Vec<String> =
        names.iter().filter_map(|line| unearned(&mut page, &format!("its name | search:{line}"))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
