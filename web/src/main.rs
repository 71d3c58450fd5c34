//! The page. See `ARCHITECTURE.md`: state is pure, drawing is plain functions, and the browser is named in one folder.

mod app;
mod browser;
mod components;
mod draw;
mod state;
mod views;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    app::start();
}
