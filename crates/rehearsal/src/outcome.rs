//! What came of a call: how each side ends, and who the caller is taken for.

use crate::atlas::Log;
use crate::dial::End;

/// How a side ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is content with the other side.
    Ok,
    /// It refuses, or is refused.
    Refused,
    /// It never came to that.
    NotReached,
}

impl Verdict {
    /// As JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::NotReached => "not-reached",
        }
    }
}

/// One side of a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it works with.
    pub end: End,
    /// How it ends.
    pub verdict: Verdict,
    /// The step that failed, in a word.
    pub step: Option<String>,
    /// Go's text for it.
    pub message: Option<String>,
    /// What the component prints; nothing where that was not recorded.
    pub log: Option<Log>,
}

/// Who the server takes the caller for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user.
    pub user: String,
    /// The groups.
    pub groups: Vec<String>,
}

/// A call and what came of it.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// Id of the connection.
    pub connection: &'static str,
    /// The time at which it was tried, Unix seconds.
    pub at: i64,
    /// What was dialled, `10.0.0.1:6443`.
    pub dialled: String,
    /// The version that was agreed on, `1.3`; nothing without agreement.
    pub tls: Option<&'static str>,
    /// The caller.
    pub client: Side,
    /// The server.
    pub server: Side,
    /// What the server answers to the first request, where it speaks HTTP: 200, 401 or 403.
    pub http_status: Option<u16>,
    /// Who the server takes the caller for; nothing where it does not come to that, or does not ask.
    pub identity: Option<Identity>,
    /// What somebody is told who had the client call: kubectl of what kube-apiserver hands on, curl of etcd's gateway. Nothing
    /// where the client calls by itself, and where it was not recorded.
    pub answer: Option<Log>,
}
