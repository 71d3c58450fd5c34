//! Which messages stand in the atlas: asked of `explain`, line by line.

use std::collections::BTreeSet;

use kubepki_core::catalog::messages::{explain, messages};
use kubepki_rehearsal::fault::faults;

use super::calls;
use super::page::check;

#[test]
fn each_message_names_the_components_that_were_recorded_with_it() {
    let mut seen: BTreeSet<(String, &'static str)> = BTreeSet::new();
    for call in faults().iter().flat_map(calls) {
        for log in [&call.client.log, &call.server.log].into_iter().flatten() {
            for line in &log.lines {
                seen.extend(explain(&line.text).into_iter().map(|one| (one.row.title(), log.component)));
            }
        }
    }
    let mut text = String::new();
    for title in messages().map(|row| row.title()) {
        let components: Vec<&str> =
            seen.iter().filter(|(row, _)| *row == title).map(|(_, component)| *component).collect();
        if !components.is_empty() {
            text.push_str(&format!("{}| {title}\n", components.join(" ")));
        }
    }
    assert!(text.lines().count() > 15, "{text}");
    check("crates/rehearsal/src/atlas/seen.txt", &text);
}
