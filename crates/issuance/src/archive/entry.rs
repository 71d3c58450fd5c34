//! What stands in an archive, one entry after the other. Contents are made when an entry is asked for, so that an
//! archive for thousands of nodes is never in memory as a whole.

use std::fmt::Write as _;

use kubepki_core::plan::Holding;
use kubepki_core::sorted::SortedMap;
use sha2::{Digest, Sha256};

use super::design::design;
use super::inventory::{self, Inventory};
use super::items::{Item, Source, items};
use super::meta::Meta;
use super::selection::Selection;
use super::{readme, record, scripts};
use crate::pki::Pki;
use crate::secret::Secret;

/// One entry of an archive.
#[derive(Debug)]
pub struct Entry {
    /// Path below the top folder, without a leading slash; a folder's ends in one.
    pub path: String,
    /// Unix mode.
    pub mode: u32,
    /// The file's bytes, possibly secret; nothing for a folder.
    pub bytes: Option<Secret>,
}

/// Makes the entries of an archive one by one.
#[derive(Debug)]
pub struct Entries<'a> {
    pki: &'a Pki,
    meta: Meta<'a>,
    selection: Selection,
    /// Private keys that stand in it encrypted, by certificate.
    sealed: SortedMap<usize, String>,
    items: std::vec::IntoIter<Item>,
    sums: String,
    /// Made with the JSON, which comes before, so that certificates are read back once.
    csv: String,
}

impl<'a> Entries<'a> {
    pub(super) fn new(pki: &'a Pki, meta: Meta<'a>, selection: Selection) -> Self {
        let items = items(pki, selection).into_iter();
        Self { pki, meta, selection, sealed: SortedMap::default(), items, sums: String::new(), csv: String::new() }
    }

    /// Puts texts in the place of private keys, by index of their certificate: what somebody with a passphrase encrypted.
    pub fn with_sealed(mut self, sealed: SortedMap<usize, String>) -> Self {
        self.sealed = sealed;
        self
    }

    fn bytes(&mut self, source: Source) -> Option<Secret> {
        let (pki, meta, selection) = (self.pki, &self.meta, self.selection);
        let text = match source {
            Source::Folder => return None,
            Source::Held(cert, Holding::PrivateKey) if self.sealed.contains(&cert) => {
                self.sealed.remove(&cert).unwrap_or_default()
            }
            Source::Held(cert, holding) => return pki.text(cert, holding).map(crate::secret::SecretText::into_bytes),
            Source::Readme => readme::readme(pki, meta, selection, self.sealed.iter().next().is_some()),
            Source::Design => design(&pki.plan, meta.draft),
            Source::InventoryJson => {
                let Inventory { json, csv } = inventory::inventory(pki, meta, selection);
                self.csv = csv;
                json
            }
            Source::InventoryCsv => std::mem::take(&mut self.csv),
            Source::Record => record::record(pki, meta),
            Source::Install => scripts::install(pki, selection),
            Source::Verify => scripts::verify(pki, selection),
            Source::Text(text) => text,
            Source::Sums => std::mem::take(&mut self.sums),
        };
        Some(Secret::new(text.into_bytes()))
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let Item { path, mode, source } = self.items.next()?;
        let bytes = self.bytes(source);
        if let Some(bytes) = &bytes {
            let sum = Sha256::digest(bytes.expose());
            for one in sum {
                let _ = write!(self.sums, "{one:02x}");
            }
            self.sums.push_str("  ");
            self.sums.push_str(&path);
            self.sums.push('\n');
        }
        Some(Entry { path, mode, bytes })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_> {}
