//! Messages between the page and its worker. The page compiles this library alone; the worker's binary pulls in
//! issuance and YAML behind the feature `worker`.
//!
//! A design travels as its link text (`kubepki_core::spec::link::encode`), so that nothing of the design needs a
//! second serialized form. Private keys never travel to the page; finished files do, when the user exports them.

pub mod message;

pub use message::{Export, Finding, KeyNeed, ParsedText, Request, Response, TextFile};
