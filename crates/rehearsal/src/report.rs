//! A call and what came of it, as programs are told it: what `kubepki handshake --format json` prints, and what the
//! package's `handshake` gives.

use kubepki_core::instant::to_rfc3339;
use serde::Serialize;

use crate::atlas::Log;
use crate::outcome::{Handshake, Side};

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[cfg_attr(feature = "types", ts(rename = "HandshakeReport"))]
pub struct Report {
    /// Id of the connection, `kube-apiserver->etcd`.
    pub connection: String,
    /// The time at which it was tried, RFC 3339 in UTC.
    pub at: String,
    /// What was dialled, `10.0.0.1:6443`.
    pub dialled: String,
    /// The TLS version that was agreed on, `1.3`; null without agreement.
    pub tls: Option<String>,
    /// The caller.
    pub client: SideReport,
    /// The server.
    pub server: ServerReport,
    /// Who the server takes the caller for; null where it does not come to that, or does not ask.
    pub identity: Option<IdentityReport>,
    /// What somebody is told who had the client call, as it was recorded: kubectl of what kube-apiserver hands on, curl of
    /// etcd's gateway. Null where the client calls by itself, and where it was not recorded.
    pub answer: Option<LogReport>,
}

/// One side of a call. Files are paths in a folder as `kubepki break` writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct SideReport {
    /// The file with what it shows.
    pub cert: Option<String>,
    /// The file with its private key.
    pub key: Option<String>,
    /// The file that it checks the other side with; null where it does not.
    pub trust: Option<String>,
    /// The file with the bearer token that it sends; left out where it sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub token: Option<String>,
    /// Whether it is content: `ok`, `refused`, or `not-reached`.
    #[cfg_attr(feature = "types", ts(type = "\"ok\" | \"refused\" | \"not-reached\""))]
    pub verdict: String,
    /// The step that failed, in a word.
    pub step: Option<String>,
    /// Go's text for it.
    pub message: Option<String>,
    /// The first line that the component prints by itself, `…` for what varies; null where it prints none, or where that was
    /// not recorded.
    pub log: Option<String>,
    /// Everything that it prints, as it was recorded; null where it was not.
    pub printed: Option<LogReport>,
}

/// What a component prints, as it was recorded from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct LogReport {
    /// The component.
    pub component: String,
    /// Its version when it was recorded.
    pub version: String,
    /// Whether it ends then, or does not start.
    pub ends: bool,
    /// Within how many seconds the first line stood there, after the component or the one that it speaks of was started on the
    /// files with the fault, or the command was given; null where that was not recorded.
    pub within: Option<u32>,
    /// The lines, in order.
    pub lines: Vec<LineReport>,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct LineReport {
    /// The verbosity (`--v`) from which on it is printed; 0 is without any setting.
    pub verbosity: u8,
    /// The whole line, `…` for what varies.
    pub text: String,
}

/// The server's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ServerReport {
    /// As of any side.
    #[serde(flatten)]
    pub side: SideReport,
    /// What it answers to the first request, where it speaks HTTP: 200, 401 or 403.
    #[serde(rename = "httpStatus")]
    pub http_status: Option<u16>,
}

/// Who a caller is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct IdentityReport {
    /// The user.
    pub user: String,
    /// The groups.
    pub groups: Vec<String>,
}

impl From<&Handshake> for Report {
    fn from(it: &Handshake) -> Self {
        let Handshake { connection, at, dialled, tls, client, server, http_status, identity, answer } = it;
        Self {
            connection: (*connection).to_owned(),
            at: to_rfc3339(*at),
            dialled: dialled.clone(),
            tls: tls.map(str::to_owned),
            client: client.into(),
            server: ServerReport { side: server.into(), http_status: *http_status },
            identity: identity
                .as_ref()
                .map(|one| IdentityReport { user: one.user.clone(), groups: one.groups.clone() }),
            answer: answer.as_ref().map(LogReport::from),
        }
    }
}

impl From<&Side> for SideReport {
    fn from(it: &Side) -> Self {
        let Side { end, verdict, step, message, log } = it;
        Self {
            cert: end.cert.clone(),
            key: end.key.clone(),
            trust: end.trust.clone(),
            token: end.token.clone(),
            verdict: verdict.word().to_owned(),
            step: step.clone(),
            message: message.clone(),
            log: log.as_ref().and_then(|log| log.usual().next()).map(str::to_owned),
            printed: log.as_ref().map(LogReport::from),
        }
    }
}

impl From<&Log> for LogReport {
    fn from(it: &Log) -> Self {
        let Log { component, version, ends, within, lines } = it;
        let lines = lines.iter().map(|line| LineReport { verbosity: line.verbosity, text: line.text.clone() });
        Self {
            component: (*component).to_owned(),
            version: (*version).to_owned(),
            ends: *ends,
            within: *within,
            lines: lines.collect(),
        }
    }
}
