//! What is looked at, as the text that links carry:
//! `connection:kube-apiserver->etcd?fault=expired:etcd-server&node=cp-2&tls=1.2&days=400`.

use std::fmt;

use kubepki_core::view::connections_table::Table;
use kubepki_rehearsal::fault::{Fault, fault};

/// The connection that is shown where none is chosen.
const FIRST: &str = "kubectl->kube-apiserver";

/// A connection, and how it is looked at.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Its id.
    pub connection: String,
    /// The faults that are put in.
    pub faults: Vec<Fault>,
    /// The node that calls or is called; empty for the first.
    pub node: String,
    /// Whether the caller speaks no more than TLS 1.2.
    pub old_caller: bool,
    /// Whether the faults are a lab's: they stand in no link, and nothing tells them.
    pub hidden: bool,
    /// Days from now to the time at which it is tried.
    pub days: i64,
    /// The table that stands in the picture's place.
    pub table: Option<Table>,
}

impl Chosen {
    /// Reads a selection; nothing where it is no connection's.
    pub fn read(selected: &str) -> Option<Self> {
        let rest = selected.strip_prefix("connection:")?;
        let (connection, how) = rest.split_once('?').unwrap_or((rest, ""));
        let mut chosen = Self { connection: connection.to_owned(), ..Self::default() };
        for (name, value) in how.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "fault" => chosen.faults = value.split(',').filter_map(fault).collect(),
                "node" => value.clone_into(&mut chosen.node),
                "tls" => chosen.old_caller = value == "1.2",
                "table" => chosen.table = Some(Table::read(value)),
                "days" => chosen.days = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        chosen.days = chosen.days.clamp(-MOST_DAYS, MOST_DAYS);
        Some(chosen)
    }

    /// The same with a fault put in, or taken out where it is in.
    #[must_use]
    pub fn with_fault(&self, fault: Fault) -> Self {
        let mut other = self.clone();
        match other.faults.iter().position(|one| one.id() == fault.id()) {
            Some(at) => drop(other.faults.remove(at)),
            None => other.faults.push(fault),
        }
        other
    }

    /// The same of another connection, from its first node.
    #[must_use]
    pub fn at(&self, connection: &str) -> Self {
        Self { connection: connection.to_owned(), node: String::new(), ..self.clone() }
    }

    /// Whether anything is otherwise than the design has it, now.
    pub fn is_changed(&self) -> bool {
        !self.faults.is_empty() || self.days != 0
    }
}

/// Days that the time can be moved: a little more than a CA's life.
pub const MOST_DAYS: i64 = 3_700;

impl Default for Chosen {
    fn default() -> Self {
        Self {
            connection: FIRST.to_owned(),
            faults: Vec::new(),
            node: String::new(),
            old_caller: false,
            hidden: false,
            days: 0,
            table: None,
        }
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "connection:{}", self.connection)?;
        let mut sign = '?';
        let mut part = |name: &str, value: &str| {
            let written = write!(out, "{sign}{name}={value}");
            sign = '&';
            written
        };
        if !self.faults.is_empty() && !self.hidden {
            part("fault", &self.faults.iter().map(Fault::id).collect::<Vec<_>>().join(","))?;
        }
        if !self.node.is_empty() {
            part("node", &self.node)?;
        }
        if self.old_caller {
            part("tls", "1.2")?;
        }
        if self.days != 0 {
            part("days", &self.days.to_string())?;
        }
        if let Some(table) = self.table {
            part("table", &table.to_string())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_comes_back_from_its_text() {
        let text = "connection:kube-apiserver->etcd?fault=expired:etcd-server,no-names:apiserver&node=cp-2&tls=1.2&days=-3&table=port,open";
        assert_eq!(Chosen::read(text).expect("a connection").to_string(), text);
        assert!(Chosen::read("cert:ca@cluster").is_none());
        let odd = Chosen::read("connection:a->b?fault=nonsense&days=999999&x").expect("a connection");
        assert_eq!(odd.to_string(), format!("connection:a->b?days={MOST_DAYS}"));
    }

    #[test]
    fn a_fault_is_put_in_and_taken_out() {
        let one = fault("expired:etcd-server").expect("a fault");
        let with = Chosen::default().with_fault(one);
        assert!(with.is_changed());
        assert!(!with.with_fault(one).is_changed());
    }
}
