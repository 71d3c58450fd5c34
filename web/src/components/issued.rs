//! What an issued certificate says, read back from its bytes.

use kubepki_core::facts::CertFacts;
use kubepki_core::instant;
use yew::{Html, html};

use super::inspector::table;
use super::{Dispatch, act, icon, join};
use crate::state::Action;

/// Its lifetime as a bar.
pub(crate) fn validity(facts: &CertFacts, now: i64) -> Html {
    let span = (facts.not_after - facts.not_before).max(1);
    let left = (facts.not_after - now).max(0);
    // In thousandths: an SVG needs no style.
    let used = ((now - facts.not_before).clamp(0, span) as i128 * 1000 / i128::from(span)) as i64;
    let days = left / 86_400;
    let days = if left == 0 { "ended".to_owned() } else { join(&[&days.to_string(), " d left"]) };
    html! {
        <>
            <h3 class="caps">{ "Valid" }</h3>
            <svg class="life" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="whole" width="1000" height="8" rx="4" /><rect class="used" width={used.max(8).to_string()} height="8" rx="4" />
            </svg>
            <p class="dates"><code>{ instant::to_date(facts.not_before) }</code><code>{ instant::to_date(facts.not_after) }{ " · " }{ days }</code></p>
        </>
    }
}

/// Everything else, with its PEM to copy and to save.
pub(crate) fn issued_facts(facts: &CertFacts, current: bool, dispatch: &Dispatch) -> Html {
    let mut rows = Vec::new();
    if !current {
        rows.extend([("Subject", facts.subject.clone()), ("Names", facts.sans.join(", "))]);
    }
    rows.extend([
        ("Serial", facts.serial.clone()),
        ("Not before", instant::to_rfc3339(facts.not_before)),
        ("Not after", instant::to_rfc3339(facts.not_after)),
        ("SHA-256", facts.fingerprint.clone()),
        ("Public key", join(&["sha256:", &facts.public_key_hash])),
    ]);
    rows.extend(facts.ski.iter().map(|text| ("SKI", text.clone())));
    rows.extend(facts.aki.iter().map(|text| ("AKI", text.clone())));
    rows.push(("Extensions", facts.extensions.join(", ")));
    let name = facts.subject.rsplit("CN=").next().unwrap_or("certificate").replace([':', '/'], "-");
    html! {
        <>
            { table(if current { "Issued" } else { "As issued from the earlier design" }, &rows) }
            <details class="recipe">
                <summary class="caps">{ "PEM" }</summary>
                <button type="button" class="quiet" data-testid="copy-pem" aria-label="Copy the certificate"
                    onclick={act(dispatch, Action::Copy("certificate", facts.pem.clone()))}>{ icon("copy") }</button>
                <pre tabindex="0">{ &facts.pem }</pre>
            </details>
            <p class="buttons">
                <button type="button" class="quiet" data-testid="save-pem"
                    onclick={act(dispatch, Action::SaveText(join(&[&name, ".crt"]), facts.pem.clone()))}>{ icon("save") }<span>{ "Certificate" }</span></button>
            </p>
        </>
    }
}
