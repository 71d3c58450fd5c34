//! Whether this worker's memory still holds a key that was wiped.

use js_sys::{Uint8Array, WebAssembly};
use kubepki_issuance::Traces;
use wasm_bindgen::JsCast;

use super::pace::Pace;

/// Bytes looked at together.
const STRETCH: u32 = 1 << 20;

/// Searches all of this worker's memory; what was found, in a sentence or two.
pub(super) async fn search(traces: &Traces) -> String {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let mut stretch = vec![0; STRETCH as usize];
    let pace = Pace::new();
    let (mut found, mut at, mut all) = (0, 0, u32::MAX);
    while at < all {
        // A new view each time: memory that grows has another buffer.
        let view = Uint8Array::new(&memory.buffer());
        all = view.length();
        let end = at.saturating_add(STRETCH).min(all);
        let part = &mut stretch[..(end - at) as usize];
        view.subarray(at, end).copy_to(part);
        found += traces.found_in(part);
        // A copy of what was searched would be found again where this buffer stands.
        std::hint::black_box(&mut *part).fill(0);
        at = if end == all { all } else { end - Traces::OVERLAP as u32 };
        pace.rest().await;
    }
    let outcome = match found {
        0 => "none was found".to_owned(),
        some => format!("{some} traces were found, so close the browser"),
    };
    let tenths = all / 100_000;
    format!(
        "Forgotten: {} private keys were overwritten. The worker's memory, {}.{} MB, was searched for each as bytes, as \
         PEM and as in a kubeconfig: {outcome}. The worker has ended. What the browser itself copied is released when it is closed.",
        traces.keys(),
        tenths / 10,
        tenths % 10
    )
}
