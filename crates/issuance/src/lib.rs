//! The key side of the workbench.
//!
//! ```text
//! Plan + keys + serials + now ──▶ Issuance ──to_sign──▶ to-be-signed bytes ──▶ signatures ──finish──▶ Pki
//!                                                       (WebCrypto, Rust, or a machine elsewhere)      │
//!                                  verify, inspect, archive ◀──────────────────────────────────────────┘
//! ```
//!
//! There is no clock, no randomness and no I/O here: keys are made from the caller's entropy, serials and time are
//! arguments. So the same plan, keys, serials and time give the same bytes wherever they are issued. (One exception,
//! by its nature: with the feature `native`, [`key::generate_rsa_native`] lets aws-lc-rs draw from its own source.)
//!
//! - One call, where Rust signs everything: [`issue()`].
//! - Two steps, where RSA is signed elsewhere: [`Issuance::new`], [`Issuance::to_sign`], [`Issuance::finish`].
//! - Certificate by certificate, for several workers: [`Issuer::new`] once per CA, then [`Issuer::issue`] or
//!   [`to_be_signed_one`], [`assemble`] and [`verify_one`] for each index of the plan; [`Pki`] is built from the parts.
//!
//! Nothing counts as done before [`verify()`] has read every certificate back and found no mismatch.

pub mod archive;
mod entropy;
pub mod inspect;
mod issue;
mod issue_error;
pub mod key;
mod kubeconfig;
mod multiples;
mod name;
mod pem;
mod pki;
mod secret;
mod serial;
mod sign;
mod tbs;
mod trace;
mod verifier;
mod verify;

pub use entropy::{Entropy, EntropyError, Health};
pub use issue::{Issuance, Issuer, check_keys, issue};
pub use issue_error::IssueError;
pub use key::{KeyError, PrivateKey, PublicKey};
pub use kubeconfig::KubeconfigParts;
pub use pki::{IssuedCert, Pki};
pub use secret::{Secret, SecretText};
pub use serial::{Serial, draw_serials};
pub use sign::{Signer, assemble};
pub use tbs::{ToBeSigned, key_identifier, to_be_signed, to_be_signed_one};
pub use trace::Traces;
pub use verifier::Verifier;
pub use verify::{Mismatch, PendingCheck, ReadBack, verify, verify_one};
