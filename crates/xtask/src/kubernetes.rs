//! The gate in which Kubernetes' own components judge. They are shown a root folder that stands for a machine, and only root
//! may do that.

use crate::project::{Project, Result};
use crate::sink::Sink;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

/// Runs the judges. Where this user is not root, it says what was not judged, and fails where CI said that it is CI.
pub(crate) fn check(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    if !fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        let said = "NOT JUDGED, for only root may show kubeadm a folder as a machine: what kubeadm makes of each design beside \
                    what kubepki makes, and what it does with an export. Run this gate as root";
        return if std::env::var_os("CI").is_some() { Err(said.to_owned()) } else { Ok(vec![said.to_owned()]) };
    }
    for line in JUDGES {
        let mut cargo = project.command("cargo");
        cargo.args(line.split(' ')).current_dir(&project.root).envs(project.gate_variables());
        sink.run(&mut cargo)?;
    }
    Ok(Vec::new())
}

/// What the judges are asked: beside the exports, each value of the tables from which kubeadm's files are read.
const JUDGES: &[&str] = &[
    "test --package kubepki-tests --features kubernetes --test kubernetes",
    "test --package kubepki-yaml --lib judged -- --ignored",
];
