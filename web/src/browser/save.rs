//! Handing files to the browser's downloads.

use std::cell::RefCell;

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::document;
use crate::state::Saved;

/// Saves a text as a file.
pub(super) fn save_text(name: &str, text: &str, last: &RefCell<String>) -> Option<Saved> {
    let kind = if name.ends_with(".svg") { "image/svg+xml" } else { "text/plain" };
    save(0, name, &Array::of1(&JsString::from(text)), kind, last)
}

/// Saves parts, one behind the other, as a file of a PKI, 0 for none; the address of the one before is released.
pub(super) fn save(pki: u32, name: &str, parts: &Array, kind: &str, last: &RefCell<String>) -> Option<Saved> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_blob_sequence_and_options(parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    release(&last.replace(url.clone()));
    let anchor: HtmlAnchorElement = document().create_element("a").ok()?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Some(Saved { pki, name: name.to_owned(), size: blob.size() as u64, url })
}

/// Lets the browser drop a file that was saved; an empty address is none.
pub(super) fn release(url: &str) {
    if !url.is_empty() {
        let _ = Url::revoke_object_url(url);
    }
}

/// The parts of an export, taken off the message that carries them.
pub(super) fn take_parts(message: &JsValue) -> Option<Array> {
    let key = JsValue::from_str("parts");
    let parts = js_sys::Reflect::get(message, &key).ok()?.dyn_into::<Array>().ok()?;
    let _ = js_sys::Reflect::delete_property::<js_sys::Object>(message.unchecked_ref(), &key);
    Some(parts)
}
