//! Certificates, chains, key pairs and handshakes, judged as Go's crypto/x509 and crypto/tls judge them and in their very
//! words: Kubernetes and etcd are built with them.
//!
//! ```text
//! DER ──▶ Certificate ──▶ verify(leaf, roots, name, time, usages) ──▶ chains, or the error Go would print
//! PEM ──▶ KeyPair ──┐
//! PEM ──▶ Pool ─────┴──▶ tls::handshake(client, server, time) ──▶ what each side says
//! ```
//!
//! Go 1.27 is the model. What Go reads and this does not (P-521, Ed25519 and ML-DSA keys) counts as an unknown key.

mod certificate;
mod constraint;
mod curve;
mod der;
mod error;
mod extension;
mod hostname;
mod limit;
mod name;
mod pair;
mod parse;
mod parse_error;
mod path;
mod pem;
mod policy;
mod pool;
mod signature;
pub mod tls;
mod usage;

pub use certificate::Certificate;
pub use error::{Step, VerifyError};
pub use limit::TooLong;
pub use pair::{KeyPair, PairError};
pub use parse_error::ParseError;
pub use path::{Chain, Options, verify};
pub use pem::public_key_der;
pub use pool::Pool;
pub use signature::{PublicKey, SignatureAlgorithm, SignatureError};
pub use usage::Eku;
