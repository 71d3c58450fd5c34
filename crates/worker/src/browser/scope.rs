//! The worker's global scope: what it was started with, what it says and hears.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

mod bootstrap {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        /// The first message, without its WebAssembly; see `bootstrap.js`.
        #[wasm_bindgen(js_namespace = kubepki)]
        pub(super) fn first() -> wasm_bindgen::JsValue;
    }
}

/// The global scope of a dedicated worker.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// A property of the message that started this worker; undefined when it had none.
pub fn first(property: &str) -> JsValue {
    property_of(&bootstrap::first(), property)
}

/// Works for the worker that started this one, for as long as it lives.
pub fn serve_owner(serve: fn(MessagePort)) {
    if let Some(port) = owner() {
        serve(port);
    }
}

/// The port to the worker that started this one; nothing when the page did.
pub fn owner() -> Option<MessagePort> {
    first("port").dyn_into().ok()
}

/// A property of a JavaScript value; undefined when it has none.
pub fn property_of(value: &JsValue, property: &str) -> JsValue {
    js_sys::Reflect::get(value, &property.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Hears every message to this worker from now on.
pub fn listen(handler: impl FnMut(MessageEvent) + 'static) {
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(handler);
    // Cannot fail: the name of the event is right, and the handler a function.
    let _ = scope().add_event_listener_with_callback("message", handler.as_ref().unchecked_ref());
    handler.forget();
}
