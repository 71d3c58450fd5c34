//! Files as the browser keeps them.

use js_sys::{Array, Uint8Array};
use kubepki_issuance::Secret;
use web_sys::{Blob, BlobPropertyBag};

/// Bytes as the browser keeps them, outside this worker's memory.
pub(super) fn blob(bytes: Secret, kind: &str) -> Result<Blob, String> {
    let array = Uint8Array::from(bytes.expose());
    let blob = blob_of(&array, kind);
    array.fill(0, 0, array.length());
    blob
}

/// The same of bytes that are in the browser already.
pub(super) fn blob_of(bytes: &Uint8Array, kind: &str) -> Result<Blob, String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options);
    blob.map_err(|_| "the browser has no room for this file; free some memory or disk and try again".to_owned())
}
