//! The connections as a table: the picture's twin, to sort, to filter and to be read aloud.

use std::fmt;

use crate::catalog::connections::Told;
use crate::plan::Plan;

use super::connections::{Edge, Mark, connections};
use super::drawing::{Drawing, capital, choose, drawn, pick, selecting, table};

/// What the table begins with, and what it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    sort: usize,
    filter: usize,
}

type Order = fn(&Edge) -> (usize, u16, &'static str);
type Keeps = fn(&Edge) -> bool;

/// Orders: word in links, what people read, and what is compared.
const SORTS: &[(&str, &str, Order)] = &[
    ("picture", "as in the picture", |_| (0, 0, "")),
    ("caller", "by caller", |edge| (0, 0, edge.told.caller)),
    ("server", "by server", |edge| (0, 0, edge.told.server)),
    ("port", "by port", |edge| (0, edge.port.unwrap_or(u16::MAX), "")),
    ("open", "open ones first", |edge| (usize::from(!edge.is_open()), 0, "")),
];

/// Filters: word in links, what people read, and what stays.
const FILTERS: &[(&str, &str, Keeps)] = &[
    ("all", "all", |_| true),
    ("open", "where a check is missing", Edge::is_open),
    ("server-open", "server not proven", |edge| edge.server == Mark::Missing),
    ("caller-open", "caller not proven", |edge| edge.client == Mark::Missing),
    ("certificate", "caller shows a certificate", |edge| edge.client == Mark::Certificate),
    ("token", "caller shows a token", |edge| edge.client == Mark::Token),
    ("plain", "not encrypted", |edge| edge.encrypted == Mark::Missing),
    ("api", "API server, either side", |edge| edge.told.id.contains("kube-apiserver")),
    ("etcd", "etcd, either side", |edge| edge.told.id.contains("etcd")),
    ("kubelet", "kubelet, either side", |edge| edge.told.id.contains("kubelet")),
];

impl Table {
    /// The whole table, in the picture's order.
    pub const WHOLE: Self = Self { sort: 0, filter: 0 };

    /// Reads `SORT,FILTER`; what is none of them is the first.
    pub fn read(text: &str) -> Self {
        let (sort, filter) = text.split_once(',').unwrap_or((text, ""));
        let sort = SORTS.iter().position(|row| row.0 == sort).unwrap_or_default();
        let filter = FILTERS.iter().position(|row| row.0 == filter).unwrap_or_default();
        Self { sort, filter }
    }

    /// The connections that it has, in its order.
    pub fn edges(self, plan: &Plan) -> Vec<Edge> {
        let (_, mut edges) = connections(plan);
        edges.retain(FILTERS[self.filter].2);
        edges.sort_by_key(SORTS[self.sort].2);
        edges
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{}", SORTS[self.sort].0, FILTERS[self.filter].0)
    }
}

/// A button that shows the connections otherwise; without a selection it clears what is selected.
fn looks(name: &str, selection: &str, words: &str) -> Drawing {
    drawn("button")
        .set("class", "text")
        .set("type", "button")
        .set("data-testid", name)
        .set(selecting(selection), selection)
        .text(words)
}

/// The button in the picture that leads to the table; `ask` as in [`page`].
pub fn link(ask: &str) -> Drawing {
    drawn("div").set("class", "bar").with(looks("as-table", &format!("{ask}{}", Table::WHOLE), "As a table…"))
}

/// The view as a table. `ask` is the selection to which another order or filter is appended, `failed` are the ids of what
/// was tried and does not hold, `to` gives what the button of an id selects, `picture` the selection without a table.
pub fn page(
    plan: &Plan,
    is: Table,
    chosen: &str,
    failed: &[&str],
    (ask, picture): (&str, &str),
    to: impl Fn(&str) -> String,
) -> Drawing {
    let edges = is.edges(plan);
    let all = connections(plan).1.len();
    let filters =
        FILTERS.iter().enumerate().map(|(filter, row)| (Table { filter, ..is }.to_string(), row.1.to_owned()));
    let sorts = SORTS.iter().enumerate().map(|(sort, row)| (Table { sort, ..is }.to_string(), row.1.to_owned()));
    let label = |text: &str, select: Drawing| drawn("span").text(text).with(select);
    let bar = drawn("div")
        .set("class", "bar")
        .with(label("Show ", pick("Which connections", ask, is.filter, filters).set("data-testid", "table-filter")))
        .with(label("sorted ", pick("Order", ask, is.sort, sorts).set("data-testid", "table-sort")))
        .with(drawn("span").set("class", "muted").set("data-testid", "table-count").text(match edges.len() {
            some if some == all => format!("{all} connections"),
            some => format!("{some} of {all} connections"),
        }))
        .with(looks("as-picture", picture, "As a picture"));
    let rows = edges.iter().map(|edge| row(edge, edge.told.id == chosen, failed.contains(&edge.told.id), &to));
    let head = [
        "Connection",
        "Port",
        "Server proven",
        "Caller proven",
        "Encrypted",
        "Caller checks with",
        "To the server it is",
    ];
    let table = match edges.is_empty() {
        true => drawn("p").set("class", "muted").text("No connection of this design is like that."),
        false => table(&head, rows),
    };
    drawn("div").set("class", "connections-table").with(bar).with(table)
}

fn row(edge: &Edge, is_chosen: bool, fails: bool, to: impl Fn(&str) -> String) -> Vec<Drawing> {
    let Told { identity, .. } = edge.told;
    let [checked_with, ..] = edge.said();
    let words = |text: &str| drawn("span").text(text);
    let mark = |mark: Mark| match mark {
        Mark::Missing => drawn("b").set("class", "bad").text(capital(mark.word())),
        Mark::Certificate | Mark::Token | Mark::Own => words(&capital(mark.word())),
    };
    let fails = fails.then(|| drawn("b").set("class", "bad").text(" fails"));
    let name = choose(to(edge.told.id), edge.title())
        .set("aria-pressed", is_chosen)
        .set("data-testid", format!("row-{}", edge.told.id));
    vec![
        drawn("span").with(name).all(fails),
        words(&edge.port.map_or("–".to_owned(), |port| port.to_string())),
        mark(edge.server),
        mark(edge.client),
        match edge.encrypted {
            Mark::Missing => drawn("b").set("class", "bad").text("No"),
            Mark::Certificate | Mark::Token => words("Yes"),
            Mark::Own => words(&capital(edge.encrypted.word())),
        },
        words(&checked_with),
        words(identity),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;
    use crate::spec::parse;
    use crate::spec::preset::Preset;

    fn preset() -> Plan {
        plan(&parse(&Preset::named("ha-stacked").expect("preset").draft()).0.expect("no errors"))
    }

    #[test]
    fn what_is_sorted_and_filtered_comes_back_from_its_text() {
        for sort in 0..SORTS.len() {
            for filter in 0..FILTERS.len() {
                let table = Table { sort, filter };
                assert_eq!(Table::read(&table.to_string()), table);
            }
        }
        assert_eq!(Table::read("nonsense"), Table::WHOLE);
    }

    #[test]
    fn each_filter_keeps_some_and_each_but_the_first_leaves_some_out() {
        let plan = preset();
        let all = Table::WHOLE.edges(&plan).len();
        for (filter, row) in FILTERS.iter().enumerate() {
            let kept = Table { sort: 0, filter }.edges(&plan).len();
            assert!(kept > 0 && (kept < all) == (filter > 0), "{}: {kept} of {all}", row.0);
        }
    }

    #[test]
    fn it_is_in_the_order_that_was_asked_for() {
        let plan = preset();
        let ports: Vec<Option<u16>> = Table::read("port,all").edges(&plan).iter().map(|edge| edge.port).collect();
        let known = ports.iter().flatten().count();
        assert!(ports[..known].is_sorted() && ports[known..].iter().all(Option::is_none), "{ports:?}");
        let open: Vec<bool> = Table::read("open,all").edges(&plan).iter().map(|edge| !edge.is_open()).collect();
        assert!(open.is_sorted() && open.contains(&true) && open.contains(&false));
    }

    #[test]
    fn missing_checks_are_in_words_and_what_fails_is_said() {
        let to = |id: &str| format!("connection:{id}");
        let asked = ("table:", "");
        let drawn = page(&preset(), Table::WHOLE, "etcd->etcd", &["kube-apiserver->etcd"], asked, to).to_markup();
        assert!(drawn.contains("Not proven") && drawn.contains(" fails") && drawn.contains("aria-pressed=\"true\""));
    }
}
