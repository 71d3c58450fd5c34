//! What the worker says to the page.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::message::Response;
use crate::wire::Said;

/// Where the worker's messages go.
#[derive(Clone)]
pub struct Say(Rc<dyn Fn(JsValue)>);

impl Say {
    /// Hands every message to a function.
    pub fn new(post: impl Fn(JsValue) + 'static) -> Self {
        Self(Rc::new(post))
    }

    /// Says something.
    pub(super) fn say(&self, response: Response) {
        self.pass_on(Said::from(response).to_list());
    }

    /// Says what another worker said.
    pub(super) fn pass_on(&self, message: JsValue) {
        (self.0)(message);
    }

    /// Says something that comes with a value beside it: a file in parts, or a passphrase that was drawn.
    pub(super) fn hand_over(&self, response: Response, property: &str, value: &JsValue) {
        let message = Said::from(response).to_list();
        let _ = Reflect::set(&message, &property.into(), value);
        self.pass_on(message);
    }
}
