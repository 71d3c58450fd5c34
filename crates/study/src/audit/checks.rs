//! What of the CIS Kubernetes Benchmark's checks the design deviates from, each with room for a reason, and what somebody
//! must look at.

use kubepki_core::catalog::cis::{OLDER, SOURCE, VERSION};
use kubepki_core::view::cis::{Checked, MOST, State};

use super::template::put;

const DEVIATIONS: &str = "<section aria-labelledby=\"deviations\"><h2 id=\"deviations\">Deviations from the CIS checks: {}</h2>\
<p>Read from the design, not from running nodes: {}, as far as it concerns certificates, keys and kubeconfigs. At most {} findings are listed for a check. Write by hand, or type before you print: the browser keeps nothing.</p>";
const DEVIATION: &str = "<section class=\"one deviation\" id=\"cis-{}\"><h3><code>{}</code> {}<span>{}</span></h3><ul>";
const FINDING: &str = "<li><code>{/}</code></li>";
/// Room to write, by hand on paper, or typed before it is printed.
const ROOM: &str = "</ul><p>What would satisfy it: {}</p><div class=\"room\"><small aria-hidden=\"true\">{}</small><div class=\"paper\" role=\"textbox\" aria-multiline=\"true\" contenteditable=\"plaintext-only\" aria-label=\"{}\"></div></div></section>";
const OTHERS: &str =
    "<h3>All other checks</h3><p>Satisfied by the design: {}.</p><p>Nothing here that they concern: {}.</p></section>";

/// Whether somebody must look.
pub(super) fn to_look(one: &&Checked) -> bool {
    matches!(one.state, State::Manual | State::Own)
}

/// How many checks stand so.
pub(super) fn number(all: &[Checked], state: State) -> String {
    all.iter().filter(|one| one.state == state).count().to_string()
}

/// Those the design does not satisfy, each with what was found and room for a reason; then the others by their ids.
pub(super) fn deviations(out: &mut String, all: &[Checked]) {
    put(out, DEVIATIONS, &[&number(all, State::Fail), SOURCE, &MOST.to_string()]);
    for one in all.iter().filter(|one| one.state == State::Fail) {
        let row = one.row;
        let older = row.other_id().map(|id| [" (", id, " in v", OLDER, ")"].concat()).unwrap_or_default();
        put(out, DEVIATION, &[row.id, row.id, row.title, &older]);
        one.evidence.iter().for_each(|line| put(out, FINDING, &[line]));
        let label = ["Reason to accept ", row.id, ", or who mends it until when"].concat();
        put(out, ROOM, &[row.change, &label, &label]);
    }
    put(out, OTHERS, &[&ids(all, State::Pass), &ids(all, State::NotApplicable)]);
}

fn ids(all: &[Checked], state: State) -> String {
    let mut text = String::new();
    for one in all.iter().filter(|one| one.state == state) {
        text += if text.is_empty() { "" } else { ", " };
        text += one.row.id;
    }
    if text.is_empty() { "none".to_owned() } else { text }
}

const LOOK: &str = "<section aria-labelledby=\"look\"><h2 id=\"look\">To be looked at on the nodes</h2>\
<p>No design tells how these stand. Look at each on a node, and note which.</p>\
<table><caption>Checks of CIS v{} for a person: {}</caption><thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Found</th><th scope=\"col\">Note</th></tr></thead><tbody>";
const CHECK: &str = "<tr><th scope=\"row\"><code>{}</code> {}<small> {}</small></th><td><span class=\"tick\"><i></i> holds</span><span class=\"tick\"><i></i> does not</span></td><td class=\"write\"></td></tr>";

/// Those that no plan can answer.
pub(super) fn to_look_at(out: &mut String, all: &[Checked]) {
    put(out, LOOK, &[VERSION, &all.iter().filter(to_look).count().to_string()]);
    for one in all.iter().filter(to_look) {
        put(out, CHECK, &[one.row.id, one.row.title, &one.evidence.join("; ")]);
    }
    out.push_str("</tbody></table></section>");
}
