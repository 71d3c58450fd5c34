//! A whole export, opened: the PKI that is in it, and how it was made.

use std::path::Path;

use kubepki_core::Draft;
use kubepki_issuance::archive::{self, Meta, Part, Selection};
use kubepki_issuance::{Pki, verify};

use crate::design::Planned;
use crate::export::{Export, Recorded};
use crate::failure::Failure;
use crate::progress::during;

/// An export with its PKI. Nothing was issued again: whatever is wrong with it is still there to be found.
pub(crate) struct Opened {
    /// Its files.
    export: Export,
    recorded: Recorded,
    /// The design in it.
    pub(crate) draft: Draft,
    /// The PKI in it; of a part without the private keys of CAs, without those.
    pub(crate) pki: Pki,
    selection: Selection,
}

impl Opened {
    /// Reads a zip or a folder.
    ///
    /// # Errors
    /// As bad input when it is no whole export; as damage, found by a check, when a certificate or key is in none of its
    /// files or cannot be read.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (export, recorded) = Export::read(path)?;
        let Planned { draft, plan, .. } = export.planned()?;
        let file = |path: &str| export.file(path);
        let (selection, read) = match &recorded.part {
            None => (
                Selection::Whole,
                during("reading keys and certificates", || archive::pki_of(plan, recorded.issued_at, file)),
            ),
            Some(Part::Nodes) => {
                let pki_of = || archive::pki_without_ca_keys(plan, recorded.issued_at, file);
                (Selection::WithoutCaKeys, during("reading keys and certificates", pki_of))
            }
            Some(Part::Node { name, .. }) => {
                return Err(
                    export.unfit(&[format!("is the bundle of {name} alone, and this needs an export of all nodes")])
                );
            }
        };
        let pki = read.map_err(|error| Failure::Check(export.problems(&error.problems)))?;
        Ok(Self { export, recorded, draft, pki, selection })
    }

    /// Says that something is not in the part that was read.
    pub(crate) fn lacks(&self, what: &str) -> Failure {
        self.export.unfit(&[format!("is a part that leaves out {what}")])
    }

    /// Who made it, and of which design.
    pub(crate) fn meta(&self) -> Meta<'_> {
        Meta { draft: &self.draft, tool_version: &self.recorded.tool_version, build: &self.recorded.build }
    }

    /// Everything in which it is not what follows from its design and keys; dates are not looked at.
    pub(crate) fn unsound(&self) -> Vec<String> {
        let read = during("checking certificates", || verify(&self.pki));
        let mut found: Vec<String> = read.mismatches.iter().map(|one| format!("error: {one}")).collect();
        found.extend(during("comparing files", || self.export.differences(&self.pki, self.meta(), self.selection)));
        found
    }
}
