//! Where the page offers the audit page of what was generated.

use kubepki_core::plan::Plan;
use kubepki_core::view::drawing::{Drawing, choose, drawn, paragraph};
use kubepki_core::view::selection::AUDIT;

/// What leads to it from a view of a PKI, by its number; nothing where none was generated.
pub(crate) fn link(pki: u32) -> Option<Drawing> {
    (pki != 0).then(|| drawn("p").set("class", "bar").with(choose(AUDIT, "Audit page (HTML)…")))
}

/// The sheet: what the page holds, and a button that saves it where there is one.
pub(crate) fn sheet(plan: &Plan, page: Option<Result<String, String>>) -> Vec<Drawing> {
    let cluster = &plan.spec.cluster_name;
    let mut out = vec![
        drawn("h2").text("Audit page"),
        paragraph(
            "One HTML file for whoever checks and signs: every certificate with the flags and files that use it, every private key with each place it is stored, deviations from the CIS checks with room for a reason, and room for two signatures. It has no secret and no script, and prints on A4.",
        ),
    ];
    out.push(match page {
        Some(Ok(text)) => {
            let save = drawn("button").set("class", "small").set("type", "button");
            let save = save.set("data-save", format!("{cluster}-audit.html")).set("data-testid", "save-audit");
            drawn("p")
                .set("class", "bar")
                .with(save.text("Save the audit page"))
                .with(drawn("pre").set("class", "sr").set("aria-hidden", true).text(text))
        }
        Some(Err(why)) => paragraph(format!("It could not be written: {why}.")),
        None => paragraph(
            "There is none yet: it is about certificates, so generate first, or go back to the design that was issued. Of more than 1,000 certificates the command line writes it.",
        ),
    });
    out.push(paragraph("The command line writes the same file from an export:"));
    out.push(
        drawn("pre").set("tabindex", 0).text(format!("kubepki audit {cluster}-pki.zip --out {cluster}-audit.html")),
    );
    out.push(paragraph(
        "Beside it, ceremony.txt stands in every whole export: the transcript that kubepki verify --record compares.",
    ));
    out
}
