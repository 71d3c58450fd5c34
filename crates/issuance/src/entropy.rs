//! Randomness, handed in from outside: the operating system's on the command line, the browser's in a worker.

use std::error::Error;
use std::fmt;

/// The source of randomness gave nothing. There is no weaker key in its place: issuing stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError;

impl fmt::Display for EntropyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the system's random source failed, so no key was made; nothing weaker is used instead")
    }
}

impl Error for EntropyError {}

/// Fills a buffer with random bytes from a cryptographic source, or fails.
pub type Entropy<'a> = dyn FnMut(&mut [u8]) -> Result<(), EntropyError> + 'a;
