//! Who checks whom, on real bytes: a running cluster's certificates are put on a stage, faults are put into them, and
//! each connection is judged as the components themselves would.
//!
//! ```text
//! Plan ──▶ Stage ──faults──▶ Stage + keys + serials + now ──▶ files ──▶ rehearse(connection, nodes, time) ──▶ Handshake
//! ```
//!
//! A fault is a row ([`fault::KINDS`]) and a target. The faulty certificate is really issued and really verified:
//! nothing here knows what the outcome should be.

pub mod atlas;
mod authorize;
mod dial;
mod embedded;
pub mod expiry;
mod extra;
pub mod fault;
mod handshake;
mod issue;
mod outcome;
mod published;
#[cfg(feature = "json")]
mod report;
mod stage;
mod token;

pub use dial::{Dial, DialError, End, dials};
pub use embedded::{certificate_authority, client_certificate, too_long};
pub use handshake::rehearse;
pub use issue::{Folder, issue};
pub use outcome::{Handshake, Identity, Side, Verdict};
pub use published::{Published, publish};
#[cfg(feature = "json")]
pub use report::{IdentityReport, LineReport, LogReport, Report, ServerReport, SideReport};
pub use stage::{Content, Kubeconfig, Piece, Process, Stage, StageFile, on_machine};
