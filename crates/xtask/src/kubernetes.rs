//! The gate in which Kubernetes' own components judge. They are shown a root folder that stands for a machine, and only root
//! may do that.

use crate::gates::run_lines;
use crate::project::{Project, Result, is_root};
use crate::sink::Sink;

/// Runs the judges. Where this user is not root, it says what was not judged, and fails where CI said that it is CI.
pub(crate) fn check(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    if !is_root() {
        let said = "NOT JUDGED, for only root may show kubeadm a folder as a machine: what kubeadm makes of each design beside \
                    what kubepki makes, and what it does with an export. Run this gate as root";
        return if std::env::var_os("CI").is_some() { Err(said.to_owned()) } else { Ok(vec![said.to_owned()]) };
    }
    run_lines(project, sink, JUDGES, ".", &[])
}

/// What the judges are asked: beside the exports, each value of the tables from which kubeadm's files are read.
const JUDGES: &[&str] = &[
    "cargo test --package kubepki-tests --features kubernetes --test kubernetes",
    "cargo test --package kubepki-tests --features kubernetes --test clusters",
    "cargo test --package kubepki-yaml --lib judged -- --ignored",
];
