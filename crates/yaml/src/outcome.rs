//! What a set of texts turned out to be.

use kubepki_core::diag::{Diagnostic, Position, Severity};
use kubepki_core::spec::Draft;

use crate::finding::Finding;
use crate::place::Places;
use crate::text::number;
use crate::tree::Document;

/// Findings beyond this are counted, not listed.
const MOST_FINDINGS: usize = 100;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The design; there exactly when no finding is an error.
    pub draft: Option<Draft>,
    /// Everything there is to say, errors and the rest, in the order of the texts.
    pub findings: Vec<Finding>,
    /// What the texts are, for people: `design file`, `kubeadm configuration (v1beta4)`, `list of 12 nodes`; `unreadable`
    /// when they are nothing known.
    pub kind: String,
    /// Where the design's fields stand.
    pub places: Places,
}

/// A text that was read as YAML.
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) documents: Vec<Document>,
    /// What kubeadm would refuse of the parts into which it cuts the text.
    pub(crate) parts: Vec<(Position, Diagnostic)>,
}

/// Puts findings in an order, those of one key as they are. For all orders one sort: each more would be code the page
/// fetches.
fn sort(findings: &mut [Finding], key: &dyn Fn(&Finding) -> [u32; 3]) {
    findings.sort_by_key(|one| key(one));
}

impl Outcome {
    /// With its findings as people go through them: text by text, from its top; what stands nowhere comes last.
    pub(crate) fn in_order(mut self, texts: &[(&str, &[u8])]) -> Self {
        sort(&mut self.findings, &|one| {
            let text = texts.iter().position(|(file, _)| *file == one.file).unwrap_or(texts.len());
            one.diagnostic.position.map_or([u32::MAX; 3], |at| [number(text), at.line, at.column])
        });
        self
    }

    /// Adds findings of one text.
    pub(crate) fn add(&mut self, file: &str, found: Vec<Diagnostic>) {
        self.findings.extend(found.into_iter().map(|diagnostic| Finding { file: file.to_owned(), diagnostic }));
    }

    pub(crate) fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|one| one.diagnostic.severity == Severity::Error)
    }

    /// Whether anything found is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// The outcome as it is handed out: no draft beside an error, and a list of findings that people can read.
    pub(crate) fn finish(mut self) -> Self {
        if self.has_errors() {
            self.draft = None;
        }
        // Errors first among the many, so that none is cut off for a notice.
        if self.findings.len() > MOST_FINDINGS {
            sort(&mut self.findings, &|one| [one.diagnostic.severity as u32, 0, 0]);
            let more = self.findings.len() - MOST_FINDINGS;
            let Finding { file, diagnostic } = self.findings.swap_remove(MOST_FINDINGS);
            self.findings.truncate(MOST_FINDINGS);
            let message = format!("and {more} findings more");
            let last = Diagnostic::new(diagnostic.severity, "more-findings", "", message);
            self.findings.push(Finding { file, diagnostic: Diagnostic { position: diagnostic.position, ..last } });
        }
        self
    }
}
