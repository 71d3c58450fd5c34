//! The browser's cryptographic random source.

use std::cell::RefCell;

use kubepki_issuance::{EntropyError, Health};

thread_local! {
    /// What this worker, or the thread that asked the package, has drawn so far.
    static HEALTH: RefCell<Health> = const { RefCell::new(Health::new()) };
}

/// Fills a buffer from `crypto.getRandomValues`, and looks at what that gave.
///
/// # Errors
/// When the browser refuses, or gives what does not look random. There is nothing weaker to fall back to.
pub fn fill(bytes: &mut [u8]) -> Result<(), EntropyError> {
    let mut source = |out: &mut [u8]| getrandom::fill(out).map_err(|_| EntropyError::Failed);
    HEALTH.with_borrow_mut(|health| health.draw(bytes, &mut source))
}
