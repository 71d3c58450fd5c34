//! Why a plan cannot be issued.

use std::error::Error;
use std::fmt;

use kubepki_core::Plan;

use crate::key::{KeyError, PublicKey};
use crate::serial::Serial;

/// Why a plan could not be issued. Certificates are named `id@node`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueError {
    /// Not one key and one entry for a serial per certificate and key pair.
    Count {
        /// Entries in the plan.
        certs: usize,
        /// Keys given.
        keys: usize,
        /// Entries for serials given.
        serials: usize,
    },
    /// Not one signature for each [`ToBeSigned`](crate::ToBeSigned).
    Signatures {
        /// To be signed.
        wanted: usize,
        /// Given.
        given: usize,
    },
    /// A certificate without a serial number.
    NoSerial {
        /// Which.
        cert: String,
    },
    /// Two certificates of one issuer with the same serial number.
    SameSerial {
        /// The second.
        cert: String,
        /// The number.
        serial: Serial,
    },
    /// Two certificates or key pairs with the same key: whoever has one of them has both, and no two keys that are drawn are
    /// ever the same.
    SameKey {
        /// The second.
        cert: String,
        /// The first.
        other: String,
    },
    /// A key of another algorithm than planned.
    Algorithm {
        /// Whose key.
        cert: String,
        /// The planned algorithm.
        planned: &'static str,
        /// The given one.
        given: &'static str,
    },
    /// A bare key pair where a certificate is meant.
    NotACertificate {
        /// Which.
        cert: String,
    },
    /// A date outside the years 0 to 9999.
    Date {
        /// Whose.
        cert: String,
        /// The issue time, Unix seconds.
        now: i64,
    },
    /// A name or serial that cannot be written.
    Encoding {
        /// Whose.
        cert: String,
    },
    /// The issuer's key could not sign.
    Key {
        /// The issuer.
        cert: String,
        /// Why.
        error: KeyError,
    },
}

impl fmt::Display for IssueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { certs, keys, serials } => write!(
                out,
                "the plan has {certs} certificates and key pairs, but {keys} keys and {serials} serial numbers were given"
            ),
            Self::Signatures { wanted, given } => {
                write!(out, "{wanted} certificates were to be signed, but {given} signatures were given")
            }
            Self::NoSerial { cert } => write!(out, "{cert} has no serial number"),
            Self::SameSerial { cert, serial } => {
                write!(out, "{cert} has serial number {serial}, which its issuer gave to another certificate already")
            }
            Self::SameKey { cert, other } => write!(
                out,
                "{cert} and {other} have the same key, so whoever holds one is the other as well; keys that are drawn at \
                 random are never the same, so what drew them is broken, or one file was put in the place of another"
            ),
            Self::Algorithm { cert, planned, given } => {
                write!(out, "the key of {cert} is {given}, but the plan says {planned}")
            }
            Self::NotACertificate { cert } => write!(out, "{cert} is a bare key pair and has no certificate"),
            Self::Date { cert, now } => {
                write!(out, "the dates of {cert} cannot be written: the issue time {now} is out of range")
            }
            Self::Encoding { cert } => write!(out, "{cert} has a name or serial number that cannot be written"),
            Self::Key { cert, error } => write!(out, "the key of {cert} cannot sign: {error}"),
        }
    }
}

impl Error for IssueError {}

impl IssueError {
    /// An error unless a key is of the planned algorithm.
    pub(crate) fn check_algorithm(plan: &Plan, index: usize, key: &PublicKey) -> Result<(), Self> {
        let planned = plan.certs[index].key;
        if planned == key.algorithm() {
            return Ok(());
        }
        Err(Self::Algorithm { cert: plan.key_of(index), planned: planned.word(), given: key.algorithm().word() })
    }
}
