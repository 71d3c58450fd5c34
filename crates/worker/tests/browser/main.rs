//! The worker in a real browser: `cargo xtask test wasm`.
#![cfg(target_arch = "wasm32")]

mod bootstrap;
mod fallback;
mod study;
mod support;
mod worker;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
