//! The door to JavaScript: values in, one call, values out. A failure is thrown as a plain object, of which `core.js` makes
//! a `KubePkiError`. Times are Unix seconds.

#![allow(unreachable_pub, reason = "what JavaScript calls is public, though no crate calls it")]

use std::cell::RefCell;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use kubepki_core::spec::{API_VERSION, KIND};
use kubepki_study::Study;
use kubepki_worker::browser::random;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::design::Given;
use crate::shape::{DrawOptions, Failure, GenerateOptions, HandshakeOptions, Progress, SvgOptions};
use crate::{generate as generating, handshake as handshakes, picture, planned};

/// What follows from a design.
#[wasm_bindgen]
pub fn plan(design: &JsValue, now: f64) -> Result<JsValue, JsValue> {
    let read = given(design)?.read(now as i64).map_err(thrown)?;
    Ok(value(&planned::plan(read)))
}

/// Everything there is to say about a design.
#[wasm_bindgen]
pub fn diagnose(design: &JsValue, now: f64) -> Result<JsValue, JsValue> {
    Ok(value(&given(design)?.diagnose(now as i64)))
}

/// A PKI, of which the options say what to give. `progress` is called with how far it is; what `stop` promises ends it.
#[wasm_bindgen]
pub async fn generate(
    design: JsValue,
    options: JsValue,
    now: f64,
    progress: Function,
    stop: Promise,
) -> Result<JsValue, JsValue> {
    let read = given(&design)?.read(now as i64).map_err(thrown)?;
    let wanted: GenerateOptions = options_of(options)?;
    let tell = move |done: Progress| {
        // What it throws, `core.js` has kept.
        let _ = progress.call1(&JsValue::UNDEFINED, &value(&done));
    };
    let work = pin!(generating::generate(read, wanted.include.as_ref(), now as i64, tell));
    match select(work, JsFuture::from(stop)).await {
        Either::Left((made, _)) => made.map(|made| value(&made)).map_err(thrown),
        Either::Right(_) => Err(thrown(Failure::undone("It was stopped."))),
    }
}

/// A connection, tried on samples.
#[wasm_bindgen]
pub fn handshake(design: &JsValue, options: JsValue, now: f64) -> Result<JsValue, JsValue> {
    let read = given(design)?.read(now as i64).map_err(thrown)?;
    let wanted: HandshakeOptions = options_of(options)?;
    handshakes::handshake(&read, &wanted, now as i64, random::fill).map(|it| value(&it)).map_err(thrown)
}

/// A view as SVG.
#[wasm_bindgen(js_name = renderSvg)]
pub fn render_svg(design: &JsValue, options: JsValue, now: f64) -> Result<String, JsValue> {
    let read = given(design)?.read(now as i64).map_err(thrown)?;
    let wanted: SvgOptions = options_of(options)?;
    Ok(picture::svg(&read, picture::view(&wanted.view).map_err(thrown)?, now as i64))
}

/// Every preset.
#[wasm_bindgen]
pub fn presets() -> JsValue {
    value(&planned::presets())
}

/// Every fault.
#[wasm_bindgen]
pub fn faults() -> JsValue {
    value(&handshakes::faults())
}

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
fn given(design: &JsValue) -> Result<Given, JsValue> {
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

fn options_of<T: DeserializeOwned>(options: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(options).map_err(|error| thrown(Failure::argument(format!("The options: {error}."))))
}

/// A plain value. Of what is handed over nothing can fail to be one.
fn value(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

fn thrown(failure: Failure) -> JsValue {
    value(&failure)
}
