//! The programs that accepted such exports, with the versions of their last runs: README's table, which runs write
//! (`tests/judged.rs` holds the two to each other).

use kubepki_core::view::drawing::{Drawing, choose, drawn, paragraph};
use kubepki_core::view::selection::TRUST;

use crate::markdown::words_in;

/// A line is `program | what it accepted`, or a paragraph.
const JUDGES: &str = include_str!("judges.txt");

/// The sheet.
pub(crate) fn sheet() -> Vec<Drawing> {
    let mut programs = drawn("ul").set("class", "plain").set("data-testid", "judges");
    let mut below = Vec::new();
    for line in JUDGES.lines() {
        match line.split_once(" | ") {
            Some((program, what)) => {
                let name = words_in(drawn("b"), program);
                programs = programs.with(words_in(drawn("li").with(name).text(": "), what));
            }
            None => below.push(words_in(drawn("p"), line)),
        }
    }
    let mut out = vec![drawn("h2").text("What accepted such exports")];
    out.push(paragraph(
        "The tests of this program give what it makes to other programs. The versions of Kubernetes' own components are those of the last run.",
    ));
    out.push(programs);
    out.extend(below);
    out.push(drawn("p").with(choose(TRUST, "Why you can trust it, and how far")));
    out
}
