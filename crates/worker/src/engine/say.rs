//! What the worker says to the page.

use std::rc::Rc;

use js_sys::{Array, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::message::Response;

/// Where the worker's messages go.
#[derive(Clone)]
pub struct Say(Rc<dyn Fn(JsValue)>);

impl Say {
    /// Hands every message to a function.
    pub fn new(post: impl Fn(JsValue) + 'static) -> Self {
        Self(Rc::new(post))
    }

    /// Says something.
    pub(super) fn say(&self, response: &Response) {
        (self.0)(value(response));
    }

    /// Says something that comes with a file, in parts.
    pub(super) fn hand_over(&self, response: &Response, parts: &Array) {
        let message = value(response);
        let _ = Reflect::set(&message, &"parts".into(), parts);
        (self.0)(message);
    }
}

fn value(response: &Response) -> JsValue {
    // Cannot fail: a response is made of structures, lists, texts and numbers.
    response.serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or(JsValue::UNDEFINED)
}
