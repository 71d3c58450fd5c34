//! `kubepki faults`, `break` and `handshake`: what goes wrong, put into real files, and tried on them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use kubepki_core::snippet;
use kubepki_core::snippet::value::{Map, Value};
use kubepki_core::spec::Field;
use kubepki_issuance::{Secret, draw_serials};
use kubepki_rehearsal::atlas::Log;
use kubepki_rehearsal::fault::{self, Fault};
use kubepki_rehearsal::{Dial, Handshake, Identity, Report, Side, Stage, Verdict, dials, issue, rehearse, too_long};
use serde::{Deserialize, Serialize};

use crate::args::{self, ListFormat, Tls};
use crate::design::{self, Planned};
use crate::failure::{Failure, why};
use crate::progress::during;
use crate::target::Target;
use crate::{atlas, clock, keys, output};

/// The file that says which faults a folder has.
const CLUSTER: &str = "cluster.json";
const DESIGN: &str = "design.yaml";
/// The form of that file; changes when a reader would have to.
const FORMAT: &str = "kubepki-cluster/v1";
/// Bytes of one file that are read: far more than any has.
const LARGEST: u64 = 16 << 20;

pub(crate) fn faults(given: &args::Faults) -> Result<(), Failure> {
    let all = wanted(&given.words)?;
    match given.format {
        ListFormat::Json => print_json(&all.iter().map(|fault| FaultJson::of(fault, given.log)).collect::<Vec<_>>()),
        ListFormat::Text if given.log => output::print(all.iter().flat_map(logged)),
        ListFormat::Text => {
            let lines = |fault: &Fault| {
                [format!("{:40} {}", fault.id(), fault.title()), format!("{:40} {}", "", touched(fault))]
            };
            output::print(all.iter().flat_map(lines))
        }
    }
}

/// The faults that have all of these words.
fn wanted(words: &[String]) -> Result<Vec<Fault>, Failure> {
    if let [id] = words
        && let Some(fault) = fault::fault(id)
    {
        return Ok(vec![fault]);
    }
    let has = |fault: &Fault| {
        let text = format!("{} {} {}", fault.id(), fault.title(), touched(fault)).to_lowercase();
        words.iter().all(|word| text.contains(&word.to_lowercase()))
    };
    let found: Vec<Fault> = fault::faults().into_iter().filter(has).collect();
    if found.is_empty() {
        let what = format!("error: no fault has {:?} (kubepki faults lists them)", words.join(" "));
        return Err(Failure::Input(vec![what]));
    }
    Ok(found)
}

/// A fault with what was recorded under it, and an empty line behind it.
fn logged(fault: &Fault) -> Vec<String> {
    let calls = atlas::calls(fault);
    let mut out = vec![fault.id(), format!("  {}. {}", fault.title(), fault.change())];
    out.push(format!("  Wrong: {}", atlas::wrong(fault)));
    if calls.is_empty() {
        out.push("  What the components print then was not recorded.".to_owned());
    }
    out.extend(calls.iter().flat_map(lines).map(|line| format!("  {line}")));
    out.push("  What mends it:".to_owned());
    out.extend(fault.kind.mend.steps(fault.target).iter().map(|step| format!("    {step}")));
    out.push(String::new());
    out
}

fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Undone(error.to_string()))?;
    output::print_json(&(text + "\n"))
}

/// A fault as `faults --format json` lists it.
#[derive(Serialize)]
struct FaultJson {
    id: String,
    title: String,
    change: String,
    connections: Vec<&'static str>,
    /// What is wrong on a machine: paths of files, or which flag or process.
    wrong: String,
    mend: Vec<String>,
    /// With `--log`, the calls in which it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<Report>>,
}

impl FaultJson {
    fn of(fault: &Fault, with_log: bool) -> Self {
        Self {
            id: fault.id(),
            title: fault.title(),
            change: fault.change(),
            connections: fault.connections(),
            wrong: atlas::wrong(fault),
            mend: fault.kind.mend.steps(fault.target),
            calls: with_log.then(|| atlas::reports(fault)),
        }
    }
}

fn touched(fault: &Fault) -> String {
    fault.connections().join(", ")
}

pub(crate) fn break_(given: &args::Break) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let faults = named(&given.fault)?;
    let Planned { draft, plan, .. } = {
        let planned = design::planned(&given.source, Some(now))?;
        planned.say();
        planned
    };
    let target = Target::open(&given.out, false)?;
    let mut stage = Stage::new(&plan.spec);
    faults.iter().for_each(|fault| fault.apply(&mut stage));
    let undone = |error: String| Failure::Undone(error);
    clock::in_range(now, &stage.plan, |index| stage.offsets[index], "--now")?;
    let keys = keys::keys(&stage.plan)?;
    let serials = draw_serials(&stage.plan, &mut keys::entropy).map_err(|error| undone(error.to_string()))?;
    let issued = during("signing certificates", || issue(&stage, keys, &serials, now));
    let mut files = issued.map_err(|error| undone(error.to_string()))?;
    let mut draft = draft;
    draft.set_text(Field::KubernetesVersion, plan.spec.version.to_string());
    let cluster = Map::new()
        .with("format", FORMAT)
        .with("issuedAt", kubepki_core::instant::to_rfc3339(now))
        .with("faults", stage.faults.iter().map(|id| Value::from(id.as_str())).collect::<Vec<_>>());
    for (path, text) in [(DESIGN, snippet::design(&draft)), (CLUSTER, cluster.to_json())] {
        files.insert(path.to_owned(), (0o644, Secret::new(text.into_bytes())));
    }
    let count = files.len();
    target.write_files(files)?;
    let what = match &faults[..] {
        [] => "a sound cluster".to_owned(),
        faults => faults.iter().map(Fault::title).collect::<Vec<_>>().join("; "),
    };
    output::print([format!("{}: {count} files: {what}", given.out.display())])
}

fn named(ids: &[String]) -> Result<Vec<Fault>, Failure> {
    let (found, unknown): (Vec<_>, Vec<_>) = ids.iter().map(|id| fault::fault(id).ok_or(id)).partition(Result::is_ok);
    let unknown: Vec<&String> = unknown.into_iter().filter_map(Result::err).collect();
    if !unknown.is_empty() {
        let line = |id: &&String| format!("error: there is no fault {id:?} (kubepki faults lists them)");
        return Err(Failure::Input(unknown.iter().map(line).collect()));
    }
    Ok(found.into_iter().filter_map(Result::ok).collect())
}

pub(crate) fn handshake(given: &args::Handshake) -> Result<(), Failure> {
    let at = clock::time(given.at, "--at")?;
    let wrong = |what: String| Failure::Input(vec![format!("{}: error: {what}", given.pki.display())]);
    let design = read(&given.pki.join(DESIGN)).map_err(|error| wrong(format!("{DESIGN}: {}", why(&error))))?;
    let Planned { plan, .. } =
        design::planned_text(&given.pki.join(DESIGN).display().to_string(), design.expose(), None)?;
    let mut stage = Stage::new(&plan.spec);
    for fault in recorded(&given.pki).map_err(wrong)? {
        fault.apply(&mut stage);
    }
    let node = match &given.node {
        None => None,
        Some(name) => {
            let nodes = &stage.plan.spec.nodes;
            let found = nodes.iter().position(|node| node.name == *name);
            let all = || nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
            Some(found.ok_or_else(|| wrong(format!("there is no node {name:?}; there are {}", all())))?)
        }
    };
    let connection = format!("{}->{}", given.from, given.to);
    let mut dial = dials(&stage, &connection, node).map_err(|error| wrong(error.to_string()))?;
    dial.old_caller = given.tls == Tls::V1_2;
    let files = files_of(&given.pki, &stage, &dial);
    let long = |(path, bytes): (&String, &Secret)| {
        let why = too_long(std::str::from_utf8(bytes.expose()).ok()?)?;
        Some(format!("{}: error: {why}", given.pki.join(path).display()))
    };
    let long: Vec<String> = files.iter().filter_map(long).collect();
    if !long.is_empty() {
        return Err(Failure::Input(long));
    }
    let handshake = rehearse(&stage, &dial, |path| files.get(path).map(Secret::expose), at).map_err(|missing| {
        Failure::Input(missing.iter().map(|one| format!("{}/{one}", given.pki.display())).collect())
    })?;
    match given.format {
        ListFormat::Json => print_json(&Report::from(&handshake))?,
        ListFormat::Text => output::print(lines(&handshake))?,
    }
    // What was found is said above; scripts go by the exit status.
    if is_refused(&handshake) { Err(Failure::Check(Vec::new())) } else { Ok(()) }
}

/// Whether the call comes to nothing: one of the two refuses the other, or the server's answer is 401 or 403.
fn is_refused(it: &Handshake) -> bool {
    let content = |side: &Side| side.verdict == Verdict::Ok;
    !content(&it.client) || !content(&it.server) || it.http_status.is_some_and(|status| status >= 400)
}

/// The faults that a folder says it has.
fn recorded(folder: &Path) -> Result<Vec<Fault>, String> {
    #[derive(Deserialize)]
    struct Cluster {
        format: String,
        faults: Vec<String>,
    }
    let bytes = match read(&folder.join(CLUSTER)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{CLUSTER}: {}", why(&error))),
    };
    let cluster: Cluster = serde_json::from_slice(bytes.expose()).map_err(|error| format!("{CLUSTER}: {error}"))?;
    if cluster.format != FORMAT {
        return Err(format!("{CLUSTER}: has the format {:?}; known is {FORMAT:?}", cluster.format));
    }
    cluster
        .faults
        .iter()
        .map(|id| fault::fault(id).ok_or_else(|| format!("{CLUSTER}: there is no fault {id:?}")))
        .collect()
}

fn read(path: &Path) -> io::Result<Secret> {
    let size = fs::metadata(path)?.len();
    if size > LARGEST {
        return Err(io::Error::other("is larger than any such file ever is"));
    }
    let mut bytes = Secret::with_capacity(size as usize + 1);
    bytes.extend_from(File::open(path)?.take(LARGEST))?;
    Ok(bytes)
}

/// The files that a call needs, as far as they are there.
fn files_of(folder: &Path, stage: &Stage, dial: &Dial) -> BTreeMap<String, Secret> {
    let named = |path: &&str| read(&folder.join(path)).ok().map(|bytes| ((*path).to_owned(), bytes));
    let paths = dial.files(stage);
    paths.iter().map(String::as_str).filter_map(|path| named(&path)).collect()
}

/// What a component prints, under who it is.
fn printed(log: &Log) -> Vec<String> {
    let Log { component, version, ends, lines, .. } = log;
    let then = if *ends { ", and ends" } else { "" };
    let mut out = match log.usual().next() {
        Some(_) => vec![format!("          {component} {version} prints{}{then}:", log.how_soon())],
        None => vec![format!("          {component} {version} prints nothing by itself{then}")],
    };
    out.extend(lines.iter().map(|line| match line.verbosity {
        0 => format!("            {}", line.text),
        more => format!("            with --v={more}: {}", line.text),
    }));
    out
}

fn lines(it: &Handshake) -> Vec<String> {
    let tls = it.tls.map(|version| format!("  TLS {version}")).unwrap_or_default();
    let mut out = vec![format!("{}  {}{tls}", it.connection, it.dialled)];
    for (who, side) in [("server", &it.server), ("client", &it.client)] {
        let shows = side.end.cert.as_deref().or(side.end.token.as_deref()).unwrap_or("nothing");
        let trust = side.end.trust.as_deref().unwrap_or("nothing");
        let step = side.step.as_ref().map(|step| format!(" ({step})")).unwrap_or_default();
        let verdict = side.verdict.word();
        out.push(format!("  {who}  shows {shows}, checks the other side with {trust}: {verdict}{step}"));
        out.extend(side.message.iter().map(|line| format!("          {line}")));
        out.extend(side.log.iter().flat_map(printed));
    }
    out.extend(it.http_status.map(|status| format!("  HTTP {status}")));
    if let Some(answer) = &it.answer {
        out.push("  answer  to the one who had the client call".to_owned());
        out.extend(printed(answer));
    }
    let user = |one: &Identity| format!("  user {}, groups {}", one.user, one.groups.join(", "));
    out.extend(it.identity.as_ref().map(user));
    out
}
