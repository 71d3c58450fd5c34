//! The parts of the worker: text of its glue, bytes of its WebAssembly. Fetched once, kept for starting it again.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::{document, window};

/// What the worker is started from.
pub(super) struct Parts {
    /// The script: glue and bootstrap.
    pub(super) script: String,
    /// The first message: `{wasm, study, sealing, rsa}`.
    pub(super) first: JsValue,
}

/// Fetches the worker and what it starts itself: the workers for texts and drawings and for
/// encrypting, and RSA where the browser has no WebCrypto.
///
/// # Errors
/// A sentence.
pub(super) async fn fetch() -> Result<Parts, String> {
    let first = binary("worker").await?;
    put(&first, "study", binary("study").await?.as_ref());
    put(&first, "sealing", binary("sealing").await?.as_ref());
    if !has_webcrypto() {
        put(&first, "rsa", binary("rsa").await?.as_ref());
    }
    let glue = Reflect::get(&first, &JsValue::from_str("glue")).ok().and_then(|glue| glue.as_string());
    let script = [&glue.unwrap_or_default(), "\n", kubepki_worker::BOOTSTRAP].concat();
    Ok(Parts { script, first: first.into() })
}

/// A binary: its glue as text and its WebAssembly as bytes.
async fn binary(name: &str) -> Result<Object, String> {
    let parts = Object::new();
    put(&parts, "glue", &file(&[name, ".js"].concat(), Response::text).await?);
    put(&parts, "wasm", &file(&[name, "_bg.wasm"].concat(), Response::array_buffer).await?);
    Ok(parts)
}

async fn file(name: &str, read: fn(&Response) -> Result<js_sys::Promise, JsValue>) -> Result<JsValue, String> {
    let fail = || ["The worker could not be loaded: ", name, " did not come."].concat();
    // The single file has its parts inside, and a function that gives them out.
    let embedded = Reflect::get(&window(), &JsValue::from_str("kubepkiPart")).unwrap_or_default();
    let coming = match embedded.dyn_ref::<Function>() {
        Some(embedded) => {
            let given = embedded.call1(&JsValue::UNDEFINED, &JsValue::from_str(name)).map_err(|_| fail())?;
            given.unchecked_into()
        }
        None => window().fetch_with_str(&address(name)),
    };
    let response = JsFuture::from(coming).await.map_err(|_| fail())?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(fail());
    }
    JsFuture::from(read(&response).map_err(|_| fail())?).await.map_err(|_| fail())
}

/// Workers have no hash in their names; the build's name keeps a cache from handing out another build's.
fn address(name: &str) -> String {
    let meta = document().query_selector("meta[name=kubepki-build]").ok().flatten();
    match meta.and_then(|meta| meta.get_attribute("content")) {
        Some(build) => ["./", name, "?", &build].concat(),
        None => ["./", name].concat(),
    }
}

fn put(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// Whether `crypto.subtle` is there.
fn has_webcrypto() -> bool {
    let subtle = window().crypto().and_then(|crypto| Reflect::get(&crypto, &JsValue::from_str("subtle")));
    subtle.is_ok_and(|subtle| subtle.is_object())
}
