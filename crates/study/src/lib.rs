//! What the page shows beside the first picture, and what needs more than a plan: drawn here by a worker, as elements that
//! the page only builds.
//!
//! ```text
//! design, view, what is chosen, guide ──▶ Study::draw ──▶ the view, what is told about the chosen thing, the guide
//!                                          └─ Sample: certificates issued in a blink, for handshakes and faults
//! ```
//!
//! What is chosen carries everything that changes what is seen ([`chosen::Chosen`]), so that a link has it too.

pub mod attacker;
pub mod audit;
pub mod chosen;
pub mod credential;
mod embed;
mod export;
pub mod faults;
pub mod guide;
pub mod handshake;
pub mod hardening;
mod judges;
mod markdown;
mod message;
mod network;
pub mod pasted;
mod runbook;
pub mod sample;
pub mod sheet;
pub mod steps;
mod study;
mod trust;

pub use sample::{Entropy, Sample};
pub use study::{Asked, Drawn, Study};
