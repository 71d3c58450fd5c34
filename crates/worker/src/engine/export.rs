//! Files for the page.

use js_sys::{Array, Uint8Array};
use kubepki_core::Draft;
use kubepki_core::sorted::SortedMap;
use kubepki_core::view::export::{self, Export, Lock};
use kubepki_issuance::Pki;
use kubepki_issuance::archive::{self, AdminIdentity, Meta, Selection};
use kubepki_issuance::{PrivateKey, Secret};

use super::blob::{blob, blob_of};
use super::pace::Pace;
use super::seal::Seal;

/// An issued PKI and the design that it was issued from.
pub(super) struct Kept {
    pub(super) pki: Pki,
    pub(super) draft: Draft,
}

const ZIP: &str = "application/zip";
const BYTES: &str = "application/octet-stream";

/// Makes an export: the name to save it under, and its bytes in parts, each of them a `Blob`, so that a large archive
/// is never in this worker's memory as a whole. What it is and how it is locked stands in `what`.
///
/// # Errors
/// One sentence, when the PKI has no such thing, the browser no room for it, or the lock nothing to close it with.
pub(super) async fn export(kept: &Kept, what: &str, seal: &Seal<'_>) -> Result<(String, Array), String> {
    let none = || "this PKI has nothing of that name".to_owned();
    #[cfg(feature = "bench")]
    if super::scale::is_meant(&kept.pki.plan) {
        return super::scale::zip(&kept.pki).await;
    }
    let (export, lock) = export::read(what).ok_or_else(none)?;
    let lock = lock.ok_or_else(none)?;
    match &export {
        Export::Admin => admin(&kept.pki, seal).await,
        Export::File(index) => file(kept, *index, lock, seal).await,
        archive => zip(kept, Selection::of(archive, &kept.pki.plan).ok_or_else(none)?, lock, seal).await,
    }
}

/// An archive, under the lock.
async fn zip(kept: &Kept, selection: Selection, lock: Lock, seal: &Seal<'_>) -> Result<(String, Array), String> {
    let meta = Meta { draft: &kept.draft, tool_version: env!("CARGO_PKG_VERSION"), build: "" };
    let mut zip = archive::zip(&kept.pki, meta, selection);
    let name = format!("{}.zip", selection.name(&kept.pki.plan));
    let parts = Array::new();
    match lock {
        Lock::Passphrase | Lock::Recipients => {
            parts.push(&Uint8Array::new(&seal.begin(lock).await?).into());
            let all = zip.left();
            while let Some(part) = zip.next() {
                parts.push(&blob_of(&seal.push(&part).await?, BYTES)?.into());
                seal.tell(&format!("Encrypting: {} of {all} files…", all - zip.left()));
            }
            parts.push(&Uint8Array::new(&seal.end().await?).into());
            return Ok((format!("{name}.age"), parts));
        }
        Lock::Own => zip = zip.with_sealed(sealed(archive::ca_keys(&kept.pki), seal).await?),
        Lock::Open => {}
    }
    let pace = Pace::new();
    for part in zip {
        parts.push(&blob(part, ZIP)?.into());
        pace.rest().await;
    }
    Ok((name, parts))
}

/// Private keys of CAs, each encrypted.
async fn sealed(
    keys: impl Iterator<Item = (usize, &PrivateKey)>,
    seal: &Seal<'_>,
) -> Result<SortedMap<usize, String>, String> {
    let mut sealed = SortedMap::default();
    for (number, (cert, key)) in keys.enumerate() {
        seal.tell(&format!("Encrypting key {}…", number + 1));
        sealed.insert(cert, seal.key(key).await?);
    }
    Ok(sealed)
}

/// The administrator as PKCS#12.
async fn admin(pki: &Pki, seal: &Seal<'_>) -> Result<(String, Array), String> {
    let admin = archive::admin_identity(pki).map_err(|error| error.to_string())?;
    let admin = admin.ok_or("this PKI has no admin.conf, so no administrator")?;
    seal.tell("Encrypting…");
    let bytes = seal.identity(&admin).await?;
    Ok((AdminIdentity::file_name(pki), Array::of1(&blob_of(&bytes, "application/x-pkcs12")?.into())))
}

/// One file of the plan alone.
async fn file(kept: &Kept, index: usize, lock: Lock, seal: &Seal<'_>) -> Result<(String, Array), String> {
    let none = || "this PKI has no such file".to_owned();
    let file = kept.pki.plan.files.get(index).ok_or_else(none)?;
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let text = match lock {
        Lock::Own => {
            seal.tell("Encrypting…");
            Secret::new(seal.key(&kept.pki.certs[file.content.cert].key).await?.into_bytes())
        }
        _ => kept.pki.text(file.content.cert, file.content.holding).ok_or_else(none)?.into_bytes(),
    };
    Ok((name.to_owned(), Array::of1(&blob(text, "text/plain")?.into())))
}
