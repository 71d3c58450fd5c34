//! Starting the worker: `web/behind/start.js`, which comes behind the first picture, fetches, locks and starts.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

use super::window;

/// A worker that has been given its first message. By then the network is locked, for good.
///
/// # Errors
/// A sentence.
pub(super) async fn start() -> Result<Worker, String> {
    let start = Reflect::get(&window(), &JsValue::from_str("kubepkiStart")).unwrap_or_default();
    let coming = start.unchecked_into::<Function>().call0(&JsValue::UNDEFINED);
    let outcome = match coming {
        Ok(coming) => JsFuture::from(coming.unchecked_into::<Promise>()).await,
        Err(why) => Err(why),
    };
    let said =
        |why: JsValue| why.as_string().unwrap_or_else(|| "The worker could not be loaded or started.".to_owned());
    outcome.map(JsCast::unchecked_into).map_err(said)
}
