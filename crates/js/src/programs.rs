//! The same door for what programs alone ask for: plans, findings, a PKI, a handshake's verdict, a picture.

#![allow(unreachable_pub, reason = "what JavaScript calls is public, though no crate calls it")]

use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use kubepki_worker::browser::random;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use crate::bindings::{given, options_of, thrown, value};
use crate::shape::{Failure, GenerateOptions, HandshakeOptions, Progress, SvgOptions};
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
