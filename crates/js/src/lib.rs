//! The workbench for programs: what the package's `core.js` calls. Each function takes JavaScript values, calls what the
//! page and its workers call, and gives plain values back.
//!
//! ```text
//! text or object ──design──▶ Draft, Plan, findings ──▶ planned | generate | handshake | picture ──shape──▶ plain values
//! ```
//!
//! The clock enters with every call, randomness from the platform's `crypto.getRandomValues`. What is handed over is
//! described once, in [`shape`]; `examples/types.rs` writes the package's TypeScript types from it.

mod bindings;
pub mod design;
pub mod generate;
pub mod handshake;
pub mod picture;
pub mod planned;
#[cfg(feature = "programs")]
mod programs;
pub mod shape;
#[cfg(not(target_arch = "wasm32"))]
pub mod types;
