//! The leak test: `web/behind/leaks.js`, which comes behind the first picture, tries; the page shows what came of it.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::window;
use crate::state::Action;

/// Tries every way to a network, and tells what stopped each.
pub(super) fn test(dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    let test = Reflect::get(&window(), &JsValue::from_str("kubepkiLeaks")).unwrap_or_default();
    let Some(coming) = test.dyn_ref::<Function>().and_then(|test| test.call0(&JsValue::UNDEFINED).ok()) else { return };
    spawn_local(async move {
        let found = JsFuture::from(coming.unchecked_into::<Promise>()).await;
        if let Some(found) = found.ok().and_then(|found| found.as_string()) {
            dispatch.emit(Action::Leaks(found));
        }
    });
}
