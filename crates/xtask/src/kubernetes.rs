//! The gate in which Kubernetes' own components judge. They are shown a root folder that stands for a machine, and only root
//! may do that.

use crate::gates::{Asked, run_lines};
use crate::project::{Project, Result, is_root};
use crate::sink::Sink;
use crate::tools::{ALL_VERSIONS, Tool};

/// Runs the judges. Where this user is not root, it says what was not judged, and fails where CI said that it is CI.
pub(crate) fn check(project: &Project, sink: &Sink, asked: &Asked) -> Result<Vec<String>> {
    if !is_root() {
        let said = "NOT JUDGED, for only root may show kubeadm a folder as a machine: what kubeadm makes of each design beside \
                    what kubepki makes, what it does with an export, and the clusters that exports become. Run this gate as root";
        return if std::env::var_os("CI").is_some() { Err(said.to_owned()) } else { Ok(vec![said.to_owned()]) };
    }
    let mut notes = Vec::new();
    for tool in versions(project, asked) {
        let program = tool.program(&project.cache).ok_or("the components have no path")?;
        let program = program.to_str().ok_or_else(|| format!("{} is no text", program.display()))?;
        let mut variables = vec![("KUBEPKI_KUBERNETES", program)];
        variables.extend(asked.record.then_some(("KUBEPKI_RECORD", "1")));
        // What one run has time for, all versions get as much as is asked of them.
        variables.extend(asked.all_versions.then_some(("KUBEPKI_DRAWN", DRAWN)));
        run_lines(project, sink, JUDGES, ".", &variables)
            .map_err(|error| format!("Kubernetes {}: {error}", tool.version))?;
        notes.push(format!("Kubernetes {} judged", tool.version));
    }
    let mut variables: Vec<(&str, &str)> = Vec::new();
    variables.extend(asked.record.then_some(("KUBEPKI_RECORD", "1")));
    variables.extend(asked.all_versions.then_some(("KUBEPKI_CLUSTERS", "all")));
    run_lines(project, sink, NEWEST, ".", &variables)?;
    if asked.all_versions {
        run_lines(project, sink, LONG, ".", &variables)?;
    }
    if asked.record {
        run_lines(project, sink, SAID, ".", &[("UPDATE_GOLDEN", "1")])?;
        notes.push("README and the page say what was judged".to_owned());
    }
    Ok(notes)
}

/// The versions that judge: the newest, or all.
pub(crate) fn versions<'a>(project: &'a Project, asked: &Asked) -> impl Iterator<Item = &'a Tool> {
    let names = if asked.all_versions { &["kubernetes", ALL_VERSIONS][..] } else { &["kubernetes"] };
    project.tools.iter().filter(|tool| tool.name == "kubernetes" && tool.serves(names))
}

/// What the newest version is asked beside that: whether exports become clusters, and what components print under faults; of
/// every kind where all versions judge.
const NEWEST: &[&str] = &[
    "cargo test --package kubepki-tests --features kubernetes --test clusters",
    "cargo test --package kubepki-tests --features kubernetes --test atlas",
];

/// What takes minutes of waiting: which file each component reads again while it runs, and what goes on when a certificate ends.
const LONG: &[&str] = &[
    "cargo test --package kubepki-tests --features kubernetes --test reload",
    "cargo test --package kubepki-tests --features kubernetes --test expiry",
];

/// What writes into README and the page's list what was recorded.
const SAID: &[&str] = &["cargo test --package kubepki-tests --test judged"];

/// What each version is asked.
const JUDGES: &[&str] = &["cargo test --package kubepki-tests --features kubernetes --test kubernetes"];

/// How many designs are drawn by lot for each version where all versions judge.
const DRAWN: &str = "300";
