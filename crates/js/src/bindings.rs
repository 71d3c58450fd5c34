//! The door to JavaScript: values in, one call, values out. A failure is thrown as a plain object, of which `core.js` makes
//! a `KubePkiError`. Times are Unix seconds. What stands here the element calls, what only programs call in `programs`.

#![allow(unreachable_pub, reason = "what JavaScript calls is public, though no crate calls it")]

use std::cell::RefCell;

use js_sys::{JSON, Object, Reflect};
use kubepki_core::spec::{API_VERSION, KIND};
use kubepki_study::Study;
use kubepki_worker::browser::random;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::design::Given;
use crate::picture;
use crate::shape::{DrawOptions, Failure};

thread_local! {
    /// Keeps the last sample: what is asked next is mostly about the same cluster.
    static STUDY: RefCell<Study> = RefCell::new(Study::new(random::fill));
}

/// What the page would draw with its worker.
#[wasm_bindgen]
pub fn draw(options: JsValue, now: f64) -> Result<JsValue, JsValue> {
    let wanted: DrawOptions = options_of(options)?;
    let drawn = STUDY.with_borrow_mut(|study| picture::draw(study, &wanted, now as i64));
    drawn.map(|drawn| value(&drawn)).map_err(thrown)
}

/// A design as links carry it.
#[wasm_bindgen(js_name = readDesign)]
pub fn read_design(design: &JsValue) -> Result<JsValue, JsValue> {
    Ok(value(&given(design)?.link()))
}

/// A text, or an object with a design's fields: its JSON, with the head of a design file where it has none.
pub(crate) fn given(design: &JsValue) -> Result<Given, JsValue> {
    if let Some(text) = design.as_string() {
        return Ok(Given { text, is_text: true });
    }
    let refused = || thrown(Failure::argument("A design is the text of a design file, or an object with its fields."));
    if !design.is_object() {
        return Err(refused());
    }
    let whole = Object::new();
    for (name, text) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        Reflect::set(&whole, &name.into(), &text.into())?;
    }
    let whole = Object::assign(&whole, design.unchecked_ref());
    // Fails for what refers to itself, and for big integers.
    let text = JSON::stringify(&whole).ok().and_then(|text| text.as_string()).ok_or_else(refused)?;
    Ok(Given { text, is_text: false })
}

pub(crate) fn options_of<T: DeserializeOwned>(options: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(options).map_err(|error| thrown(Failure::argument(format!("The options: {error}."))))
}

/// A plain value. Of what is handed over nothing can fail to be one.
pub(crate) fn value(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

pub(crate) fn thrown(failure: Failure) -> JsValue {
    value(&failure)
}
