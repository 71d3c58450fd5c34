//! Why a key could not be made or read.

use std::error::Error;
use std::fmt;

use crate::entropy::EntropyError;

/// Why a key could not be made or read. Never holds anything of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The source of randomness failed.
    Entropy(EntropyError),
    /// A text without a PEM block that holds a private key.
    NoPem {
        /// Labels of the blocks there are.
        seen: Vec<String>,
    },
    /// A PEM block that is cut off or damaged.
    BadPem {
        /// Its label.
        label: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Bytes that are no key in the form they should have.
    Malformed {
        /// The form: `PKCS#8`, `PKCS#1`, `SEC 1`, `SubjectPublicKeyInfo`.
        form: &'static str,
    },
    /// A key, but of a kind that kubeadm does not make.
    Unsupported {
        /// What it is, or what is known about it.
        what: String,
    },
    /// The public key inside does not belong to the private one.
    Mismatch,
    /// Making or using it needs a part that was not compiled in.
    NotHere {
        /// What was asked for.
        what: &'static str,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entropy(error) => error.fmt(out),
            Self::NoPem { seen } if seen.is_empty() => out.write_str("there is no PEM block with a private key in it"),
            Self::NoPem { seen } => {
                write!(out, "there is no PEM block with a private key, only {}", seen.join(", "))
            }
            Self::BadPem { label, why } => write!(out, "the PEM block {label} cannot be read: {why}"),
            Self::Malformed { form } => write!(out, "these bytes are not a well-formed {form} key"),
            Self::Unsupported { what } => {
                write!(out, "{what} is not supported: use RSA with 2048, 3072 or 4096 bits, or ECDSA on P-256 or P-384")
            }
            Self::Mismatch => out.write_str("the public key stored with this private key belongs to another one"),
            Self::NotHere { what } => write!(out, "{what} is not done by this build"),
        }
    }
}

impl Error for KeyError {}

impl From<EntropyError> for KeyError {
    fn from(error: EntropyError) -> Self {
        Self::Entropy(error)
    }
}
