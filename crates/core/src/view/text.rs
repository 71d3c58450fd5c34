//! Views as plain text, for the command line and for whoever cannot see the picture.

use std::fmt::Write as _;

use super::{ViewId, cis, commands, connections, files, flags, hierarchy, timeline};
use crate::catalog::own;
use crate::plan::Plan;

pub use super::words::{counted, days_from_now, thousands};

/// A view of a plan as text. `now` is the time of issuing, Unix seconds: lifetimes are counted from it.
pub fn text(plan: &Plan, view: ViewId, now: i64) -> String {
    match view {
        ViewId::Hierarchy => hierarchy_text(plan),
        ViewId::Connections | ViewId::Handshake => connections_text(plan),
        ViewId::Files => files_text(plan),
        ViewId::Flags => flags_text(plan),
        ViewId::Timeline => timeline::text(plan, now, now),
        ViewId::Commands => commands::text(plan),
        ViewId::Cis => cis::text(plan),
    }
}

fn hierarchy_text(plan: &Plan) -> String {
    let picture = hierarchy::hierarchy(plan);
    let mut out = String::new();
    for domain in &picture.domains {
        let card = &domain.issuer;
        let _ = writeln!(out, "{} ({}, {})  {}", card.title, card.file, card.kind.word(), card.place);
        for stack in &domain.stacks {
            stack_text(&mut out, stack);
        }
    }
    if !picture.outside.is_empty() {
        let _ = writeln!(out, "not signed here");
        picture.outside.iter().for_each(|stack| stack_text(&mut out, stack));
    }
    let _ = writeln!(
        out,
        "{}, {}, {}",
        counted(plan.certificate_count(), "certificate"),
        counted(plan.key_count(), "key"),
        counted(plan.ca_count(), "CA")
    );
    out
}

fn connections_text(plan: &Plan) -> String {
    let (columns, edges) = connections::connections(plan);
    let mut out = String::new();
    for column in columns.iter().filter(|column| !column.place.is_empty()) {
        let _ = writeln!(out, "{} on {}", column.title.join(" ").trim(), column.place);
    }
    for edge in &edges {
        let port = edge.port.map(|port| format!(" :{port}")).unwrap_or_default();
        let _ = writeln!(out, "{}{port}  {}  [{}]", edge.title(), edge.marks(), edge.told.id);
        let told = edge.told;
        let [checked_with, presents, _, advice] = edge.said();
        let _ = match edge.server {
            connections::Mark::Own => writeln!(out, "  server: {checked_with}"),
            _ => writeln!(out, "  server shows {}, checked with {checked_with}", told.shows),
        };
        let _ = match edge.client {
            connections::Mark::Own => writeln!(out, "  caller: {presents}"),
            _ => writeln!(out, "  caller presents {presents}"),
        };
        let _ = match edge.own.is_empty() {
            true => writeln!(out, "  {advice}"),
            false => writeln!(out, "  your own kubeadm file: {advice}"),
        };
        if !told.versions.is_empty() {
            let _ = writeln!(out, "  {}", told.versions);
        }
    }
    out
}

fn stack_text(out: &mut String, stack: &hierarchy::Stack) {
    let nodes: Vec<&str> = stack.members.iter().map(|member| member.node.as_str()).collect();
    let _ = write!(
        out,
        "  {} ({}, {})  held by {} on {}",
        stack.title,
        stack.file,
        stack.kind.word(),
        stack.holders,
        nodes.join(" ")
    );
    match stack.unsigned {
        Some(why) => {
            let _ = writeln!(out, "; not signed here: {why}");
        }
        None => out.push('\n'),
    }
}

fn files_text(plan: &Plan) -> String {
    let mut out = String::new();
    for tree in files::files(plan) {
        let _ = writeln!(out, "{} ({})", tree.name, tree.title);
        if !tree.note.is_empty() {
            let _ = writeln!(out, "  {}", tree.note);
        }
        for row in tree.rows {
            let indent = "  ".repeat(row.depth + 1);
            let _ = match row.file {
                None => writeln!(out, "{indent}{}", row.name),
                Some(file) => {
                    writeln!(out, "{indent}{}  {} {}  {}", row.name, file.mode, file.owner, file.purpose)
                }
            };
        }
    }
    out
}

fn flags_text(plan: &Plan) -> String {
    let mut out = String::new();
    for component in flags::flags(plan) {
        let _ = writeln!(out, "{} on {}", component.name, component.node);
        for flag in component.flags {
            let _ = match flag.value {
                Some(value) => writeln!(out, "  {}={value}  # {}", flag.flag, flag.meaning),
                None => writeln!(out, "  # {}: {}", flag.flag, flag.meaning),
            };
        }
        for entry in component.also {
            let _ = writeln!(out, "  # {}", own::sentence(&entry));
        }
    }
    out
}
