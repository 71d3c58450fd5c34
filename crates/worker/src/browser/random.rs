//! The browser's cryptographic random source.

use kubepki_issuance::EntropyError;

/// Fills a buffer from `crypto.getRandomValues`.
///
/// # Errors
/// When the browser refuses. There is nothing weaker to fall back to.
pub fn fill(bytes: &mut [u8]) -> Result<(), EntropyError> {
    getrandom::fill(bytes).map_err(|_| EntropyError)
}
