//! The connections view: picture or table, as designed or hardened, with what was tried and fails.

use kubepki_core::plan::Plan;
use kubepki_core::spec::Draft;
use kubepki_core::view::connections;
use kubepki_core::view::connections_table::{self, Table};
use kubepki_core::view::drawing::Drawing;
use kubepki_core::view::selection::{HARDENED, TABLE};

use crate::chosen::Chosen;
use crate::faults::Call;
use crate::hardening;

/// The view of a selection: of a connection, of none, or of one of the ways to look at all of them.
pub(crate) fn page(draft: &Draft, plan: &Plan, selected: &str, chosen: Option<&Chosen>, held: &[Call]) -> Vec<Drawing> {
    let table = match chosen {
        Some(chosen) => chosen.table,
        None => selected.strip_prefix(TABLE).map(Table::read),
    };
    let id = chosen.map_or("", |chosen| &*chosen.connection);
    let failed: Vec<&str> = held.iter().filter(|one| !one.holds()).map(|one| one.dial.row.id).collect();
    let to = |id: &str| match chosen {
        Some(chosen) => chosen.at(id).to_string(),
        None => table.map_or(format!("connection:{id}"), |table| format!("connection:{id}?table={table}")),
    };
    let picture = chosen.map(|chosen| Chosen { table: None, ..chosen.clone() }.to_string()).unwrap_or_default();
    let ask = match (picture.is_empty(), picture.contains('?')) {
        (true, _) => TABLE.to_owned(),
        (_, true) => format!("{picture}&table="),
        (_, false) => format!("{picture}?table="),
    };
    if let Some(table) = table {
        return vec![connections_table::page(plan, table, id, &failed, (&ask, &picture), to)];
    }
    let is_hardened = selected == HARDENED;
    let bar = connections_table::link(&ask).all(hardening::switch(plan, is_hardened));
    if !is_hardened {
        return vec![bar, connections::page(plan, id, &failed, to)];
    }
    let (hardened, words) = hardening::picture(draft, plan);
    vec![bar, words, connections::page(&hardened, id, &failed, to)]
}
