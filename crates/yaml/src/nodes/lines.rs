//! Nodes line by line: `name address role`, an address before its name as in `/etc/hosts`, CSV, or the table that
//! `kubectl get nodes -o wide` prints.

use kubepki_core::diag::{Diagnostic, Position};
use kubepki_core::spec::name::parse_ip;
use kubepki_core::spec::parse::MOST_NODES;

use super::listed::{Listed, too_many};
use crate::text::{Refusal, number};

/// A cell of a line and its column, from 1.
type Cell<'a> = (&'a str, u32);

/// Cells of a line beyond this are not looked at.
const MOST_CELLS: usize = 64;

/// Which cell holds what.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    address: usize,
    role: Option<usize>,
}

const PLAIN: Columns = Columns { name: 0, address: 1, role: Some(2) };

/// Words for roles that people use, and the design's.
static ROLE_WORDS: &[(&str, &str)] = &[
    ("control-plane", "control-plane"),
    ("controlplane", "control-plane"),
    ("master", "control-plane"),
    ("etcd", "etcd"),
    ("worker", "worker"),
    ("node", "worker"),
    ("<none>", "worker"),
];

/// Reads a list of lines; what is wrong with it is returned.
pub(super) fn nodes(text: &str, file: &str, listed: &mut Vec<Listed>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut shape = None::<(bool, Columns)>;
    for (index, line) in text.lines().enumerate() {
        let line_number = number(index + 1);
        let content = line.split('#').next().unwrap_or_default();
        if content.trim().is_empty() {
            continue;
        }
        let (csv, columns) = match shape {
            Some(shape) => shape,
            None => {
                let csv = content.split_whitespace().next().is_some_and(|word| word.contains([',', ';']));
                let header = header(&cells(content, csv));
                shape = Some((csv, header.unwrap_or(PLAIN)));
                if header.is_some() {
                    continue;
                }
                (csv, PLAIN)
            }
        };
        if listed.len() >= MOST_NODES {
            found.push(too_many(Position { line: line_number, column: 1 }));
            break;
        }
        match node(&cells(content, csv), columns, line_number) {
            Ok(node) => listed.push(Listed { file: file.to_owned(), ..node }),
            Err(problem) => found.push(*problem),
        }
    }
    found
}

/// The columns that a first line names; nothing when it is a node already.
fn header(cells: &[Cell<'_>]) -> Option<Columns> {
    let find = |words: &[&str]| cells.iter().position(|(cell, _)| words.contains(&cell.to_ascii_lowercase().as_str()));
    let name = find(&["name", "node", "host", "hostname"])?;
    let address = find(&["internal-ip", "address", "addresses", "ip", "ips", "internalip"])?;
    Some(Columns { name, address, role: find(&["roles", "role"]) })
}

/// A line's cells, [`MOST_CELLS`] at most. In CSV a cell may stand in quotes, and an empty one counts.
fn cells(line: &str, csv: bool) -> Vec<Cell<'_>> {
    let separator = if line.contains(',') { ',' } else { ';' };
    let mut cells = Vec::new();
    // Where the cell that is being read begins, as offset and column.
    let (mut start, mut column, mut quoted) = (0, 1u32, false);
    for (at, (offset, one)) in (1u32..).zip(line.char_indices()) {
        quoted ^= csv && one == '"';
        let ends = if csv { one == separator && !quoted } else { one.is_whitespace() };
        if ends {
            cells.extend(cell(&line[start..offset], column, csv));
            (start, column) = (offset + one.len_utf8(), at + 1);
        }
        if cells.len() >= MOST_CELLS {
            return cells;
        }
    }
    cells.extend(cell(&line[start..], column, csv));
    cells
}

/// A cell without what surrounds it; between words, nothing is no cell.
fn cell(text: &str, column: u32, csv: bool) -> Option<Cell<'_>> {
    let margin = |one: char| one.is_whitespace() || (csv && one == '"');
    let inner = text.trim_start_matches(margin);
    let before = number(text[..text.len() - inner.len()].chars().count());
    let inner = inner.trim_end_matches(margin);
    (csv || !inner.is_empty()).then_some((inner, column + before))
}

/// The items of a cell: addresses or roles, each with its column.
fn items<'a>((text, column): Cell<'a>) -> impl Iterator<Item = Cell<'a>> {
    let mut at = column;
    let pieces = text.split([',', ';', '|', '+', ' ']).map(move |piece| {
        let here = at;
        at += number(piece.chars().count() + 1);
        (piece, here)
    });
    pieces.filter(|(piece, _)| !piece.is_empty())
}

/// One line as a node.
fn node(cells: &[Cell<'_>], columns: Columns, line: u32) -> Result<Listed, Refusal> {
    let at = |column| Position { line, column };
    let cell = |index: usize| cells.get(index).copied().filter(|(text, _)| !text.is_empty());
    let first = cells.first().map_or(1, |(_, column)| *column);
    let (Some(mut name), Some(mut address)) = (cell(columns.name), cell(columns.address)) else {
        let message = "a name and an address are expected on each line";
        let hint = "name address role, or name,address,role";
        return Err(Diagnostic::error("nodes-line", "nodes", message).with_hint(hint).at(at(first)).into());
    };
    if parse_ip(name.0).is_some() && parse_ip(address.0).is_none() {
        std::mem::swap(&mut name, &mut address);
    }
    let mut roles = Vec::new();
    for (word, column) in columns.role.and_then(cell).into_iter().flat_map(items) {
        let known = ROLE_WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
        // A word that is none is kept: the check of roles says so at its place.
        let role = known.map_or(word, |(_, role)| role).to_owned();
        if !roles.iter().any(|(there, _)| *there == role) {
            roles.push((role, Some(at(column))));
        }
    }
    Ok(Listed {
        at: Some(at(first)),
        name: (name.0.to_owned(), Some(at(name.1))),
        addresses: items(address).map(|(text, column)| (text.to_owned(), Some(at(column)))).collect(),
        roles,
        ..Listed::default()
    })
}
