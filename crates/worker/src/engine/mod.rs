//! What the worker does.
//!
//! ```text
//! page ──Request──▶ desk ──▶ ahead | issue | export ──Response──▶ page
//!                     │        │       │
//!                     │        └─ rsa: WebCrypto, or workers in Rust
//!                     │                └─ helpers: more workers for large plans
//!                     │        └─ seal: a worker that encrypts, for as long as one export takes
//!                     └─ study: a worker that reads, writes and draws
//! ```
//!
//! Everything waits without blocking, so that a Cancel is heard at once; work in Rust rests every few milliseconds.

mod ahead;
mod crew;
mod desk;
mod export;
mod forget;
mod helper;
mod issue;
mod pace;
mod progress;
mod remote;
mod rsa;
mod say;
#[cfg(feature = "bench")]
mod scale;
mod seal;
mod webcrypto;

pub use desk::Desk;
pub use helper::serve as help;
pub use say::Say;

use crate::browser::scope;

/// Answers whoever started this worker, for as long as it lives: the page, or a worker that it helps.
pub fn serve() {
    match scope::owner() {
        Some(port) => help(port),
        None => desk::serve(),
    }
}
