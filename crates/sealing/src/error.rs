//! What can go wrong with a lock, in words for people.

use std::error::Error;
use std::fmt;

use kubepki_issuance::EntropyError;

/// Why nothing was encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The random source gave nothing.
    Entropy(EntropyError),
    /// Encrypting to nobody.
    NoRecipient,
    /// An empty passphrase.
    NoPassphrase,
    /// A text that is no recipient of age; the text, shortened.
    NotARecipient(String),
    /// A point that would make the key known to anyone.
    WeakRecipient,
    /// A cipher refused its parameters: a mistake of the program, after which nothing may be written.
    Cipher,
}

impl fmt::Display for SealError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entropy(error) => error.fmt(out),
            Self::NoRecipient => out.write_str("encrypting needs a recipient: give one that begins with age1"),
            Self::NoPassphrase => out.write_str("the passphrase is empty: type one, or have one drawn"),
            Self::NotARecipient(text) => write!(
                out,
                "{text:?} is no recipient: one begins with age1 and has 62 characters; `age-keygen -y FILE` prints it"
            ),
            Self::Cipher => out.write_str("the cipher refused what it was given; nothing was encrypted"),
            Self::WeakRecipient => out.write_str("that recipient is no public key that anything can be encrypted to"),
        }
    }
}

impl Error for SealError {}

impl From<EntropyError> for SealError {
    fn from(error: EntropyError) -> Self {
        Self::Entropy(error)
    }
}

/// Why nothing was decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Not a file of age version 1, or damaged before its first byte of content; what was found wrong.
    Form(&'static str),
    /// The passphrase opens nothing in it.
    WrongPassphrase,
    /// No identity that was given opens it.
    WrongIdentity,
    /// It was encrypted to a passphrase, and identities were given.
    NeedsPassphrase,
    /// It was encrypted to recipients, and a passphrase was given.
    NeedsIdentity,
    /// Its cost is beyond what is tried: base-two logarithm of the work.
    TooCostly(u8),
    /// The content was changed or cut off.
    Damaged,
    /// A text that is no identity of age.
    NotAnIdentity,
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(what) => write!(out, "this is no file that age encrypted: {what}"),
            Self::WrongPassphrase => out.write_str(
                "wrong passphrase: it does not open this file (compare capitals, spaces between words, keyboard layout)",
            ),
            Self::WrongIdentity => out.write_str("none of the identities opens this file: it was encrypted to others"),
            Self::NeedsPassphrase => out.write_str("this file was encrypted with a passphrase: give --passphrase-file"),
            Self::NeedsIdentity => out.write_str("this file was encrypted to recipients: give --identity"),
            Self::TooCostly(cost) => {
                write!(out, "this file asks for a work of 2^{cost} to try one passphrase; 2^22 is the most that is tried")
            }
            Self::Damaged => out.write_str("the content was changed or cut off after it was encrypted; nothing of it is used"),
            Self::NotAnIdentity => {
                out.write_str("this is no identity: one is a line that begins with AGE-SECRET-KEY-1, as `age-keygen` writes it")
            }
        }
    }
}

impl Error for OpenError {}
