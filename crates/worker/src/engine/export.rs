//! Files for the page.

use js_sys::{Array, Uint8Array};
use kubepki_core::Draft;
use kubepki_issuance::archive::{self, Meta, Selection};
use kubepki_issuance::{Pki, Secret};
use web_sys::{Blob, BlobPropertyBag};

use super::pace::Pace;
use crate::message::Export;

/// An issued PKI and the design that it was issued from.
pub(super) struct Kept {
    pub(super) pki: Pki,
    pub(super) draft: Draft,
}

/// Makes an export: the name to save it under, and its bytes in parts, each of them a `Blob`, so that a large archive
/// is never in this worker's memory as a whole.
///
/// # Errors
/// One sentence, when the PKI has no such thing or the browser no room for it.
pub(super) async fn export(kept: &Kept, what: &Export) -> Result<(String, Array), String> {
    let plan = &kept.pki.plan;
    #[cfg(feature = "bench")]
    if super::scale::is_meant(plan) {
        return super::scale::zip(&kept.pki).await;
    }
    let selection = match what {
        Export::Zip => Selection::Whole,
        Export::ZipWithoutCaKeys => Selection::WithoutCaKeys,
        Export::CaKeys => Selection::CaKeys,
        Export::Node(name) => {
            let node = plan.spec.nodes.iter().position(|node| node.name == *name);
            Selection::Node(node.ok_or_else(|| format!("this PKI has no node {name}"))?)
        }
        Export::File(index) => return file(kept, *index as usize),
    };
    let meta = Meta { draft: &kept.draft, tool_version: env!("CARGO_PKG_VERSION"), build: "" };
    let pace = Pace::new();
    let parts = Array::new();
    for part in archive::zip(&kept.pki, meta, selection) {
        parts.push(&blob(part, "application/zip")?.into());
        pace.rest().await;
    }
    Ok((format!("{}.zip", selection.name(plan)), parts))
}

/// One file of the plan alone.
fn file(kept: &Kept, index: usize) -> Result<(String, Array), String> {
    let none = || "this PKI has no such file".to_owned();
    let file = kept.pki.plan.files.get(index).ok_or_else(none)?;
    let text = kept.pki.text(file.content.cert, file.content.holding).ok_or_else(none)?;
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    Ok((name.to_owned(), Array::of1(&blob(text.into_bytes(), "text/plain")?.into())))
}

/// Bytes as the browser keeps them, outside this worker's memory.
pub(super) fn blob(bytes: Secret, kind: &str) -> Result<Blob, String> {
    let array = Uint8Array::from(bytes.expose());
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&array), &options);
    array.fill(0, 0, array.length());
    blob.map_err(|_| "the browser has no room for this file; free some memory or disk and try again".to_owned())
}
