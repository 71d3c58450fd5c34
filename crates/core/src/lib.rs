//! The design side of the workbench.
//!
//! ```text
//! text ──▶ Draft ──parse──▶ ClusterSpec ──plan(catalog, layout)──▶ Plan ──▶ view::*, snippet::*
//! ```
//!
//! Each arrow is one public function, value in and value out. There is no clock, no randomness, no file, no browser
//! and no cryptography here; keys come later, in `kubepki-issuance`.

pub mod catalog;
pub mod check;
pub mod diag;
pub mod facts;
pub mod instant;
pub mod layout;
pub mod pattern;
pub mod plan;
pub mod snippet;
pub mod sorted;
pub mod spec;
pub mod view;

pub use diag::{Diagnostic, Severity};
pub use plan::Plan;
pub use spec::{ClusterSpec, Draft};
