//! Which components were recorded with which message. The file is written by asking `explain` of every line of the atlas
//! (`kubepki-cli`, test `atlas::seen`).

use kubepki_core::catalog::messages::MessageRow;

use super::version;

/// Components before the title of each message, in the order of messages.
const SEEN: &str = include_str!("seen.txt");

/// Where a message was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The component that printed it, `kube-apiserver`.
    pub component: &'static str,
    /// Its version then, `1.37.2`.
    pub version: &'static str,
}

/// The components that were recorded with a message; none where it does not stand in the atlas.
pub fn seen(row: &MessageRow) -> Vec<Seen> {
    let title = row.title();
    let of = SEEN.lines().filter_map(|line| line.split_once("| ")).find(|(_, one)| *one == title);
    let components = of.map_or("", |(components, _)| components).split_whitespace();
    components.map(|component| Seen { component, version: version(component) }).collect()
}

/// The same in words, `Seen: kubectl 1.37.2, etcd 3.7.3`; nothing where it was not.
pub fn seen_in_words(row: &MessageRow) -> Option<String> {
    let all: Vec<String> = seen(row).iter().map(|one| format!("{} {}", one.component, one.version)).collect();
    (!all.is_empty()).then(|| format!("Seen: {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kubepki_core::catalog::messages::messages;

    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_message_with_a_title_of_its_own() {
        let titles: Vec<String> = messages().map(|row| row.title()).collect();
        assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len());
        for line in SEEN.lines() {
            let title = line.split_once("| ").map(|(_, title)| title).expect("a title");
            assert!(titles.iter().any(|one| one == title), "{title}");
        }
        for row in messages() {
            assert!(seen(row).iter().all(|one| !one.version.is_empty()), "{}", row.title());
        }
    }
}
