//! From a PKI to what leaves the page: a zip, or the same tree as a folder.
//!
//! ```text
//! Pki + Meta + Selection ──▶ Entries (path, mode, bytes, one by one) ──▶ ZipParts ──▶ download, or a file
//! ```
//!
//! The same PKI, meta and selection give the same bytes. Entries come in a fixed order, every time is the issue time,
//! nothing is compressed.

mod apart;
mod bundle;
mod design;
mod entry;
mod inventory;
mod items;
mod meta;
mod read;
mod readme;
mod record;
mod runbook;
mod scripts;
mod selection;
mod steps;
mod zip;

use kubepki_core::sorted::SortedMap;

pub use apart::{AdminIdentity, admin_identity, ca_keys};
pub use bundle::{BundleRead, bundle};
pub use design::design_sha256;
pub use entry::{Entries, Entry};
pub use inventory::INVENTORY_FORMAT;
pub use items::planned_path;
pub use meta::Meta;
pub use read::{ReadError, keys_of, pki_of, pki_without_ca_keys};
pub use readme::what_to_do;
pub use record::differences as record_differences;
pub use runbook::{Fact, On, Step, runbook};
pub use scripts::renewed_how;
pub use selection::{Part, Selection};
pub use zip::ZipWriter;

use crate::pki::Pki;
use crate::secret::Secret;

/// The entries of an archive, folders before what is in them. Paths begin below the top folder.
pub fn entries<'a>(pki: &'a Pki, meta: Meta<'a>, selection: Selection) -> Entries<'a> {
    Entries::new(pki, meta, selection)
}

/// The archive as a zip, in parts of about a mebibyte, to be written one behind the other. They may hold secrets and
/// are wiped when dropped.
pub fn zip<'a>(pki: &'a Pki, meta: Meta<'a>, selection: Selection) -> ZipParts<'a> {
    ZipParts {
        top: selection.name(&pki.plan),
        entries: entries(pki, meta, selection),
        writer: Some(ZipWriter::new(pki.issued_at)),
        begun: false,
    }
}

/// A zip in the making.
#[derive(Debug)]
pub struct ZipParts<'a> {
    top: String,
    entries: Entries<'a>,
    writer: Option<ZipWriter>,
    begun: bool,
}

/// A part is handed on when it has grown to this.
const PART: usize = 1 << 20;

impl ZipParts<'_> {
    /// Entries still to come, for a progress bar.
    pub fn left(&self) -> usize {
        self.entries.len()
    }

    /// The same with [`Entries::with_sealed`].
    pub fn with_sealed(mut self, sealed: SortedMap<usize, String>) -> Self {
        self.entries = self.entries.with_sealed(sealed);
        self
    }
}

impl Iterator for ZipParts<'_> {
    type Item = Secret;

    fn next(&mut self) -> Option<Secret> {
        let writer = self.writer.as_mut()?;
        // Room for the part and one large entry: most never move.
        let mut out = Secret::with_capacity(PART + PART / 4);
        if !std::mem::replace(&mut self.begun, true) {
            writer.folder(&format!("{}/", self.top), 0o755, &mut out);
        }
        while out.len() < PART {
            let Some(entry) = self.entries.next() else {
                if let Some(writer) = self.writer.take() {
                    writer.finish(&mut out);
                }
                break;
            };
            let path = format!("{}/{}", self.top, entry.path);
            match &entry.bytes {
                Some(bytes) => writer.file(&path, entry.mode, bytes.expose(), &mut out),
                None => writer.folder(&path, entry.mode, &mut out),
            }
        }
        Some(out)
    }
}
