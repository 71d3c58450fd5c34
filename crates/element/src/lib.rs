//! What the custom element `<kube-pki>` shows before it loads any more than this: views that need no handshake, and what
//! is told of a selected thing. One function takes what the element's attributes say, and gives lines as
//! `kubepki_core::view::drawing` writes them; the element builds DOM from them.

pub mod answer;
pub mod asked;

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Draws. `asked` is [`asked::Asked`] as lines, the result [`answer::Answer`] as parts.
#[wasm_bindgen]
pub fn draw(asked: &str) -> String {
    answer::answer(&asked::Asked::read(asked)).to_text()
}
