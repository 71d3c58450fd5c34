//! The gate in which Kubernetes' own components judge. They are shown a root folder that stands for a machine, and only root
//! may do that.

use crate::files::Result;
use crate::gates::asked::Asked;
use crate::gates::lines::run_lines;
use crate::project::{Project, is_root};
use crate::sink::Sink;
use crate::tools::{ALL_VERSIONS, Tool};
use std::path::Path;
use std::{fs, thread};

/// Runs the judges. Where this user is not root, it says what was not judged, and fails where CI said that it is CI.
pub(crate) fn check(project: &Project, sink: &Sink, asked: &Asked) -> Result<Vec<String>> {
    if !is_root() {
        let said = "NOT JUDGED, for only root may show kubeadm a folder as a machine: what kubeadm makes of each design beside \
                    what kubepki makes, what it does with an export, and the clusters that exports become. Run this gate as root";
        return if std::env::var_os("CI").is_some() { Err(said.to_owned()) } else { Ok(vec![said.to_owned()]) };
    }
    built(project, sink)?;
    let mut notes = Vec::new();
    for (index, tool) in versions(project, asked).enumerate() {
        let program = tool.program(&project.cache).ok_or("the components have no path")?;
        let program = program.to_str().ok_or_else(|| format!("{} is no text", program.display()))?;
        let mut variables = vec![("KUBEPKI_KUBERNETES", program)];
        variables.extend(asked.record.then_some(("KUBEPKI_RECORD", "1")));
        // What one run has time for, all versions get as much as is asked of them, and the newest every cluster and fault.
        variables.extend(asked.all_versions.then_some(("KUBEPKI_DRAWN", DRAWN)));
        if asked.all_versions && index == 0 {
            variables.extend([("KUBEPKI_CLUSTERS", "all"), ("KUBEPKI_FAULTS", "all")]);
        }
        let judge = |tests: &[&str]| {
            side_by_side(project, sink, tests, &variables)
                .map_err(|error| format!("Kubernetes {}: {error}", tool.version))
        };
        judge(JUDGES)?;
        if asked.all_versions {
            judge(if index == 0 { &[RELOAD, EXPIRY] } else { &[RELOAD] })?;
        }
        notes.push(format!("Kubernetes {} judged", tool.version));
    }
    if asked.record {
        run_lines(project, sink, SAID, ".", &[("UPDATE_GOLDEN", "1"), ("KUBEPKI_RECORD", "figures")])?;
        notes.push("README and the page say what was judged".to_owned());
    }
    Ok(notes)
}

/// Builds all of its tests at once.
fn built(project: &Project, sink: &Sink) -> Result<()> {
    let tests = [JUDGES, &[RELOAD, EXPIRY]].concat().iter().map(|test| format!(" --test {test}")).collect::<String>();
    run_lines(project, sink, &[&format!("{TESTS} --no-run{tests}")], ".", &[]).map(drop)
}

/// Runs tests at the same time, for most of theirs is spent in waiting for components. What they printed follows, that of those
/// that failed last.
fn side_by_side(project: &Project, sink: &Sink, tests: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    sink.say(&format!("{} run side by side; what they print follows when all have ended", tests.join(", ")));
    let one = |test: &str| -> (Result<()>, String) {
        let run = |path: &Path| {
            run_lines(project, &sink.beside(path)?, &[&format!("{TESTS} --test {test}")], ".", variables).map(drop)
        };
        match project.scratch(&format!("kubernetes-{test}.log")) {
            Ok(path) => (run(&path), String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned()),
            Err(error) => (Err(error), String::new()),
        }
    };
    let mut ended: Vec<(Result<()>, String)> = thread::scope(|scope| {
        let running: Vec<_> = tests.iter().map(|test| scope.spawn(move || one(test))).collect();
        let panicked = |_| (Err("it panicked".to_owned()), String::new());
        running.into_iter().map(|one| one.join().unwrap_or_else(panicked)).collect()
    });
    ended.sort_by_key(|(result, _)| result.is_err());
    ended.iter().for_each(|(_, printed)| sink.say(printed));
    let failed: Vec<String> = ended.into_iter().filter_map(|(result, _)| result.err()).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

/// The versions that judge: the newest, or all.
pub(crate) fn versions<'a>(project: &'a Project, asked: &Asked) -> impl Iterator<Item = &'a Tool> {
    let names = if asked.all_versions { &["kubernetes", ALL_VERSIONS][..] } else { &["kubernetes"] };
    project.tools.iter().filter(|tool| tool.name == "kubernetes" && tool.serves(names))
}

/// How each is run.
const TESTS: &str = "cargo test --package kubepki-tests --features kubernetes";

/// What each version is asked: what kubeadm makes, whether exports become clusters, what components print under faults, and
/// whether they print what `explain` knows.
const JUDGES: &[&str] = &["kubernetes", "clusters", "atlas", "messages"];

/// What takes minutes of waiting, and is asked where all versions judge: of each, which file a component reads again while it
/// runs; of the newest, what goes on when a certificate ends.
const RELOAD: &str = "reload";
const EXPIRY: &str = "expiry";

/// What writes into README and the page's list what was recorded.
const SAID: &[&str] = &["cargo test --package kubepki-tests --test judged"];

/// How many designs are drawn by lot for each version where all versions judge.
const DRAWN: &str = "300";
