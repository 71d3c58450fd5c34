//! `kubepki generate`: keys and certificates, read back, written as a zip or a folder.

use std::path::{Path, PathBuf};

use kubepki_core::{Plan, instant};
use kubepki_issuance::archive::{self, Meta, Selection};
use kubepki_issuance::{Pki, PrivateKey, Serial, draw_serials, issue, verify};

use crate::args::Generate;
use crate::design::{self, Planned};
use crate::export::Export;
use crate::failure::Failure;
use crate::progress::during;
use crate::sealed::Key;
use crate::target::{NewFile, Target, ends};
use crate::{clock, keys, output};

/// What tells one build of a version from another; whoever packages this command sets it.
const BUILD: &str = match option_env!("KUBEPKI_BUILD") {
    Some(build) => build,
    None => "",
};

pub(crate) fn run(given: &Generate) -> Result<(), Failure> {
    match &given.reproduce {
        Some(export) => reproduce(given, export),
        None => generate(given),
    }
}

fn generate(given: &Generate) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let Planned { draft, plan, findings, .. } = {
        let planned = design::planned(&given.source, Some(now))?;
        planned.say();
        planned
    };
    // Refused before any key is made.
    clock::in_range(now, &plan, |_| 0, "--now")?;
    let target = Place::open(given)?;
    let keys = keys::keys(&plan)?;
    let serials = draw_serials(&plan, &mut keys::entropy).map_err(|error| Failure::Undone(error.to_string()))?;
    let pki = issued(plan, keys, serials, now)?;
    let meta = Meta { draft: &draft, tool_version: env!("CARGO_PKG_VERSION"), build: BUILD };
    let kept = target.write(&pki, meta)?;
    said(&given.out, kept.as_deref(), &pki, "made")?;
    match design::counted(&findings) {
        Some(counted) => output::print([format!("{counted}: see above")]),
        None => Ok(()),
    }
}

fn reproduce(given: &Generate, from: &Path) -> Result<(), Failure> {
    let (export, recorded) = Export::read(from)?;
    let Planned { draft, plan, .. } = export.planned()?;
    clock::in_range(recorded.issued_at, &plan, |_| 0, "issuedAt in inventory.json")?;
    let target = Place::open(given)?;
    let keys = archive::keys_of(&plan, |path| export.file(path)).map_err(|error| export.unfit(&error.problems))?;
    let serials = recorded.serials(&plan).map_err(|problems| export.unfit(&problems))?;
    let pki = issued(plan, keys, serials, recorded.issued_at)?;
    let meta = Meta { draft: &draft, tool_version: &recorded.tool_version, build: &recorded.build };
    // What is not the same again is no reproduction; nobody asked for anything else.
    let mut differing = during("comparing files", || export.differences(&pki, meta, Selection::Whole));
    if !differing.is_empty() {
        let what = "error: this export is not what follows from its own design and keys, so it cannot be made again";
        differing.push(format!("{what}; nothing was written"));
        return Err(Failure::Check(differing));
    }
    let kept = target.write(&pki, meta)?;
    said(&given.out, kept.as_deref(), &pki, "reproduced")?;
    output::print(["Every file is the same as in the earlier export."])
}

/// Where the export goes: openly, or under a lock.
enum Place {
    Open(Target),
    Locked(NewFile, Key),
}

impl Place {
    fn open(given: &Generate) -> Result<Self, Failure> {
        let locked = ends(&given.out, "age");
        match Key::of(&given.lock)? {
            Some(key) if locked => Ok(Self::Locked(NewFile::open(&given.out)?, key)),
            Some(_) => Err(Failure::usage("what is encrypted as age does is called so: end the name in .zip.age")),
            None if locked => {
                Err(Failure::usage("to encrypt, say for whom: --passphrase-file FILE or --encrypt-to age1…"))
            }
            None => Target::open(&given.out, given.force).map(Self::Open),
        }
    }

    /// Gives the name that an earlier export was kept under.
    fn write(&self, pki: &Pki, meta: Meta<'_>) -> Result<Option<PathBuf>, Failure> {
        match self {
            Self::Open(target) => target.write(pki, meta),
            Self::Locked(out, key) => {
                let parts = key.seal(archive::zip(pki, meta, Selection::Whole))?;
                during("encrypting", || out.write(parts)).map(|()| None)
            }
        }
    }
}

/// Issues and reads everything back: nothing is written that does not hold.
fn issued(plan: Plan, keys: Vec<PrivateKey>, serials: Vec<Option<Serial>>, now: i64) -> Result<Pki, Failure> {
    let issued = during("signing certificates", || issue(plan, keys, serials, now));
    let pki = issued.map_err(|error| Failure::Undone(error.to_string()))?;
    let found = during("checking certificates", || verify(&pki));
    if found.is_good() {
        return Ok(pki);
    }
    let lines: Vec<String> = found.mismatches.iter().map(ToString::to_string).collect();
    Err(Failure::Undone(format!("what was issued is not what was planned: {}", lines.join("; "))))
}

fn said(out: &Path, kept: Option<&Path>, pki: &Pki, verb: &str) -> Result<(), Failure> {
    let plan = &pki.plan;
    let mut lines = vec![format!(
        "{}: {verb} {} certificates and {} keys for {}, issued at {}",
        out.display(),
        plan.certificate_count(),
        plan.key_count(),
        plan.spec.cluster_name,
        instant::to_rfc3339(pki.issued_at),
    )];
    lines.extend(kept.map(|kept| format!("The earlier export was kept as {}", kept.display())));
    output::print(lines)
}
