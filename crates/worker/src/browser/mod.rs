//! What all workers stand on: the worker's global scope, the browser's randomness, and calls between workers. The
//! only place, beside the engine's WebCrypto, that names browser interfaces.

#[cfg(feature = "keys")]
pub mod random;
pub mod scope;
pub mod server;
