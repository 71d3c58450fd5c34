//! Lines of the atlas that somebody has in hand, whole or in words, with the faults under which they were recorded.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kubepki_core::catalog::messages::Explanation;

use super::line::fixed;
use super::{Entry, RecordedEnd, entries};
use crate::fault::fault;

/// Letters and digits that a line must have beside what varies, to be taken for a recorded one. Less may be anybody's.
const LEAST: usize = 12;
/// Letters that words must have together.
const LEAST_OF_WORDS: usize = 4;
/// Characters of a text in which words are looked for: what is longer is a log, and not typed.
const MOST_OF_WORDS: usize = 200;

/// A recorded line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Id of the connection on which it was recorded.
    pub connection: &'static str,
    /// The component that printed it.
    pub component: &'static str,
    /// The verbosity from which on it is printed.
    pub verbosity: u8,
    /// The line, the varying parts in braces.
    pub line: &'static str,
    /// Ids of the faults under which it was recorded there; where the text names an error, of those that bring it about.
    pub faults: Vec<&'static str>,
}

impl Found {
    /// `, from --v=5 on` behind the component's name; nothing where it is printed without any setting.
    pub fn from_verbosity(&self) -> String {
        if self.verbosity == 0 { String::new() } else { format!(", from --v={} on", self.verbosity) }
    }

    /// The line as people read it: what varies has a name in braces.
    pub fn shown(&self) -> String {
        let named = [("{message", "{error}"), ("{other", "{error of the other side}")];
        named.iter().fold(self.line.to_owned(), |line, (mark, name)| {
            ["/qq}", "/q}", "}"].iter().fold(line, |line, end| line.replace(&format!("{mark}{end}"), name))
        })
    }
}

/// The recorded lines that stand in a text, or else have all of its words, the most particular first. Where what is explained of
/// the text says on which connection it arose, those of that connection alone, if any was recorded there.
pub fn find(text: &str, explained: &[Explanation]) -> Vec<Found> {
    let mut all = as_printed(text);
    if all.is_empty() {
        all = with_words(text);
    }
    let arose = |one: &Found| explained.iter().flat_map(|it| &it.arose).any(|at| at.connection == Some(one.connection));
    if all.iter().any(arose) {
        all.retain(arose);
    }
    // What such a line was recorded under depends on the error in it; a line without one is the same under all its faults.
    let varies = |one: &Found| ["{message", "{other"].iter().any(|mark| one.line.contains(mark));
    let kinds: Vec<&str> = explained.iter().flat_map(|it| it.row.faults).copied().collect();
    let brings = |id: &&str| fault(id).is_some_and(|fault| kinds.contains(&fault.kind.id));
    if all.iter().any(|one| varies(one) && one.faults.iter().any(brings)) {
        all.iter_mut().filter(|one| varies(one)).for_each(|one| one.faults.retain(brings));
        all.retain(|one| !one.faults.is_empty());
    }
    all
}

/// Every end with a line, in the order of the file.
fn lines() -> impl Iterator<Item = (&'static Entry, &'static RecordedEnd, u8, &'static str)> {
    let of_end = |entry: &'static Entry, end: &'static RecordedEnd| {
        end.lines.iter().map(move |(verbosity, line)| (entry, end, *verbosity, *line))
    };
    entries().iter().flat_map(move |entry| entry.all_ends().flat_map(move |end| of_end(entry, end)))
}

/// The recorded lines that lines of the text are, those with most beside what varies first.
fn as_printed(text: &str) -> Vec<Found> {
    let given: Vec<String> = text.lines().map(|line| line.replace('\\', "")).collect();
    // Many ends print the same line.
    let mut weights: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    let mut ranked: Vec<(usize, Found)> = Vec::new();
    for (entry, end, verbosity, line) in lines() {
        let weight = *weights.entry(line).or_insert_with(|| {
            let parts = fixed(line);
            let weight = parts.iter().flat_map(|part| part.chars()).filter(|one| one.is_alphanumeric()).count();
            (weight >= LEAST && given.iter().any(|given| stand_in(&parts, given))).then_some(weight)
        });
        ranked.extend(weight.map(|weight| (weight, found(entry, end, verbosity, line))));
    }
    ranked.sort_by_key(|(weight, _)| Reverse(*weight));
    together(ranked.into_iter().map(|(_, one)| one))
}

/// Whether parts stand in a text in this order, whatever programs and people put around them.
fn stand_in(parts: &[String], text: &str) -> bool {
    let mut rest = text;
    parts.iter().all(|part| match rest.split_once(part.as_str()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// The recorded lines that have all words of a text, whatever stands between them.
fn with_words(text: &str) -> Vec<Found> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    if text.len() > MOST_OF_WORDS || words.iter().map(|word| word.chars().count()).sum::<usize>() < LEAST_OF_WORDS {
        return Vec::new();
    }
    // The name of a component says whose line, and not which.
    if words.iter().all(|word| lines().any(|(_, end, ..)| end.component == *word)) {
        return Vec::new();
    }
    let has = |component: &str, line: &str| {
        let said = fixed(line).join(" ").to_lowercase();
        words.iter().all(|word| said.contains(word) || component == *word)
    };
    let hits = lines().filter(|(_, end, _, line)| has(end.component, line));
    together(hits.map(|(entry, end, verbosity, line)| found(entry, end, verbosity, line)))
}

fn found(entry: &'static Entry, end: &'static RecordedEnd, verbosity: u8, line: &'static str) -> Found {
    Found { connection: entry.connection, component: end.component, verbosity, line, faults: entry.faults.clone() }
}

/// The same line of the same component on one connection once, with all faults.
fn together(all: impl Iterator<Item = Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for one in all {
        let same = |other: &&mut Found| {
            (other.connection, other.component, other.line) == (one.connection, one.component, one.line)
        };
        match out.iter_mut().find(same) {
            Some(known) => {
                known.faults.extend(one.faults);
                known.faults.sort_unstable();
                known.faults.dedup();
            }
            None => out.push(one),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use kubepki_core::catalog::messages::explain;

    use super::*;

    fn places(text: &str) -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
        find(text, &explain(text)).into_iter().map(|one| (one.connection, one.component, one.faults)).collect()
    }

    #[test]
    fn a_line_is_found_whatever_stands_before_it_and_its_error_narrows_the_faults() {
        let line = "Nov 26 12:00:00 host kubectl[7]: Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-26T12:00:00Z is after 2026-11-25T12:00:00Z";
        let found = find(line, &explain(line));
        assert!(!found.is_empty() && found.iter().all(|one| one.component == "kubectl"), "{found:?}");
        assert_eq!(found[0].shown(), "Unable to connect to the server: {error}");
        let faults: Vec<&str> = found.iter().flat_map(|one| &one.faults).copied().collect();
        assert!(faults.contains(&"expired:apiserver") && !faults.contains(&"other-ca:apiserver"), "{faults:?}");
    }

    #[test]
    fn words_are_found_in_lines_of_the_component_that_they_may_name() {
        let found = places("rejected connection etcd");
        assert!(!found.is_empty() && found.iter().all(|(_, component, _)| *component == "etcd"), "{found:?}");
        assert!(places("etcd").is_empty(), "a component alone is no line");
        assert!(places("ok").is_empty() && places("").is_empty() && places("nothing of the kind").is_empty());
    }

    #[test]
    fn half_of_a_line_is_none_of_its_own() {
        assert!(as_printed("Error: ").is_empty());
        assert!(as_printed("Error: unhealthy cluster").iter().all(|one| one.component == "etcdctl"));
    }
}
