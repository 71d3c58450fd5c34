//! What is recorded: of each connection and outcome, under which faults it comes, and what either end prints then.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kubepki_rehearsal::atlas::{Entry, RecordedEnd, entries};

/// Who printed what at one end.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// The component whose log it is.
    pub(crate) component: String,
    /// Whether it ended.
    pub(crate) ends: bool,
    /// Within how many seconds the first line stood there.
    pub(crate) within: Option<u32>,
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

/// What is printed about a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ends {
    pub(crate) client: End,
    pub(crate) server: End,
    /// What whoever had the client call is told, where somebody has.
    pub(crate) answer: Option<End>,
}

/// Everything that was recorded.
#[derive(Debug, Default)]
pub(crate) struct Atlas {
    entries: Vec<(Outcome, Ends, BTreeSet<String>)>,
}

impl Ends {
    /// With their words in the file.
    fn named(&self) -> impl Iterator<Item = (&'static str, &End)> {
        let answer = self.answer.iter().map(|end| ("answer", end));
        [("client", &self.client), ("server", &self.server)].into_iter().chain(answer)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.client.is_same(&other.client) && self.server.is_same(&other.server)
    }

    fn is_like(&self, other: &Self) -> bool {
        self.client.is_like(&other.client) && self.server.is_like(&other.server)
    }

    fn join(&mut self, other: Self) {
        self.client.join(other.client);
        self.server.join(other.server);
        match (&mut self.answer, other.answer) {
            (Some(own), Some(other)) => own.join(other),
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
    }
}

impl End {
    /// Whether both are the same component at the same step of its life.
    fn is_same(&self, other: &Self) -> bool {
        self.component == other.component && self.ends == other.ends
    }

    /// Whether what they print overlaps beside that. Which of its lines a component comes to print in a few seconds is chance.
    fn is_like(&self, other: &Self) -> bool {
        let shares = self.lines.iter().any(|line| other.lines.contains(line));
        self.is_same(other) && (shares || self.lines.is_empty() && other.lines.is_empty())
    }

    fn join(&mut self, other: Self) {
        self.within = self.within.max(other.within);
        let new: Vec<_> = other.lines.into_iter().filter(|line| !self.lines.contains(line)).collect();
        self.lines.extend(new);
    }
}

impl Atlas {
    /// What was recorded of the newest version so far.
    pub(crate) fn recorded() -> Self {
        Self::of(entries())
    }

    /// What entries say.
    pub(crate) fn of(entries: &[Entry]) -> Self {
        let owned = |end: &RecordedEnd| End {
            component: end.component.to_owned(),
            ends: end.ends,
            within: end.within,
            lines: end.lines.iter().map(|(verbosity, line)| (*verbosity, (*line).to_owned())).collect(),
        };
        let of = |entry: &Entry| {
            let outcome = Outcome {
                connection: entry.connection.to_owned(),
                steps: entry.steps.map(str::to_owned),
                status: entry.status,
            };
            let faults = entry.faults.iter().map(|fault| (*fault).to_owned()).collect();
            let [client, server] = entry.ends.each_ref().map(owned);
            (outcome, Ends { client, server, answer: entry.answer.as_ref().map(owned) }, faults)
        };
        Self { entries: entries.iter().map(of).collect() }
    }

    /// Adds what was seen of a call under a fault to what is known of it, or of calls that come out alike.
    pub(crate) fn add(&mut self, outcome: Outcome, ends: Ends, fault: &str) {
        let like = |(other, known, faults): &&mut (Outcome, Ends, BTreeSet<String>)| {
            *other == outcome && (faults.contains(fault) && known.is_same(&ends) || known.is_like(&ends))
        };
        match self.entries.iter_mut().find(like) {
            Some((_, known, faults)) => {
                known.join(ends);
                faults.insert(fault.to_owned());
            }
            None => self.entries.push((outcome, ends, [fault.to_owned()].into())),
        }
    }

    /// What differs from what was recorded: an outcome that is not there, a line that this component never printed about this
    /// connection, or all lines of an end gone. Which of its lines it comes to print in a few seconds is chance. `otherwise` is
    /// what was recorded of an older version where it does not print what the newest does.
    pub(crate) fn differences(&self, otherwise: &[Entry]) -> Vec<String> {
        let known = || otherwise.iter().chain(entries());
        let mut differences = Vec::new();
        for (outcome, ends, faults) in &self.entries {
            for fault in faults {
                let Outcome { connection, steps, status } = outcome;
                let steps = steps.each_ref().map(String::as_str);
                let like = |entry: &&Entry| entry.is_of(connection, steps, *status) && entry.is_under(fault);
                // A component may come to something else each time: what it came to once is enough.
                let each = known().filter(like).map(|entry| {
                    let on_connection = || known().filter(|one| one.connection == *connection);
                    of_ends(ends, entry, &on_connection)
                });
                match each.min_by_key(Vec::len) {
                    Some(those) => {
                        differences.extend(those.into_iter().map(|one| format!("{fault}: {connection} {one}")));
                    }
                    None => differences.push(format!("{fault}: {outcome:?} was never recorded")),
                }
            }
        }
        differences
    }

    /// What the newest version was not recorded with.
    pub(crate) fn otherwise(self) -> Self {
        let of = |entry: &(Outcome, Ends, BTreeSet<String>)| Self { entries: vec![entry.clone()] };
        let entries = self.entries.into_iter().filter(|entry| !of(entry).differences(&[]).is_empty()).collect();
        Self { entries }
    }

    /// How much it is, for the record of what was judged.
    pub(crate) fn figures(&self) -> [(&'static str, usize); 3] {
        let connections: BTreeSet<&str> =
            self.entries.iter().map(|(outcome, ..)| outcome.connection.as_str()).collect();
        let lines = self.entries.iter().flat_map(|(_, ends, _)| ends.named()).map(|(_, end)| end.lines.len()).sum();
        [("entries", self.entries.len()), ("lines", lines), ("connections", connections.len())]
    }

    /// As the file has it, with the versions of Kubernetes and of what else prints in its first line.
    pub(crate) fn text(&self, versions: &str) -> String {
        let mut out = format!("{versions}\n");
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by(|one, other| (&one.0, &one.2).cmp(&(&other.0, &other.2)));
        for (outcome, ends, faults) in entries {
            let Outcome { connection, steps: [one, other], status } = outcome;
            let _ = write!(out, "\n# {connection}: {one} / {other}");
            if let Some(status) = status {
                let _ = write!(out, ", {status}");
            }
            let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            let _ = writeln!(out, "\nfaults: {}", faults.join(" "));
            for (word, end) in ends.named() {
                let within = end.within.map(|seconds| format!(", within {seconds} s")).unwrap_or_default();
                let _ = writeln!(out, "{word}: {}{}{within}", end.component, if end.ends { ", ends" } else { "" });
                for (verbosity, line) in &end.lines {
                    let _ = writeln!(out, "{verbosity}| {line}");
                }
            }
        }
        out
    }
}

/// How what the ends of a call print differs from a recorded entry. A line is new that its component never printed about this
/// connection.
fn of_ends<'e, I: Iterator<Item = &'e Entry>>(
    ends: &Ends,
    entry: &Entry,
    on_connection: &impl Fn() -> I,
) -> Vec<String> {
    let mut differences = Vec::new();
    for ((word, seen), recorded) in ends.named().zip(entry.all_ends()) {
        let place = format!("in the log of {}", seen.component);
        if seen.ends != recorded.ends {
            differences.push(format!("{place}: it ended: {}, recorded: {}", seen.ends, recorded.ends));
        }
        let has = |end: &RecordedEnd, line: &str| end.lines.iter().any(|(_, known)| *known == line);
        let of_component: Vec<&RecordedEnd> =
            on_connection().flat_map(Entry::all_ends).filter(|end| end.component == seen.component).collect();
        let is_new = |line: &str| !of_component.iter().any(|end| has(end, line));
        let new = seen.lines.iter().filter(|(_, line)| is_new(line));
        differences.extend(new.map(|(_, line)| format!("{place}: new: {line}")));
        // Which of the known lines somebody is told who asked depends on whether the caller was writing or reading.
        let is_told = word == "answer" && !seen.lines.is_empty();
        if !is_told && !recorded.lines.is_empty() && !seen.lines.iter().any(|(_, line)| has(recorded, line)) {
            differences.push(format!("{place}: gone: {:?}", recorded.lines));
        }
    }
    differences
}
