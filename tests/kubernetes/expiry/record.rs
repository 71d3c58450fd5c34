//! The lines that components print when certificates end: written down, or compared with what was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use kubepki_core::catalog::expiry::Moment;
use kubepki_rehearsal::expiry;
use support::cluster::images;
use support::design;

use crate::lines::Known;
use crate::stand::Stand;

/// Who prints: the certificate that ends, the moment, and the component.
type Place = (&'static str, Moment, &'static str);

/// What was printed.
#[derive(Debug)]
pub(crate) struct Recorded {
    lines: BTreeMap<Place, BTreeSet<String>>,
}

fn file() -> PathBuf {
    design::tests_folder().join("../crates/rehearsal/src/expiry.txt")
}

impl Recorded {
    /// What is added to: nothing, or where it is recorded what was, for a run may play one scene alone.
    pub(crate) fn new(records: bool) -> Self {
        let mut new = Self { lines: BTreeMap::new() };
        for one in expiry::recorded().filter(|_| records) {
            new.add(one.id, one.moment, one.component, one.line.to_owned());
        }
        new
    }

    /// A line with its varying parts marked.
    pub(crate) fn marked(stand: &Stand, line: &str) -> String {
        let address = stand.address(0);
        Known::new(&format!("{address}:{}", stand.spec.bind_port), &address, stand.node(0), None, None, [None, None])
            .marked(line)
    }

    /// Adds one.
    pub(crate) fn add(&mut self, id: &'static str, moment: Moment, who: &'static str, line: String) {
        self.lines.entry((id, moment, who)).or_default().insert(line);
    }

    /// What was never recorded.
    pub(crate) fn differences(&self) -> Vec<String> {
        let known: BTreeSet<&str> = expiry::recorded().map(|one| one.line).collect();
        let new = self.lines.iter().flat_map(|(place, lines)| lines.iter().map(move |line| (place, line)));
        let new = new.filter(|(_, line)| !known.contains(line.as_str()));
        new.map(|((id, moment, who), line)| format!("{id} {moment:?}: {who} never said: {line}")).collect()
    }

    /// Writes the file.
    pub(crate) fn write(&self) {
        let version = images::version().trim_start_matches('v').to_owned();
        let mut out = format!("Kubernetes {version}, etcd {}\n", images::etcd_version());
        for ((id, moment, who), lines) in &self.lines {
            let _ = writeln!(out, "\n# {id}: {}: {who}", expiry::word(*moment));
            lines.iter().for_each(|line| out.push_str(&format!("{line}\n")));
        }
        std::fs::write(file(), out).expect("the file can be written");
    }
}
