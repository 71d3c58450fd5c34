//! The parts into which kubeadm cuts a text.

use kubepki_core::diag::{Diagnostic, Position};

use crate::text::number;

/// What is wrong with the parts of a text into which kubeadm cuts it at lines of three hyphens: unlike YAML it takes comments
/// or a directive alone for a document.
pub(crate) fn parts(text: &str) -> Vec<(Position, Diagnostic)> {
    let separates = |line: &str| {
        line.strip_prefix("---").map(str::trim).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    };
    let mut found = Vec::new();
    let mut part: Vec<(usize, &str)> = Vec::new();
    for line in text.lines().enumerate() {
        // One that begins a part belongs to it.
        if separates(line.1) && !part.is_empty() {
            found.extend(part_is_wrong(&part, separates));
            part.clear();
        } else {
            part.push(line);
        }
    }
    if !part.is_empty() {
        found.extend(part_is_wrong(&part, separates));
    }
    found
}

fn part_is_wrong(part: &[(usize, &str)], separates: impl Fn(&str) -> bool) -> Option<(Position, Diagnostic)> {
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && !separates(line);
    let first = part.iter().find(|(_, line)| says(line));
    let (line, message, hint) = match first {
        None => (
            part[0].0,
            "kind and apiVersion is mandatory information that must be specified",
            "kubeadm takes what stands between two lines of --- for a document, comments and blank lines too: take one of the \
             lines out",
        ),
        Some((line, "%YAML 1.1")) => {
            (*line, "did not find expected <document start>", "kubeadm reads no directives: take the line out")
        }
        Some((line, text)) if text.starts_with('%') => {
            (*line, "found incompatible YAML document", "kubeadm reads no directives: take the line out")
        }
        Some(_) => return None,
    };
    let at = Position { line: number(line) + 1, column: 1 };
    Some((at, Diagnostic::error("kubeadm-part", "", message).with_hint(hint)))
}
