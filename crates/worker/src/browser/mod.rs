//! What both workers stand on: the worker's global scope, the browser's randomness, and calls between workers. The
//! only place, beside the engine's WebCrypto, that names browser interfaces.

pub mod random;
pub mod scope;
pub mod server;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
