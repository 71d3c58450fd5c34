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
//!
//! Programs issue with the same steps in their own thread: [`issue_here`].

#[cfg(feature = "worker")]
mod ahead;
#[cfg(feature = "worker")]
mod blob;
#[cfg(feature = "worker")]
mod crew;
#[cfg(feature = "worker")]
mod design;
#[cfg(feature = "worker")]
mod desk;
#[cfg(feature = "worker")]
mod export;
#[cfg(feature = "worker")]
mod forget;
#[cfg_attr(not(feature = "worker"), path = "alone.rs")]
mod helper;
#[cfg(feature = "here")]
mod here;
mod issue;
mod job;
mod pace;
mod progress;
#[cfg(feature = "worker")]
mod remote;
mod rsa;
#[cfg_attr(not(feature = "worker"), path = "rust_here.rs")]
mod rust;
#[cfg(feature = "worker")]
mod say;
#[cfg(feature = "bench")]
mod scale;
#[cfg(feature = "worker")]
mod seal;
mod webcrypto;

#[cfg(feature = "worker")]
pub use desk::Desk;
#[cfg(feature = "worker")]
pub use helper::serve as help;
#[cfg(feature = "here")]
pub use here::issue_here;
pub use pace::Pace;
#[cfg(feature = "worker")]
pub use say::Say;

/// Answers whoever started this worker, for as long as it lives: the page, or a worker that it helps.
#[cfg(feature = "worker")]
pub fn serve() {
    match crate::browser::scope::owner() {
        Some(port) => help(port),
        None => desk::serve(),
    }
}
