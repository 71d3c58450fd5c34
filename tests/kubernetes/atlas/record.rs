//! What is recorded: of each connection and outcome, under which faults it comes, and what either end prints then.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kubepki_rehearsal::atlas::Entry;

/// Who printed what at one end.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// The component whose log it is.
    pub(crate) component: String,
    /// Whether it ended.
    pub(crate) ends: bool,
    /// The lines in their order, each with the verbosity from which on it is printed.
    pub(crate) lines: Vec<(u8, String)>,
}

/// What came of a call, in the words of `kubepki handshake`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    pub(crate) connection: String,
    /// The step at which either end stopped; empty for none.
    pub(crate) steps: [String; 2],
    pub(crate) status: Option<u16>,
}

/// The version of the etcd that is built (tests/kubernetes/machines/go.mod).
const ETCD: &str = "3.7.3";

/// Everything that was recorded.
#[derive(Debug, Default)]
pub(crate) struct Atlas {
    entries: Vec<(Outcome, [End; 2], BTreeSet<String>)>,
}

impl End {
    /// Whether both are one: the same component at the same step of its life, and what it prints overlaps. Which of its lines a
    /// component comes to print in a few seconds is chance.
    fn is_like(&self, other: &Self) -> bool {
        let shares = self.lines.iter().any(|line| other.lines.contains(line));
        self.component == other.component
            && self.ends == other.ends
            && (shares || self.lines.is_empty() == other.lines.is_empty() && self.lines.is_empty())
    }

    fn join(&mut self, other: Self) {
        let new: Vec<_> = other.lines.into_iter().filter(|line| !self.lines.contains(line)).collect();
        self.lines.extend(new);
    }
}

impl Atlas {
    pub(crate) fn add(&mut self, outcome: Outcome, client: End, server: End, fault: &str) {
        let like = |(other, [one, another], _): &&mut (Outcome, [End; 2], _)| {
            *other == outcome && one.is_like(&client) && another.is_like(&server)
        };
        match self.entries.iter_mut().find(like) {
            Some((_, [one, another], faults)) => {
                one.join(client);
                another.join(server);
                faults.insert(fault.to_owned());
            }
            None => self.entries.push((outcome, [client, server], [fault.to_owned()].into())),
        }
    }

    /// What differs from what was recorded: an outcome that is not there, a line that is new, or all lines of an end gone.
    pub(crate) fn differs_from(&self, recorded: &[Entry]) -> Vec<String> {
        let mut differences = Vec::new();
        for (outcome, ends, faults) in &self.entries {
            for fault in faults {
                let like = |entry: &&Entry| {
                    entry.connection == outcome.connection
                        && entry.steps == [outcome.steps[0].as_str(), outcome.steps[1].as_str()]
                        && entry.status == outcome.status
                        && entry.faults.contains(&fault.as_str())
                };
                let Some(entry) = recorded.iter().find(like) else {
                    differences.push(format!("{fault}: {outcome:?} was never recorded"));
                    continue;
                };
                for (seen, recorded) in ends.iter().zip(&entry.ends) {
                    let place = format!("{fault}: {} in the log of {}", outcome.connection, seen.component);
                    if seen.ends != recorded.ends {
                        differences.push(format!("{place}: it ended: {}, recorded: {}", seen.ends, recorded.ends));
                    }
                    let is_known = |line: &&(u8, String)| recorded.lines.iter().any(|(_, known)| *known == line.1);
                    let (known, new): (Vec<_>, Vec<_>) = seen.lines.iter().partition(is_known);
                    differences.extend(new.iter().map(|(_, line)| format!("{place}: new: {line}")));
                    if known.is_empty() && !recorded.lines.is_empty() {
                        differences.push(format!("{place}: gone: {:?}", recorded.lines));
                    }
                }
            }
        }
        differences
    }

    /// As the file has it.
    pub(crate) fn text(&self, version: &str) -> String {
        let mut out = format!("Kubernetes {}, etcd {ETCD}\n", version.trim_start_matches('v'));
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by(|one, other| (&one.0, &one.2).cmp(&(&other.0, &other.2)));
        for (outcome, [client, server], faults) in entries {
            let Outcome { connection, steps: [one, other], status } = outcome;
            let _ = write!(out, "\n# {connection}: {one} / {other}");
            if let Some(status) = status {
                let _ = write!(out, ", {status}");
            }
            let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            let _ = writeln!(out, "\nfaults: {}", faults.join(" "));
            for (word, end) in [("client", client), ("server", server)] {
                let _ = writeln!(out, "{word}: {}{}", end.component, if end.ends { ", ends" } else { "" });
                for (verbosity, line) in &end.lines {
                    let _ = writeln!(out, "{verbosity}| {line}");
                }
            }
        }
        out
    }
}
