//! An earlier export, read back: what it says of itself first, and the rest only if that is an export's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kubepki_core::{Plan, instant};
use kubepki_issuance::archive::{self, BundleRead, INVENTORY_FORMAT, Meta, Part, Selection};
use kubepki_issuance::{Pki, Secret, Serial};
use serde::Deserialize;
use zip::ZipArchive;

use crate::design::{self, Planned};
use crate::failure::{Failure, why};
use crate::packed::{self, Packed};
use crate::progress::Stage;

/// Problems beyond this are counted, not listed.
const MOST_PROBLEMS: usize = 50;

const INVENTORY: &str = "inventory.json";
const DESIGN: &str = "design.yaml";

/// The files of an export by their path below its top folder.
#[derive(Debug)]
pub(crate) struct Export {
    path: PathBuf,
    files: BTreeMap<String, Secret>,
}

/// What an export's inventory says of how it was made.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// The issue time, Unix seconds.
    pub(crate) issued_at: i64,
    /// Version of the tool that made it.
    pub(crate) tool_version: String,
    /// Its build.
    pub(crate) build: String,
    /// The part of an export that it is of; nothing for the whole.
    pub(crate) part: Option<Part>,
    serials: BTreeMap<String, String>,
}

impl Export {
    /// Reads a zip or a folder, and what its inventory says.
    ///
    /// # Errors
    /// When it is neither, too large, damaged, holds names that no export has, or an inventory of another form.
    pub(crate) fn read(path: &Path) -> Result<(Self, Recorded), Failure> {
        let unread = |error: io::Error| Failure::Input(vec![format!("{}: error: {}", path.display(), why(&error))]);
        let found = fs::metadata(path).map_err(unread)?;
        let mut begin = Vec::new();
        if found.is_file()
            && File::open(path).and_then(|file| file.take(4).read_to_end(&mut begin)).is_ok()
            && begin == b"age-"
        {
            let what = "is encrypted; `kubepki decrypt` opens it";
            return Err(Failure::Input(vec![format!("{}: error: {what}", path.display())]));
        }
        let mut packed = Packed::list(path, found.is_dir()).map_err(unread)?;
        let mut export = Self { path: path.to_owned(), files: BTreeMap::new() };
        for name in [INVENTORY, DESIGN] {
            let Some(bytes) = packed.read(name).map_err(unread)? else {
                let what = format!("is no whole export: it lacks {INVENTORY} or {DESIGN}");
                return Err(Failure::Input(vec![format!("{}: error: {what}", path.display())]));
            };
            export.files.insert(name.to_owned(), bytes);
        }
        // What is no export is not read to its end.
        let recorded = export.inventory()?;
        let names = packed.names();
        let stage = Stage::of("files read", names.len());
        for name in names {
            if let Some(bytes) = packed.read(&name).map_err(unread)? {
                export.files.insert(name, bytes);
            }
            stage.step();
        }
        Ok((export, recorded))
    }

    /// A file by its path below the top folder.
    pub(crate) fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Secret::expose)
    }

    /// Plans the design in it.
    pub(crate) fn planned(&self) -> Result<Planned, Failure> {
        design::planned_text(&self.name(DESIGN), self.file(DESIGN).unwrap_or_default(), None)
    }

    /// What its inventory says.
    fn inventory(&self) -> Result<Recorded, Failure> {
        let inventory: Inventory =
            serde_json::from_slice(self.file(INVENTORY).unwrap_or_default()).map_err(|error| {
                let place = format!("{}:{}:{}", self.name(INVENTORY), error.line(), error.column());
                Failure::Input(vec![format!("{place}: error: {error}")])
            })?;
        if inventory.format != INVENTORY_FORMAT {
            let found: String = inventory.format.chars().take(60).collect();
            return Err(self.unfit(&[format!("{INVENTORY}: has the format {found:?}; known is {INVENTORY_FORMAT:?}")]));
        }
        let issued_at = instant::parse(&inventory.issued_at)
            .map_err(|error| self.unfit(&[format!("{INVENTORY}: issuedAt: {error}")]))?;
        let part = match inventory.part.as_deref().map(|word| Part::from_word(word).ok_or(word)).transpose() {
            Ok(part) => part,
            Err(word) => {
                let found: String = word.chars().take(60).collect();
                return Err(self.unfit(&[format!("{INVENTORY}: is of {found:?}, which is no part that is known")]));
            }
        };
        Ok(Recorded {
            issued_at,
            part,
            tool_version: inventory.tool.version,
            build: inventory.tool.build,
            serials: inventory.certificates.into_iter().map(|one| (one.id, one.serial)).collect(),
        })
    }

    /// Every file in which this export differs from what a part of a PKI exports as; nothing when it is the same byte for byte.
    pub(crate) fn differences(&self, pki: &Pki, meta: Meta<'_>, selection: Selection) -> Vec<String> {
        let mut found = Vec::new();
        let mut known = BTreeSet::new();
        for entry in archive::entries(pki, meta, selection) {
            let Some(bytes) = entry.bytes else { continue };
            match self.file(&entry.path) {
                None => found.push(format!("{}: error: is missing", self.name(&entry.path))),
                Some(there) if there != bytes.expose() => {
                    found.push(format!(
                        "{}: error: is not what follows from the design and the keys",
                        self.name(&entry.path)
                    ));
                }
                Some(_) => {}
            }
            known.insert(entry.path);
        }
        let more = self.files.keys().filter(|path| !known.contains(*path));
        found.extend(more.map(|path| format!("{}: error: is no part of the export", self.name(path))));
        shortened(found)
    }

    /// Reads it as the bundle of a node: its index in the plan, and whether it leaves out keys of CAs.
    pub(crate) fn bundle(&self, plan: &Plan, issued_at: i64, of: (usize, bool)) -> BundleRead {
        archive::bundle(plan, issued_at, of, self.files.keys().map(String::as_str), |path| self.file(path))
    }

    /// What is wrong with it, each said of the file or of the export.
    pub(crate) fn problems(&self, problems: &[String]) -> Vec<String> {
        shortened(problems.iter().map(|problem| format!("{}: error: {problem}", self.path.display())).collect())
    }

    /// The export cannot be used, for these reasons.
    pub(crate) fn unfit(&self, problems: &[String]) -> Failure {
        Failure::Input(self.problems(problems))
    }

    /// What to call a file of it.
    fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.path.display())
    }
}

impl Recorded {
    /// The serial number of each certificate of a plan.
    ///
    /// # Errors
    /// With every certificate that the inventory has no good one for.
    pub(crate) fn serials(&self, plan: &Plan) -> Result<Vec<Option<Serial>>, Vec<String>> {
        let mut problems = Vec::new();
        let mut serials = Vec::new();
        for (index, cert) in plan.certs.iter().enumerate() {
            let id = plan.key_of(index);
            let serial = self.serials.get(&id).and_then(|text| Serial::from_hex(text));
            if serial.is_none() && cert.subject.is_some() {
                problems.push(format!("{INVENTORY}: has no serial number for {id}"));
            }
            serials.push(serial.filter(|_| cert.subject.is_some()));
        }
        if problems.is_empty() { Ok(serials) } else { Err(problems) }
    }
}

/// Whether what stands at a path was written by this tool: it holds an inventory.
pub(crate) fn is_export(path: &Path) -> bool {
    let begins = |reader: &mut dyn Read| {
        let mut head = [0; 200];
        let mut length = 0;
        while let Ok(more @ 1..) = reader.read(&mut head[length..]) {
            length += more;
        }
        String::from_utf8_lossy(&head[..length]).contains(INVENTORY_FORMAT)
    };
    if path.is_dir() {
        return File::open(path.join(INVENTORY)).is_ok_and(|mut file| begins(&mut file));
    }
    let Some(mut zip) = File::open(path).ok().and_then(|file| ZipArchive::new(file).ok()) else { return false };
    let name = zip
        .file_names()
        .filter_map(Result::ok)
        .find(|name| packed::below_top(name) == Some(INVENTORY))
        .map(|name| name.to_string());
    name.is_some_and(|name| zip.by_name(&name).is_ok_and(|mut file| begins(&mut file)))
}

/// The first of many lines, and how many there are more.
fn shortened(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_PROBLEMS {
        let more = lines.len() - MOST_PROBLEMS;
        lines.truncate(MOST_PROBLEMS);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// `inventory.json`, as far as it is needed here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inventory {
    format: String,
    #[serde(default)]
    part: Option<String>,
    tool: Tool,
    issued_at: String,
    certificates: Vec<Certificate>,
}

#[derive(Deserialize)]
struct Tool {
    version: String,
    build: String,
}

#[derive(Deserialize)]
struct Certificate {
    id: String,
    serial: String,
}
