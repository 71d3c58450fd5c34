//! Messages that components print when something is wrong with a certificate, one row each, and what to make of them.
//! A message is recognised whatever stands around and within it: log prefixes, hosts, addresses, times. Which connection
//! it arose on, and who judged whom there, is read from its own line alone.

mod access;
mod anchors;
mod dialled;
mod engine;
mod names;
mod pairs;
mod places;
mod row;
mod tls;
mod trust;
mod validity;

pub use engine::{Arose, Explanation, explain};
pub use row::{About, End, MessageRow, Tell};

/// Every message, special ones before general ones.
pub fn messages() -> impl Iterator<Item = &'static MessageRow> {
    [trust::ROWS, validity::ROWS, names::ROWS, pairs::ROWS, tls::ROWS, access::ROWS].into_iter().flatten()
}

#[cfg(test)]
mod tests;
