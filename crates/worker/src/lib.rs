//! Messages between the page and its worker, and the worker itself.
//!
//! The page compiles the messages alone; the features `worker`, `study`, `sealing` and `rsa-fallback` add what the four
//! binaries run. A design travels as its link text (`kubepki_core::spec::link::encode`), so that nothing of the design needs a
//! second serialized form. Private keys never travel to the page; finished files do, when the user exports them.
//!
//! # Starting the worker
//! The page fetches the glue and the WebAssembly of `worker`, `study` and `sealing` (and of `rsa` where `crypto.subtle` is
//! missing), locks its network, and makes a classic worker from a `blob:` URL of the glue of `worker` and [`BOOTSTRAP`].
//! The first message is `{wasm, study, sealing, rsa}`: the bytes of `worker_bg.wasm`, and of the others `{glue, wasm}` (text and
//! bytes) or nothing. The `blob:` URL must not be revoked: large plans are issued by further workers that the worker
//! starts from it. From the next message on page and worker speak [`Request`] and [`Response`].

#[cfg(feature = "lists")]
mod lists;
pub mod message;
pub mod wire;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "issuing")]
pub mod engine;
#[cfg(feature = "rsa-fallback")]
pub mod fallback;
#[cfg(feature = "sealing")]
pub mod sealing;
#[cfg(feature = "study")]
pub mod study;

pub use message::{Finding, GoodLines, KeyNeed, PARTS, ParsedText, Part, Request, Response, TextFile};

/// Of page and workers: smaller and faster than the allocator that Rust brings along for WebAssembly.
#[cfg(all(feature = "lists", target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The JavaScript that stands behind wasm-bindgen's glue in every worker's script.
pub const BOOTSTRAP: &str = include_str!("bootstrap.js");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bootstrap_fails_in_the_words_of_the_wire() {
        let failed = wire::Said::from(Response::Failed { pki: None, message: "x".into() });
        let words = format!("[{}, {:?}, [[`", failed.0, failed.1);
        assert!(BOOTSTRAP.contains(&words), "{words}");
    }

    #[test]
    fn the_bootstrap_offers_what_is_called_and_nothing_else() {
        let (_, offered) = BOOTSTRAP.split_once("scope.kubepki = {").expect("an object");
        let (offered, _) = offered.split_once("\n  };").expect("its end");
        let lines = offered.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        let mut offered: Vec<&str> = lines.map(|line| line.split([':', ',']).next().unwrap_or_default()).collect();
        let called = |source: &'static str| {
            let imports = source.split("js_namespace = kubepki").skip(1);
            imports.filter_map(|rest| rest.split_once("fn ")?.1.split('(').next())
        };
        let sources = [include_str!("browser/scope.rs"), include_str!("engine/remote.rs")];
        let mut called: Vec<&str> = sources.into_iter().flat_map(called).collect();
        offered.sort_unstable();
        called.sort_unstable();
        assert_eq!(offered, called);
    }

    #[test]
    fn no_text_of_a_drawing_holds_what_separates_its_parts() {
        assert!(kubepki_core::view::drawing::SEPARATORS.contains(&PARTS));
    }
}
