//! The side that answers of a call between workers: `[id, …]` in, `[id, value]` or `[id, undefined, "why not"]` out.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// What answers a call: a value, and what of it moves instead of being copied.
#[derive(Debug)]
pub struct Answer {
    /// The value.
    pub value: JsValue,
    /// Buffers inside it that move.
    pub transfer: Array,
}

impl Answer {
    /// Bytes, moved.
    pub fn bytes(bytes: &[u8]) -> Self {
        let array = js_sys::Uint8Array::from(bytes);
        Self { transfer: Array::of1(&array.buffer()), value: array.into() }
    }

    /// A plain value.
    pub fn plain(value: impl Into<JsValue>) -> Self {
        Self { value: value.into(), transfer: Array::new() }
    }
}

/// Answers every call on a port, one after the other, for as long as this worker lives. A call for nothing is answered by
/// nothing: whoever makes it learns that this worker has loaded.
pub fn serve(port: MessagePort, mut answer: impl FnMut(&Array) -> Result<Answer, String> + 'static) {
    let to = port.clone();
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let call: Array = event.data().unchecked_into();
        let id = call.shift();
        // Sending fails only where nobody listens any more.
        let answered = if call.length() == 0 { Ok(Answer::plain(JsValue::UNDEFINED)) } else { answer(&call) };
        let _ = match answered {
            Ok(Answer { value, transfer }) => to.post_message_with_transferable(&Array::of2(&id, &value), &transfer),
            Err(why) => to.post_message(&Array::of3(&id, &JsValue::UNDEFINED, &why.into())),
        };
    });
    port.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
}

/// The bytes of a buffer that held a secret: the buffer itself is overwritten.
pub fn taken(value: &JsValue) -> Vec<u8> {
    let array = js_sys::Uint8Array::new(value);
    let bytes = array.to_vec();
    array.fill(0, 0, array.length());
    bytes
}
