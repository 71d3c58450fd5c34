//! An earlier export, read back. What is read may be hostile: sizes, names and forms are bounded before anything is
//! believed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kubepki_core::{Plan, instant};
use kubepki_issuance::archive::{self, INVENTORY_FORMAT, Meta};
use kubepki_issuance::{Pki, Secret, Serial};
use serde::Deserialize;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::design::{self, Planned};
use crate::failure::Failure;
use crate::generate::SELECTION;

/// More files than an export of the largest design has.
const MOST_FILES: usize = 1_000_000;
/// Bytes of one file: the inventory of the largest design has some tens of megabytes.
const LARGEST_FILE: u64 = 128 << 20;
/// Bytes of all files together.
const LARGEST: u64 = 2 << 30;
/// Longest path inside an export.
const LONGEST_PATH: usize = 1_000;
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
    serials: BTreeMap<String, String>,
}

impl Export {
    /// Reads a zip or a folder.
    ///
    /// # Errors
    /// When it is neither, too large, damaged, or holds names that no export has.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let unread = |error: io::Error| Failure::Input(vec![format!("{}: error: {error}", path.display())]);
        let found = fs::metadata(path).map_err(unread)?;
        let mut begin = Vec::new();
        if found.is_file()
            && File::open(path).and_then(|file| file.take(4).read_to_end(&mut begin)).is_ok()
            && begin == b"age-"
        {
            let what = "is encrypted; `kubepki decrypt` opens it";
            return Err(Failure::Input(vec![format!("{}: error: {what}", path.display())]));
        }
        let files = if found.is_dir() { folder(path) } else { zip(path) };
        let files = files.map_err(unread)?;
        if files.contains_key(INVENTORY) && files.contains_key(DESIGN) {
            return Ok(Self { path: path.to_owned(), files });
        }
        let what = format!("is no whole export: it lacks {INVENTORY} or {DESIGN}");
        Err(Failure::Input(vec![format!("{}: error: {what}", path.display())]))
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
    pub(crate) fn recorded(&self) -> Result<Recorded, Failure> {
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
        Ok(Recorded {
            issued_at,
            tool_version: inventory.tool.version,
            build: inventory.tool.build,
            serials: inventory.certificates.into_iter().map(|one| (one.id, one.serial)).collect(),
        })
    }

    /// Every file in which this export differs from what a PKI exports as; nothing when it is the same byte for byte.
    pub(crate) fn differences(&self, pki: &Pki, meta: Meta<'_>) -> Vec<String> {
        let mut found = Vec::new();
        let mut known = BTreeSet::new();
        for entry in archive::entries(pki, meta, SELECTION) {
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

    /// The export cannot be used, for these reasons.
    pub(crate) fn unfit(&self, problems: &[String]) -> Failure {
        let lines = problems.iter().map(|problem| format!("{}: error: {problem}", self.path.display()));
        Failure::Input(shortened(lines.collect()))
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
        .find(|name| below_top(name) == Some(INVENTORY))
        .map(|name| name.to_string());
    name.is_some_and(|name| zip.by_name(&name).is_ok_and(|mut file| begins(&mut file)))
}

/// What follows the top folder in an entry's name.
fn below_top(name: &str) -> Option<&str> {
    name.split_once('/').map(|(_, rest)| rest)
}

fn too_much(what: impl Into<String>) -> io::Error {
    io::Error::other(what.into())
}

/// Counts what is read and stops when it is too much.
#[derive(Default)]
struct Budget {
    files: usize,
    bytes: u64,
}

impl Budget {
    /// Reads one file that says it is so large.
    fn read(&mut self, name: &str, size: u64, from: impl Read) -> io::Result<Secret> {
        self.files += 1;
        if self.files > MOST_FILES {
            return Err(too_much(format!("holds more than {MOST_FILES} files")));
        }
        let limit = LARGEST_FILE.min(LARGEST - self.bytes);
        let too_large = |size: u64| {
            let what = if limit == LARGEST_FILE { "this file is" } else { "all files together are" };
            let error = too_much(format!("{name}: {what} larger than an export's ever are"));
            if size > limit { Err(error) } else { Ok(()) }
        };
        too_large(size)?;
        // Keys are small: their buffer never grows, which would leave copies behind. It may hold more than it says.
        let mut bytes = Vec::with_capacity(size.min(1 << 20) as usize);
        let read = from.take(limit + 1).read_to_end(&mut bytes);
        let secret = Secret::new(bytes);
        read.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        let length = secret.expose().len() as u64;
        too_large(length)?;
        self.bytes += length;
        Ok(secret)
    }
}

/// The files of a folder, however deep.
fn folder(top: &Path) -> io::Result<BTreeMap<String, Secret>> {
    let mut budget = Budget::default();
    let mut files = BTreeMap::new();
    let mut open = vec![String::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(top.join(&below))? {
            let entry = entry?;
            let name = entry
                .file_name()
                .into_string()
                .map_err(|name| too_much(format!("{name:?}: is no name of an export")))?;
            let path = format!("{below}{name}");
            if path.len() > LONGEST_PATH || open.len() > MOST_FILES {
                return Err(too_much(format!("{below}: is deeper than an export ever is")));
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(format!("{path}/"));
            } else if kind.is_file() {
                files.insert(path.clone(), budget.read(&path, entry.metadata()?.len(), File::open(entry.path())?)?);
            } else {
                return Err(too_much(format!(
                    "{path}: is neither a file nor a folder, and an export holds nothing else"
                )));
            }
        }
    }
    Ok(files)
}

/// The files of a zip, below its one top folder.
fn zip(path: &Path) -> io::Result<BTreeMap<String, Secret>> {
    let unread = |error: ZipError| match error {
        ZipError::Io(error) => error,
        error => too_much(format!("cannot be read as a zip: {error}")),
    };
    let mut zip = ZipArchive::new(File::open(path)?).map_err(unread)?;
    if zip.len() > 2 * MOST_FILES {
        return Err(too_much(format!("holds more than {MOST_FILES} files")));
    }
    let mut budget = Budget::default();
    let mut files = BTreeMap::new();
    let mut top: Option<String> = None;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(unread)?;
        let name = entry.name().map_err(unread)?.to_string();
        let shown: String = name.chars().take(100).collect();
        let parts = name.strip_suffix('/').unwrap_or(&name).split('/');
        if name.len() > LONGEST_PATH
            || name.contains(['\\', '\0'])
            || parts.clone().any(|part| matches!(part, "" | "." | ".."))
        {
            return Err(too_much(format!("{shown:?}: is no name of an export")));
        }
        let first = parts.clone().next().unwrap_or_default();
        if top.get_or_insert_with(|| first.to_owned()) != first {
            return Err(too_much(format!("{shown:?}: stands beside the top folder, and an export has one alone")));
        }
        if entry.is_dir() {
            continue;
        }
        let below = below_top(&name).ok_or_else(|| too_much(format!("{shown:?}: stands in no folder")))?.to_owned();
        let bytes = budget.read(&shown, entry.size(), &mut entry)?;
        if files.insert(below, bytes).is_some() {
            return Err(too_much(format!("{shown:?}: stands twice in the zip")));
        }
    }
    Ok(files)
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
