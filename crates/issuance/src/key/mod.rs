//! Key pairs: made from given entropy, read, and written as kubeadm writes them.

mod curve;
mod ecdsa;
mod error;
mod modulus;
#[cfg(feature = "native")]
mod native;
#[cfg(feature = "native")]
mod native_sign;
mod private;
mod public;
mod rsa_der;
#[cfg(feature = "rsa-rust")]
mod rsa_rust;
// With both features the faster one signs and verifies, and the tests compare the two.
#[cfg(feature = "rsa-rust")]
#[cfg_attr(all(feature = "native", not(test)), allow(dead_code, reason = "the faster one does it"))]
mod rsa_rust_sign;

pub use error::KeyError;
#[cfg(feature = "native")]
pub use native::generate_rsa_native;
pub use private::PrivateKey;
pub use public::PublicKey;
#[cfg(feature = "rsa-rust")]
pub use rsa_rust::generate_rsa;
#[cfg(feature = "rsa-rust")]
pub use rsa_rust_sign::{sign_rsa, verify_rsa_by_spki};

#[cfg(feature = "native")]
pub(crate) use native_sign::{RsaSigner, verify as verify_rsa};
#[cfg(all(feature = "rsa-rust", not(feature = "native")))]
pub(crate) use rsa_rust_sign::{RsaSigner, verify as verify_rsa};
