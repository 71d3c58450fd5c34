//! Texts that become designs.

use kubepki_core::Diagnostic;
use kubepki_core::spec::link;

use crate::message::{Finding, ParsedText, TextFile};

/// Reads texts as one design; what they do not say stays as it is in `base`.
pub(super) fn parse(files: &[TextFile], base: &str, nodes_only: bool) -> ParsedText {
    let base = match link::decode(base) {
        Ok(base) => base,
        Err(error) => return refused(&error.to_string()),
    };
    let texts: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
    let outcome = if nodes_only { kubepki_yaml::read_nodes(&texts, &base) } else { kubepki_yaml::read(&texts, &base) };
    let finding = |one: kubepki_yaml::Finding| Finding { file: one.file, diagnostic: one.diagnostic };
    ParsedText {
        design: outcome.draft.as_ref().map(link::encode),
        findings: outcome.findings.into_iter().map(finding).collect(),
        kind: outcome.kind,
    }
}

fn refused(why: &str) -> ParsedText {
    let diagnostic = Diagnostic::error("design-unreadable", "", why);
    ParsedText { design: None, findings: vec![Finding { file: String::new(), diagnostic }], kind: String::new() }
}
