//! What stands around the sections: the document itself, what it is of, and who signs.

use kubepki_core::instant::to_rfc3339;
use kubepki_core::view::cis::{Checked, State};
use kubepki_core::view::files::roles;
use kubepki_issuance::archive::design_sha256;
use kubepki_verification::Certificate;

use super::audited::Audited;
use super::checks::{number, to_look};
use super::template::{count, put};

/// The page's style, inline.
const STYLE: &str = include_str!("audit.css");
/// SHA-256 of [`STYLE`] in base64, by which the page's policy knows it; a test says what it must be.
const STYLE_SHA256: &str = "d+9jRTtP0eOEr95gmB7XYArvF5JVAxhBGymekqcKmMM=";

/// A policy that forbids everything but this style.
const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>PKI audit: {}</title>\n<style>";
const FACTS: &str = "</style>\n</head>\n<body><main><header><h1>PKI audit: <span>{}</span></h1>\
<p>For whoever checks and signs for this PKI. No private key is in this file, and no script. From the same export, kubepki audit makes it again to the last byte.</p>\
<dl><div><dt>Cluster</dt><dd>{}, Kubernetes {}, started with {}</dd></div><div><dt>Nodes</dt><dd>{}</dd></div>\
<div><dt>Made</dt><dd>{}, {} of them CAs, and {}</dd></div><div><dt>Issued</dt><dd>{}, by kubepki {}</dd></div>\
<div><dt>Ends first</dt><dd>{}</dd></div><div><dt>Design</dt><dd><code>SHA-256 {}</code></dd></div></dl>\
<dl class=\"hand\"><div><dt>Export checked</dt><dd class=\"line\">SHA-256</dd></div>\
<div><dt>Record checked</dt><dd><span class=\"tick\"><i></i> kubepki verify EXPORT --record ceremony.txt agreed</span></dd></div></dl>\
<nav aria-label=\"Parts\"><ul><li><a href=\"#certificates\">Certificates, and what uses them</a></li><li><a href=\"#keys\">Private keys, and each place they are stored</a></li>\
<li><a href=\"#deviations\">Deviations from the CIS checks: {}</a></li><li><a href=\"#look\">To be looked at on the nodes: {}</a></li><li><a href=\"#signatures\">Signatures</a></li></ul></nav></header>";
const LINE: &str =
    "<tr><th scope=\"row\">{}</th><td class=\"write\"></td><td class=\"write\"></td><td class=\"write\"></td></tr>";
const SIGNATURES: &str = "<section class=\"last\" aria-labelledby=\"signatures\"><h2 id=\"signatures\">Signatures</h2>\
<p>For the PKI of {}, issued {}, of the design with this sum:</p><p><code>SHA-256 {}</code></p>\
<ul><li class=\"tick\"><i></i> The SHA-256 of each certificate equals that of the files and of the ceremony record.</li>\
<li class=\"tick\"><i></i> Each place of each private key was looked at; there are no others.</li>\
<li class=\"tick\"><i></i> Each deviation has a reason, or somebody who mends it by a date.</li></ul>\
<table><caption>Two people, each for all of the above</caption><thead><tr><th scope=\"col\">Who</th><th scope=\"col\">Name and role</th><th scope=\"col\">Date</th><th scope=\"col\">Signature</th></tr></thead><tbody>";
const END: &str = "</tbody></table></section></main></body>\n</html>\n";

/// The document's beginning, and what is audited.
pub(super) fn begin(out: &mut String, of: Audited<'_>, read: &[Option<Certificate>], checks: &[Checked]) {
    let (plan, spec) = (of.plan, &of.plan.spec);
    put(out, HEAD, &[STYLE_SHA256, &spec.cluster_name]);
    out.push_str(STYLE);
    let nodes = spec.nodes.iter().map(|node| [&node.name, " (", &roles(node), ")"].concat()).collect::<Vec<_>>();
    let texts = [
        &spec.cluster_name,
        &spec.cluster_name,
        &spec.version.to_string(),
        spec.start.word(),
        &nodes.join(", "),
        &count(plan.certificate_count(), "certificate"),
        &plan.ca_count().to_string(),
        &count(plan.key_count(), "private key"),
        &to_rfc3339(of.issued_at),
        of.tool_version,
        &ends_first(of, read),
        &design_sha256(plan, of.draft),
        &number(checks, State::Fail),
        &checks.iter().filter(to_look).count().to_string(),
    ];
    put(out, FACTS, &texts);
}

/// The certificates that end first, by what they say themselves.
fn ends_first(of: Audited<'_>, read: &[Option<Certificate>]) -> String {
    let mut first: Option<(i64, usize, usize)> = None;
    for (index, it) in read.iter().enumerate() {
        let Some(end) = it.as_ref().map(|it| it.not_after) else { continue };
        first = match first {
            Some((before, ..)) if before < end => first,
            Some((before, index, more)) if before == end => Some((end, index, more + 1)),
            _ => Some((end, index, 0)),
        };
    }
    let Some((end, index, more)) = first else { return "none".to_owned() };
    let and = if more > 0 { [" and ", &more.to_string(), " more"].concat() } else { String::new() };
    [&to_rfc3339(end), ": ", &of.plan.key_of(index), &and].concat()
}

/// Room for two signatures, what they are for, and the document's end.
pub(super) fn end(out: &mut String, of: Audited<'_>) {
    let spec = &of.plan.spec;
    put(out, SIGNATURES, &[&spec.cluster_name, &to_rfc3339(of.issued_at), &design_sha256(of.plan, of.draft)]);
    put(out, LINE, &["First"]);
    put(out, LINE, &["Second"]);
    out.push_str(END);
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_knows_the_style() {
        assert_eq!(STYLE_SHA256, Base64::encode_string(&Sha256::digest(STYLE)), "after a change of audit.css");
    }
}
