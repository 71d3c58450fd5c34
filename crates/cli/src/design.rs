//! From files, presets and nodes to a plan, with every finding on standard error.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use kubepki_core::diag::{Diagnostic, Severity, has_errors};
use kubepki_core::spec::NodeDraft;
use kubepki_core::spec::preset::{PRESETS, Preset};
use kubepki_core::{Draft, Plan, check, plan, spec};
use kubepki_yaml::{Finding, LONGEST, Outcome, Places};

use crate::args::Source;
use crate::failure::{Failure, why};
use crate::output;

/// A design and what follows from it.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The design as it was given.
    pub(crate) draft: Draft,
    /// What follows.
    pub(crate) plan: Plan,
    /// Findings that are no errors, gravest first within their stage.
    pub(crate) findings: Vec<Diagnostic>,
    /// The same as lines for people, with their place in the text.
    lines: Vec<String>,
}

impl Planned {
    /// Says the findings on standard error.
    pub(crate) fn say(&self) {
        output::say(&self.lines);
    }
}

/// Reads and plans a design; `now` dates the findings that depend on it.
///
/// # Errors
/// With every error in the design; nothing was written.
pub(crate) fn planned(source: &Source, now: Option<i64>) -> Result<Planned, Failure> {
    let nodes = nodes(source);
    let read = match &source.preset {
        Some(name) => Reading::preset(name, nodes)?,
        None if source.design.is_empty() => {
            return Err(Failure::Input(vec!["error: say which design: --design FILE or --preset NAME".to_owned()]));
        }
        None => Reading::files(&source.design, &nodes)?,
    };
    read.plan(now)
}

/// Plans the text of a design file, which is called `name` in findings.
///
/// # Errors
/// With every error in it.
pub(crate) fn planned_text(name: &str, text: &[u8], now: Option<i64>) -> Result<Planned, Failure> {
    Reading::texts(&[(name, text)], &[]).plan(now)
}

/// The nodes of the command line. Without roles the first is a control plane and the others are workers.
fn nodes(source: &Source) -> Vec<NodeDraft> {
    let mut nodes = source.nodes.clone();
    for (index, node) in nodes.iter_mut().enumerate().filter(|(_, node)| node.roles.is_empty()) {
        let role = if index == 0 { "control-plane" } else { "worker" };
        node.roles.push(role.to_owned());
    }
    nodes
}

/// What was read, right or wrong.
struct Reading {
    /// What to call it where a finding has no place.
    name: String,
    outcome: Outcome,
    /// Whether the nodes come from the command line, so that places in the text are not theirs.
    own_nodes: bool,
}

impl Reading {
    fn preset(name: &str, nodes: Vec<NodeDraft>) -> Result<Self, Failure> {
        let preset = Preset::named(name).ok_or_else(|| {
            let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            Failure::Input(vec![format!("error: there is no preset {name:?} (there are {})", names.join(", "))])
        })?;
        let mut draft = preset.draft();
        let own_nodes = !nodes.is_empty();
        if own_nodes {
            draft.nodes = nodes;
        }
        let outcome = Outcome { draft: Some(draft), ..Outcome::default() };
        Ok(Self { name: format!("preset {name}"), outcome, own_nodes })
    }

    fn files(paths: &[std::path::PathBuf], nodes: &[NodeDraft]) -> Result<Self, Failure> {
        let mut texts = Vec::new();
        let mut unread = Vec::new();
        for path in paths {
            match bytes(path) {
                Ok(bytes) => texts.push((path.display().to_string(), bytes)),
                Err(error) => unread.push(format!("{}: error: cannot be read: {}", path.display(), why(&error))),
            }
        }
        if !unread.is_empty() {
            return Err(Failure::Input(unread));
        }
        let texts: Vec<_> = texts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        Ok(Self::texts(&texts, nodes))
    }

    fn texts(texts: &[(&str, &[u8])], nodes: &[NodeDraft]) -> Self {
        let name = texts.first().map_or("", |(name, _)| name).to_owned();
        let outcome = kubepki_yaml::read_with_nodes(texts, &Draft::default(), nodes);
        Self { name, outcome, own_nodes: !nodes.is_empty() }
    }

    fn plan(self, now: Option<i64>) -> Result<Planned, Failure> {
        let Self { name, outcome: Outcome { draft, findings, places, .. }, own_nodes } = self;
        let mut all: Vec<Diagnostic> = Vec::new();
        let mut lines = Vec::new();
        let locate = Locate { name: &name, places: &places, own_nodes };
        for Finding { file, diagnostic } in findings {
            lines.push(line(if file.is_empty() { locate.outside(&diagnostic) } else { &file }, &diagnostic));
            all.push(diagnostic);
        }
        let Some(draft) = draft else { return Err(Failure::Input(lines)) };
        let (spec, found) = spec::parse(&draft);
        for found in found {
            // The reader of files has said what the design says of itself, in its place.
            if !all.iter().any(|one| one.rule == found.rule && one.message == found.message) {
                let (text, found) = locate.line(found);
                lines.push(text);
                all.push(found);
            }
        }
        let Some(spec) = spec.filter(|_| !has_errors(&all)) else { return Err(Failure::Input(lines)) };
        let plan = plan::plan(&spec);
        let found = match now {
            Some(_) => check::check(&plan, now),
            None => plan.findings.clone(),
        };
        for found in found {
            let (text, found) = locate.line(found);
            lines.push(text);
            all.push(found);
        }
        Ok(Planned { draft, plan, findings: all, lines })
    }
}

/// Puts findings about a design where it stands in the text.
struct Locate<'a> {
    name: &'a str,
    places: &'a Places,
    own_nodes: bool,
}

impl Locate<'_> {
    /// What to call where a finding is that stands in no text.
    fn outside(&self, found: &Diagnostic) -> &str {
        if self.own_nodes && found.field.starts_with("nodes") { "--node" } else { self.name }
    }

    fn line(&self, mut found: Diagnostic) -> (String, Diagnostic) {
        let Some(place) = self.places.of(&found.field) else {
            return (line(self.outside(&found), &found), found);
        };
        found.position = Some(place.position);
        (line(&place.file, &found), found)
    }
}

/// `file:line:column: error: field: message (hint)`.
fn line(name: &str, diagnostic: &Diagnostic) -> String {
    let between = if diagnostic.position.is_some() { ":" } else { ": " };
    format!("{name}{between}{diagnostic}")
}

/// A text, of which no more is read than its reader accepts.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = LONGEST as u64 + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// How many findings there are of each kind, for a last line: `2 warnings, 1 advice`; nothing for none.
pub(crate) fn counted(findings: &[Diagnostic]) -> Option<String> {
    let words = [Severity::Error, Severity::Warning, Severity::Advice, Severity::Notice].map(|severity| {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        let plural = if count == 1 || severity == Severity::Advice { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.word()))
    });
    let words: Vec<String> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}
