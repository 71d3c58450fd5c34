//! A line of a log that is put into the search is told: what it means, and the connection that it is of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use kubepki_core::catalog::messages::explain;
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{ClusterSpec, link, parse};
use kubepki_core::view::ViewId;
use kubepki_core::view::address::escape;
use kubepki_rehearsal::atlas::{Entry, entries, find, read};
use kubepki_rehearsal::dials;
use kubepki_rehearsal::fault::fault;
use kubepki_study::{Asked, Sample, Study};

use crate::support::{NOW, entropy};

/// Entries of each connection that are tried: those of one have most lines in common.
const ENTRIES: usize = 5;
/// kubectl prints the same words with either file of an administrator and in a Pod.
const PRINTS_AS: &[(&str, &str)] =
    &[("super-admin->kube-apiserver", "kubectl->kube-apiserver"), ("pod->kube-apiserver", "kubectl->kube-apiserver")];
/// The designs on which faults are tried: others where a single node does not have it.
const PRESETS: [&str; 3] = ["single", "ha-stacked", "course"];

fn spec(preset: &str) -> ClusterSpec {
    parse(&Preset::named(preset).expect("a preset").draft()).0.expect("no errors")
}

/// What both ends print, and the one who asked is told, under the first fault of an entry that a preset shows, line by line, and the preset.
fn printed(entry: &Entry) -> Option<(&'static str, Vec<String>)> {
    let faults = entry.faults.iter().filter_map(|id| fault(id));
    for (fault, preset) in faults.flat_map(|fault| PRESETS.map(|preset| (fault, preset))) {
        let mut sample = Sample::new(&spec(preset), &[fault], NOW, entropy);
        let Ok(dial) = dials(&sample.stage, entry.connection, None) else { continue };
        let calls = sample.rehearse(&[dial], 0).unwrap_or_default();
        if let Some(call) = calls.iter().find(|call| entry.is_of_call(call)) {
            let logs = [&call.client.log, &call.server.log, &call.answer].into_iter().flatten();
            return Some((preset, logs.flat_map(|log| &log.lines).map(|line| line.text.clone()).collect()));
        }
    }
    None
}

/// The drawing of a text that was searched for, line by line.
fn told(design: &str, text: &str) -> Vec<String> {
    let selected = format!("message:{text}");
    let asked = Asked { design, view: ViewId::Hierarchy, selected: &selected, guide: "", now: NOW, pki: 0 };
    let sheet = Study::message(asked).expect("a design").expect("a sheet");
    let mut lines = Vec::new();
    sheet.iter().for_each(|one| one.to_lines(&mut lines));
    lines
}

#[test]
fn lines_of_every_connection_of_the_atlas_lead_to_it() {
    let all: BTreeSet<&str> = entries().iter().map(|entry| entry.connection).collect();
    let mut led: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut lines, mut unknown, mut elsewhere) = (0, Vec::new(), Vec::new());
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries() {
        let number = tried.entry(entry.connection).or_default();
        *number += 1;
        if *number > ENTRIES {
            continue;
        }
        let Some((preset, printed)) = printed(entry) else { continue };
        let design = link::encode(&Preset::named(preset).expect("a preset").draft());
        for line in printed {
            lines += 1;
            let told = told(&design, &line);
            if told.iter().any(|one| one.starts_with("\"No message about certificates")) {
                unknown.push(format!("{}: {line}", entry.connection));
                continue;
            }
            let leads = |id: &str| {
                let to = escape(&format!("connection:{id}"));
                told.iter().any(|one| one.starts_with("data-go=") && one.contains(&to))
            };
            let other = PRINTS_AS.iter().find(|(id, _)| *id == entry.connection).map(|(_, other)| *other);
            // A kubelet that nobody lets in says so of its own calls, beside those to it.
            let of_others: Vec<_> =
                explain(&line).iter().flat_map(|one| &one.arose).filter_map(|at| at.connection).collect();
            match leads(entry.connection) || other.is_some_and(leads) {
                true => *led.entry(entry.connection).or_default() += 1,
                false if !of_others.is_empty() && of_others.iter().all(|id| leads(id)) => {}
                false => elsewhere.push(format!("{}: {line}", entry.connection)),
            }
        }
    }
    println!("{lines} lines: {led:?}");
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert_eq!(led.keys().copied().collect::<BTreeSet<_>>(), all);
    assert!(elsewhere.is_empty(), "{} of {lines}: {elsewhere:#?}", elsewhere.len());
}

/// What older versions print otherwise is no less known.
#[test]
fn lines_of_older_versions_are_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/kubernetes/atlas");
    let listed = fs::read_dir(&folder).expect("the folder of what was recorded").flatten().map(|one| one.path());
    let files: Vec<_> = listed.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    assert!(!files.is_empty());
    let mut unknown = Vec::new();
    for file in files {
        for entry in read(fs::read_to_string(&file).expect("it is text").leak()) {
            for (end, (_, line)) in entry.all_ends().flat_map(|end| end.lines.iter().map(move |line| (end, line))) {
                // Inner messages have tests of their own.
                let inner = "x509: certificate signed by unknown authority";
                let whole = line.replace("{message/q}", inner).replace("{message}", inner);
                let has_newest = entries()
                    .iter()
                    .flat_map(Entry::all_ends)
                    .any(|one| one.lines.iter().any(|(_, known)| known == line));
                if !has_newest && explain(&whole).is_empty() {
                    unknown.push(format!("{}: {}: {line}", file.display(), end.component));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// Whoever types words of a line, and not all of it, finds it as well.
#[test]
fn words_of_each_recorded_line_find_it() {
    let lines = entries().iter().flat_map(Entry::all_ends).flat_map(|end| &end.lines).map(|(_, line)| *line);
    let mut missed = Vec::new();
    let mut asked = BTreeSet::new();
    for line in lines.collect::<BTreeSet<_>>() {
        let plain = |word: &&str| word.len() > 3 && !word.contains(['{', '}', '\\', '"']);
        let words: Vec<&str> = line.split_whitespace().filter(plain).take(3).collect();
        // Lines that differ in what varies have the same words.
        if words.len() == 3
            && asked.insert(words.join(" "))
            && !find(&words.join(" "), &explain(&words.join(" "))).iter().any(|one| one.line == line)
        {
            missed.push(format!("{words:?}: {line}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_known_to_nobody_is_said_so() {
    let design = link::encode(&Preset::named("single").expect("a preset").draft());
    let lines = told(&design, "nothing of the kind");
    assert!(lines.iter().any(|one| one.starts_with("\"No message about certificates is recognised")), "{lines:?}");
    // A connection that the design has not is named, and leads nowhere.
    let course = link::encode(&Preset::named("course").expect("a preset").draft());
    let lines = told(&course, "rejected connection on client endpoint");
    assert!(lines.iter().any(|one| one.contains("→ etcd")), "{lines:?}");
}
