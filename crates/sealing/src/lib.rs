//! What leaves the page under a lock.
//!
//! ```text
//! archive ──age::seal──▶ NAME.zip.age        opened by `age -d`, `kubepki decrypt`
//! CA key ──pkcs8::seal──▶ ENCRYPTED PRIVATE KEY   read by openssl
//! identity ──pkcs12::seal──▶ admin.p12       imported by openssl and browsers
//! ```
//!
//! Passphrases and random bytes are arguments; nothing is remembered.

pub mod age;
mod error;
mod oid;
pub mod passphrase;
pub mod pkcs12;
pub mod pkcs8;

pub use error::{OpenError, SealError};
