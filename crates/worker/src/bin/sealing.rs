//! Encrypts what leaves the page: started and called by the worker alone.

use kubepki_worker::browser::scope;
use kubepki_worker::sealing;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    scope::report_panics();
    if let Some(port) = scope::owner() {
        sealing::serve_owner(port);
    }
}
