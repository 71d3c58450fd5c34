//! What goes on and what stops when a certificate ends: its rows of [`crate::catalog::expiry`], for page and terminal.

use crate::catalog::expiry::{ExpiryRow, expiries};
use crate::plan::Plan;
use crate::view::drawing::{Drawing, caps, drawn, paragraph};

use super::{first, lives, title};

/// The condition of a row as a sentence's beginning; empty for none.
fn condition(row: &ExpiryRow) -> String {
    if row.when.is_empty() { String::new() } else { format!("Where {}:", row.when) }
}

/// What stands under the timeline on the page: of the certificate that is selected, otherwise of the one that ends first. It is
/// apart from [`super::page`], for not everybody who draws that has room for the table.
pub fn ending(plan: &Plan, issued: i64, selected: &str) -> Drawing {
    let lives = lives(plan, issued);
    let chosen = lives.iter().find(|life| selected == format!("cert:{}", plan.key_of(life.cert)));
    let mut section = drawn("section").set("class", "told-page").set("data-testid", "ending");
    // A bare key pair has no end.
    let told_of = chosen.or_else(|| first(plan, &lives).map(|(life, _)| life)).filter(|life| life.until.is_some());
    let Some(life) = told_of else { return section };
    let id = plan.certs[life.cert].row.id;
    section = section.with(caps(&format!("When {} ends", title(plan, life))));
    for row in expiries(id) {
        if !row.when.is_empty() {
            section = section.with(drawn("p").with(drawn("b").text(condition(row))));
        }
        for (moment, then) in row.moments() {
            section = section
                .with(drawn("p").text(format!("{}:", moment.words())))
                .with(drawn("ul").all(then.into_iter().map(|one| drawn("li").text(one.sentence()))));
        }
        section = section.with(paragraph(row.mend));
    }
    section
}

/// The lines for a terminal.
pub(super) fn text(id: &str) -> String {
    let mut out = String::new();
    for row in expiries(id) {
        if !row.when.is_empty() {
            out += &format!("  {}\n", condition(row));
        }
        for (moment, then) in row.moments() {
            out += &format!("  {}:\n", moment.words());
            then.iter().for_each(|one| out += &format!("    {}\n", one.sentence()));
        }
        out += &format!("  {}\n", row.mend);
    }
    out
}
