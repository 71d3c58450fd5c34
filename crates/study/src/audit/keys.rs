//! Every private key with each place it is stored, each with a box to tick when it was looked at.

use kubepki_core::plan::{Holding, Plan};
use kubepki_issuance::archive::planned_path;

use super::template::{count, put};

const SECTION: &str = "<section aria-labelledby=\"keys\"><h2 id=\"keys\">Private keys, and each place they are stored</h2>\
<p>Paths are those of the export: what stands below nodes/NAME/ stands below / on that node. Modes and owners are those that install.sh sets. There are no other copies by design; look for backups, home folders and the medium that carried the export.</p>\
<table><caption>{} in {}</caption><thead><tr><th scope=\"col\">Stored in</th><th scope=\"col\">Mode, owner</th><th scope=\"col\">Seen</th></tr></thead>";
const KEY: &str =
    "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\"><code>{/}</code> {}, {}<strong>{}</strong></th></tr>";
const PLACE: &str =
    "<tr><td><code>{/}</code><small>{}</small></td><td>{} {}</td><td><span class=\"tick\"><i></i></span></td></tr>";

/// The section.
pub(super) fn section(out: &mut String, plan: &Plan) {
    let mut places = Vec::new();
    places.resize_with(plan.certs.len(), Vec::new);
    let mut all = 0;
    for file in &plan.files {
        if file.content.holding.is_secret() {
            places[file.content.cert].push(file);
            all += 1;
        }
    }
    put(out, SECTION, &[&count(plan.key_count(), "private key"), &count(all, "place")]);
    for (index, files) in places.iter().enumerate() {
        let planned = &plan.certs[index];
        let power = match (planned.row.is_ca(), &planned.subject) {
            (true, _) => ": whoever has it can sign any certificate of this CA",
            (_, None) => ": whoever has it can sign any token of a service account",
            _ => "",
        };
        put(out, KEY, &[&plan.key_of(index), planned.key.word(), &count(files.len(), "place"), power]);
        for file in files {
            let inside = if file.content.holding == Holding::Kubeconfig { " inside a kubeconfig" } else { "" };
            // Four octal digits.
            let mode: String =
                [9, 6, 3, 0].map(|shift| char::from(b'0' + (file.mode >> shift & 7) as u8)).iter().collect();
            put(out, PLACE, &[&planned_path(plan, file.root, &file.path), inside, &mode, file.owner]);
        }
        out.push_str("</tbody>");
    }
    out.push_str("</table></section>");
}
