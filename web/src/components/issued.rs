//! What an issued certificate says, read back from its bytes.

use kubepki_core::facts::CertFacts;
use kubepki_core::instant;
use yew::Html;

use super::facts::{heading, table};
use super::icon;
use crate::draw::{Dispatch, El, el, group, join};
use crate::state::Action;

/// Its lifetime as a bar.
pub(super) fn validity(facts: &CertFacts, now: i64) -> Html {
    let span = (facts.not_after - facts.not_before).max(1);
    let left = (facts.not_after - now).max(0);
    // In thousandths: an SVG needs no style.
    let used = ((now - facts.not_before).clamp(0, span) as i128 * 1000 / i128::from(span)) as usize;
    let days = match left {
        0 => "ended".to_owned(),
        _ => join(&[&(left / 86_400).to_string(), " d left"]),
    };
    let bar = |class, width| el("rect", class).number("width", width).set("height", "8").set("rx", "4");
    let life = el("svg", "life")
        .set("viewBox", "0 0 1000 8")
        .set("preserveAspectRatio", "none")
        .set("aria-hidden", "true")
        .add(bar("whole", 1000))
        .add(bar("used", used.max(8)));
    let until = el("code", "").texts(&[&instant::to_date(facts.not_after), " · ", &days]);
    let dates = el("p", "dates").add(el("code", "").text(&instant::to_date(facts.not_before))).add(until);
    group(vec![heading("Valid"), life.done(), dates.done()])
}

/// Everything else, with its PEM to copy and to save.
pub(super) fn issued_facts(facts: &CertFacts, current: bool, dispatch: &Dispatch) -> Html {
    let mut rows = Vec::new();
    if !current {
        rows.push(("Subject", facts.subject.clone()));
        rows.push(("Names", facts.sans.join(", ")));
    }
    rows.push(("Serial", facts.serial.clone()));
    rows.push(("Not before", instant::to_rfc3339(facts.not_before)));
    rows.push(("Not after", instant::to_rfc3339(facts.not_after)));
    rows.push(("SHA-256", facts.fingerprint.clone()));
    rows.push(("Public key", join(&["sha256:", &facts.public_key_hash])));
    rows.extend(facts.ski.iter().map(|text| ("SKI", text.clone())));
    rows.extend(facts.aki.iter().map(|text| ("AKI", text.clone())));
    rows.push(("Extensions", facts.extensions.join(", ")));
    let name = facts.subject.rsplit(',').next().and_then(|last| last.trim().strip_prefix("CN="));
    let name = name.unwrap_or("certificate");
    let name: String = name.chars().map(|one| if matches!(one, ':' | '/') { '-' } else { one }).collect();
    let copy = El::button("quiet", dispatch, Action::Copy("certificate", facts.pem.clone()))
        .test("copy-pem")
        .label("Copy the certificate")
        .node(icon("copy"));
    let save = El::button("quiet", dispatch, Action::SaveText(join(&[&name, ".crt"]), facts.pem.clone()))
        .test("save-pem")
        .node(icon("save"))
        .add(el("span", "").text("Certificate"));
    let pem = el("details", "recipe")
        .add(el("summary", "caps").text("PEM"))
        .add(copy)
        .add(el("pre", "").set("tabindex", "0").text(&facts.pem));
    let title = if current { "Issued" } else { "As issued from the earlier design" };
    group(vec![table(title, &rows), pem.done(), el("p", "buttons").add(save).done()])
}
