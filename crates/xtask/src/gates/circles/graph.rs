//! Circles in a graph of names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// From each name those that it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Graph(BTreeMap<String, BTreeSet<String>>);

impl<'a> FromIterator<&'a (String, String)> for Graph {
    fn from_iter<T: IntoIterator<Item = &'a (String, String)>>(edges: T) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in edges {
            graph.0.entry(from.clone()).or_default().insert(to.clone());
        }
        graph
    }
}

impl Graph {
    /// The names of each set in which every name leads to every other, of more than one name.
    pub(super) fn knots(&self) -> Vec<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.0.keys().map(|from| (from.as_str(), self.before(from).into_keys().collect())).collect();
        let mut knots: Vec<BTreeSet<&str>> = Vec::new();
        for (&name, all) in reached.iter().filter(|(name, all)| all.contains(*name)) {
            if !knots.iter().any(|knot| knot.contains(name)) {
                let mutual = |other: &&&str| reached.get(**other).is_some_and(|back| back.contains(name));
                knots.push(all.iter().filter(mutual).copied().collect());
            }
        }
        knots
    }

    /// The shortest way from a name back to itself over others, as its names; the first is the last too.
    pub(super) fn circle(&self, name: &str) -> Option<Vec<&str>> {
        self.way(name, name)
    }

    /// The shortest way from one name to another, with both.
    pub(super) fn way(&self, from: &str, to: &str) -> Option<Vec<&str>> {
        let before = self.before(from);
        let mut way = vec![*before.get_key_value(to)?.0];
        loop {
            let previous = before[way[way.len() - 1]];
            way.push(previous);
            if previous == from {
                way.reverse();
                return Some(way);
            }
        }
    }

    /// What is reached from a name by one step or more, each with the name before it on a shortest way.
    fn before(&self, from: &str) -> BTreeMap<&str, &str> {
        let mut before = BTreeMap::new();
        let Some((from, _)) = self.0.get_key_value(from) else { return before };
        let mut open = VecDeque::from([from.as_str()]);
        while let Some(name) = open.pop_front() {
            for next in self.0.get(name).into_iter().flatten() {
                if !before.contains_key(next.as_str()) {
                    before.insert(next.as_str(), name);
                    open.push_back(next);
                }
            }
        }
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str)]) -> Graph {
        edges.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect::<Vec<_>>().iter().collect()
    }

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let circles = graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("x", "y"), ("y", "x"), ("d", "x")]);
        assert_eq!(circles.knots(), [["a", "b", "c"].into(), BTreeSet::from(["x", "y"])]);
        assert_eq!(circles.circle("a").unwrap(), ["a", "b", "c", "a"]);
        assert_eq!(circles.circle("d"), None);
        assert_eq!(circles.way("a", "y").unwrap(), ["a", "b", "c", "d", "x", "y"]);
        assert!(graph(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]).knots().is_empty());
    }
}
