//! Ports of this machine that several tests listen on: one at a time.

use std::fs::File;

/// Holds the ports until dropped; other tests, of any checkout, wait.
#[derive(Debug)]
pub struct Ports {
    _lock: File,
}

impl Ports {
    /// Waits for the ports.
    ///
    /// # Panics
    /// When the lock's file cannot be made.
    pub fn take() -> Self {
        let path = std::env::temp_dir().join("kubepki-tests-ports.lock");
        let lock = File::create(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        lock.lock().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { _lock: lock }
    }
}
