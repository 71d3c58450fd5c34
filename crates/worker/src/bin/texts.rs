//! Reads and writes texts: started and called by the worker alone.

use kubepki_worker::browser::scope;
use kubepki_worker::texts;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    scope::report_panics();
    if let Some(port) = scope::owner() {
        texts::serve_owner(port);
    }
}
