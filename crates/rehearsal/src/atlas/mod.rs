//! The atlas: what Kubernetes' components print when a connection fails, as it was recorded from them. The gate `kubernetes`
//! writes the file (`cargo xtask test kubernetes --record`) and holds the components to it.
//!
//! An entry is a connection, the step at which each end stops, and what is answered; the faults under which it was seen; and
//! of each end the lines in the order in which they came:
//!
//! ```text
//! # kubectl->kube-apiserver: dates / refused by the other side
//! faults: expired:apiserver not-yet-valid:apiserver
//! client: kubectl, within 1 s
//! 0| Unable to connect to the server: {message}
//! server: kube-apiserver
//! 5| I{time} {process} secure_serving.go:{line}] http: TLS handshake error from {caller}: {message}
//! ```
//!
//! An end says how soon the first of its lines stood there: within so many seconds after its component or the one it speaks of
//! was started on the files with the fault, or after the command was given. Where a component ends, or does not start, it says
//! `ends`. The number before a line is the verbosity (`--v`) from which on it is printed. Braces mark what varies: `{message}` and
//! `{other}`, the inner message of this end and of the other, with `/q` for each time that it is quoted there; `{dialled}`,
//! `{address}` and `{node}` of the caller, `{host}` and `{server}` of another machine that it calls, and `{stranger}`, the other
//! node whose credential a kubelet shows; everything else is another at each run.

mod find;
mod line;
mod log;
mod seen;

use std::net::IpAddr;
use std::sync::OnceLock;

use crate::dial::Dial;
use crate::outcome::{Handshake, Side};
use crate::stage::Stage;

pub use find::{Found, find};
pub use log::{Log, LogLine};
pub use seen::{Seen, seen, seen_in_words};

/// What was recorded, and of which version.
const RECORDED: &str = include_str!("recorded.txt");

/// One end of an entry, as the file has it.
#[derive(Debug)]
pub struct RecordedEnd {
    /// The component.
    pub component: &'static str,
    /// Whether it ended.
    pub ends: bool,
    /// Within how many seconds the first line stood there; nothing where that was not recorded.
    pub within: Option<u32>,
    /// Verbosity and text of each line, the varying parts in braces.
    pub lines: Vec<(u8, &'static str)>,
}

/// One entry.
#[derive(Debug)]
pub struct Entry {
    /// Id of the connection.
    pub connection: &'static str,
    /// The step at which the client and the server stopped; empty for none.
    pub steps: [&'static str; 2],
    /// What was answered, where HTTP is spoken.
    pub status: Option<u16>,
    /// Ids of the faults under which it was seen.
    pub faults: Vec<&'static str>,
    /// The client's end and the server's.
    pub ends: [RecordedEnd; 2],
    /// What whoever had the client call is told: kubectl of what kube-apiserver hands on, curl of etcd's gateway.
    pub answer: Option<RecordedEnd>,
}

impl Entry {
    /// Everything that was printed: the client's end, the server's, and the answer where somebody had the client call.
    pub fn all_ends(&self) -> impl Iterator<Item = &RecordedEnd> {
        self.ends.iter().chain(&self.answer)
    }

    /// Whether it is of a connection, and of calls that come out so: the steps at which the client and the server stop, empty
    /// for none, and what is answered.
    pub fn is_of(&self, connection: &str, steps: [&str; 2], status: Option<u16>) -> bool {
        self.connection == connection && self.steps == steps && self.status == status
    }

    /// Whether it is of a call that came out so.
    pub fn is_of_call(&self, call: &Handshake) -> bool {
        let steps = [&call.client, &call.server].map(|side| side.step.as_deref().unwrap_or_default());
        self.is_of(call.connection, steps, call.http_status)
    }

    /// Whether it was seen under a fault, by its id.
    pub fn is_under(&self, fault: &str) -> bool {
        self.faults.contains(&fault)
    }
}

/// Every entry, in the order of the file.
pub fn entries() -> &'static [Entry] {
    static READ: OnceLock<Vec<Entry>> = OnceLock::new();
    READ.get_or_init(|| read(RECORDED))
}

/// The entries of a file of this form.
pub fn read(text: &'static str) -> Vec<Entry> {
    text.split("\n# ").skip(1).filter_map(entry).collect()
}

/// The version of a component from which the atlas was recorded.
pub fn version(component: &str) -> &'static str {
    let head = RECORDED.lines().next().unwrap_or_default();
    let of = |name: &str| head.split(", ").find_map(|part| part.strip_prefix(name)).map_or("", str::trim);
    match component {
        "curl" => of("curl "),
        etcd if etcd.starts_with("etcd") => of("etcd "),
        _ => of("Kubernetes "),
    }
}

fn entry(text: &'static str) -> Option<Entry> {
    let mut lines = text.lines();
    let (connection, outcome) = lines.next()?.split_once(": ")?;
    let (steps, status) = match outcome.rsplit_once(", ") {
        Some((steps, status)) if status.parse::<u16>().is_ok() => (steps, status.parse().ok()),
        _ => (outcome, None),
    };
    let (one, other) = steps.split_once('/')?;
    let faults = lines.next()?.strip_prefix("faults: ")?.split(' ').collect();
    let mut ends: Vec<RecordedEnd> = Vec::with_capacity(2);
    for line in lines.filter(|line| !line.is_empty()) {
        match line.split_once("| ") {
            Some((verbosity, text)) if verbosity.len() == 1 => {
                ends.last_mut()?.lines.push((verbosity.parse().ok()?, text));
            }
            _ => {
                let mut words = line.split_once(": ")?.1.split(", ");
                let mut end = RecordedEnd { component: words.next()?, ends: false, within: None, lines: Vec::new() };
                for word in words {
                    match word.strip_prefix("within ").and_then(|rest| rest.strip_suffix(" s")) {
                        Some(seconds) => end.within = Some(seconds.parse().ok()?),
                        None if word == "ends" => end.ends = true,
                        None => return None,
                    }
                }
                ends.push(end);
            }
        }
    }
    let answer = if ends.len() > 2 { ends.pop() } else { None };
    let ends = ends.try_into().ok()?;
    Some(Entry { connection, steps: [one.trim(), other.trim()], status, faults, ends, answer })
}

/// A line without inner messages of a call, with a node's values in its marks.
pub(crate) fn filled(line: &str, node: &str, address: IpAddr) -> String {
    let (message, other) = (String::new(), String::new());
    let (dialled, host) = (&*format!("{address}:6443"), &*address.to_string());
    line::Known { message, other, dialled, address, node, host, server: node, stranger: None }.filled(line)
}

/// Adds to a call what either end prints, and what whoever had the client call is told, where that was recorded.
pub(crate) fn tell(stage: &Stage, dial: &Dial, call: &mut Handshake) {
    let under = |entry: &&Entry| stage.faults.iter().any(|fault| entry.is_under(fault));
    let mut found = entries().iter().filter(|entry| entry.is_of_call(call));
    let Some(entry) = found.clone().find(under).or_else(|| found.next()) else { return };
    let sides = [&call.client, &call.server].map(|side: &Side| side.message.clone().unwrap_or_default());
    let log = |end: &RecordedEnd, [message, other]: [&String; 2]| {
        let known = line::Known {
            message: message.clone(),
            other: other.clone(),
            dialled: &call.dialled,
            address: stage.plan.spec.nodes[dial.caller].advertise(),
            node: &stage.plan.spec.nodes[dial.caller].name,
            host: &dial.host,
            server: &stage.plan.spec.nodes[dial.server.unwrap_or(dial.caller)].name,
            stranger: call.identity.as_ref().and_then(|one| one.user.strip_prefix("system:node:")),
        };
        let RecordedEnd { component, ends, within, lines } = end;
        let lines = lines.iter().map(|(verbosity, text)| LogLine { verbosity: *verbosity, text: known.filled(text) });
        Log { component, version: version(component), ends: *ends, within: *within, lines: lines.collect() }
    };
    let [client, server] = &sides;
    let told = [
        Some(log(&entry.ends[0], [client, server])),
        Some(log(&entry.ends[1], [server, client])),
        entry.answer.as_ref().map(|end| log(end, [client, server])),
    ];
    [call.client.log, call.server.log, call.answer] = told;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::fault;

    #[test]
    fn every_entry_is_read_whole() {
        let written = RECORDED.lines().filter(|line| line.starts_with("# ")).count();
        assert_eq!(entries().len(), written);
        let lines: usize = entries().iter().flat_map(Entry::all_ends).map(|end| end.lines.len()).sum();
        let is_line = |line: &&str| line.split_once("| ").is_some_and(|(verbosity, _)| verbosity.len() == 1);
        assert_eq!(lines, RECORDED.lines().filter(is_line).count());
    }

    #[test]
    fn entries_name_faults_and_versions_that_there_are() {
        for entry in entries() {
            for id in &entry.faults {
                let known = fault(id).unwrap_or_else(|| panic!("no fault {id}"));
                assert!(known.connections().contains(&entry.connection), "{id} {}", entry.connection);
            }
            for end in &entry.ends {
                assert!(
                    version(end.component).starts_with(|letter: char| letter.is_ascii_digit()),
                    "{}",
                    end.component
                );
            }
        }
    }
}
