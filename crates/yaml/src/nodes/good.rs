//! The good lines of a list that was refused: those can be taken, and the others are left to be mended.

use kubepki_core::diag::{Diagnostic, Severity};
use kubepki_core::spec::Draft;

use super::{LIST, is_lines, lines, read_nodes};
use crate::outcome::Outcome;
use crate::text::text;

/// The two parts of a list of nodes of which some lines are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodLines {
    /// How many nodes the good lines name.
    pub count: usize,
    /// The good lines, with the list's head and its comments.
    pub taken: String,
    /// The lines that are wrong.
    pub left: String,
}

/// The good lines of a list that [`read_nodes`] refused, where they can be taken by themselves. Nothing for a list that is
/// not written line by line, or of whose findings some are not known.
pub fn good_lines(bytes: &[u8], base: &Draft, refused: &Outcome) -> Option<GoodLines> {
    let text = text(bytes, LIST).ok().filter(|text| is_lines(text))?;
    let wrong = |one: &Diagnostic| one.severity == Severity::Error || one.rule == "more-findings";
    let wrong = refused.findings.iter().map(|one| &one.diagnostic).filter(|one| wrong(one));
    // What has no line of its own, or stands for more than its own, says nothing of the other lines.
    let of_line = |one: &Diagnostic| {
        let whole = ["more-findings", super::TOO_MANY, "nodes-none"].contains(&&*one.rule);
        one.position.filter(|_| !whole).map(|at| at.line as usize)
    };
    let wrong: Vec<usize> = wrong.map(of_line).collect::<Option<_>>()?;
    let (mut taken, mut left) = (String::new(), String::new());
    for (index, line) in text.lines().enumerate() {
        let into = if wrong.contains(&(index + 1)) { &mut left } else { &mut taken };
        into.push_str(line);
        into.push('\n');
    }
    let mut listed = Vec::new();
    lines::nodes(&taken, "", &mut listed);
    let whole = !left.is_empty() && !listed.is_empty() && read_nodes(&[("", taken.as_bytes())], base).draft.is_some();
    whole.then_some(GoodLines { count: listed.len(), taken, left })
}
