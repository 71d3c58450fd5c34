//! The gate in which Kubernetes' own components judge. They are shown a root folder that stands for a machine, and only root
//! may do that.

use crate::gates::{Asked, run_lines};
use crate::project::{Project, Result, is_root, read};
use crate::sink::Sink;
use crate::tools::{ALL_VERSIONS, Tool};

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
        // What one run has time for, all versions get as much as is asked of them, and the newest every cluster.
        variables.extend(asked.all_versions.then_some(("KUBEPKI_DRAWN", DRAWN)));
        variables.extend((asked.all_versions && index == 0).then_some(("KUBEPKI_CLUSTERS", "all")));
        let judge = |tests: &[&str]| {
            side_by_side(project, sink, tests, &variables)
                .map_err(|error| format!("Kubernetes {}: {error}", tool.version))
        };
        judge(JUDGES)?;
        if asked.all_versions {
            judge(LONG)?;
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
    let tests = [JUDGES, LONG].concat().iter().map(|test| format!(" --test {test}")).collect::<String>();
    run_lines(project, sink, &[&format!("{TESTS} --no-run{tests}")], ".", &[]).map(drop)
}

/// Runs tests at the same time, for most of theirs is spent in waiting for components. What each prints follows as it ends.
fn side_by_side(project: &Project, sink: &Sink, tests: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    sink.say(&format!("{} run side by side, and what each printed follows when it ends", tests.join(", ")));
    let one = |test: &str| {
        let path = project.scratch(&format!("kubernetes-{test}.log"))?;
        let result = run_lines(project, &sink.beside(&path)?, &[&format!("{TESTS} --test {test}")], ".", variables);
        sink.say(&read(&path)?);
        result.map(drop)
    };
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let running: Vec<_> = tests.iter().map(|test| scope.spawn(move || one(test))).collect();
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("it panicked".to_owned()))).collect()
    });
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

/// The versions that judge: the newest, or all.
pub(crate) fn versions<'a>(project: &'a Project, asked: &Asked) -> impl Iterator<Item = &'a Tool> {
    let names = if asked.all_versions { &["kubernetes", ALL_VERSIONS][..] } else { &["kubernetes"] };
    project.tools.iter().filter(|tool| tool.name == "kubernetes" && tool.serves(names))
}

/// How each is run.
const TESTS: &str = "cargo test --package kubepki-tests --features kubernetes";

/// What each version is asked: what kubeadm makes, whether exports become clusters, and what components print under faults.
const JUDGES: &[&str] = &["kubernetes", "clusters", "atlas"];

/// What takes minutes of waiting: which file each component reads again while it runs, and what goes on when a certificate ends.
const LONG: &[&str] = &["reload", "expiry"];

/// What writes into README and the page's list what was recorded.
const SAID: &[&str] = &["cargo test --package kubepki-tests --test judged"];

/// How many designs are drawn by lot for each version where all versions judge.
const DRAWN: &str = "300";
