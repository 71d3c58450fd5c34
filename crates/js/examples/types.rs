//! Prints the package's TypeScript types: `cargo run -p kubepki-js --example types > web/package/types.d.ts`.

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    print!("{}", kubepki_js::types::types());
}

#[cfg(target_arch = "wasm32")]
fn main() {}
