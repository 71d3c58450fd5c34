//! The worker for measuring; see `kubepki_worker::engine`. Never shipped.

use kubepki_worker::browser::scope;
use kubepki_worker::engine;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    scope::report_panics();
    engine::serve();
}
