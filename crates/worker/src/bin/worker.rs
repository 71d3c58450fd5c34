//! The worker: answers the page, or helps the worker that started it.

use kubepki_worker::browser::scope;
use kubepki_worker::engine;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    scope::report_panics();
    engine::serve();
}
