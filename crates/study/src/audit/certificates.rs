//! Every certificate: what it says, and the flags and files that use it.

use kubepki_core::instant::to_rfc3339;
use kubepki_core::plan::Plan;
use kubepki_verification::{Certificate, Eku, PublicKey, public_key_der};
use sha2::{Digest, Sha256};

use super::audited::Audited;
use super::template::{count, put};
use super::uses::{Use, uses};

const SECTION: &str = "<section aria-labelledby=\"certificates\"><h2 id=\"certificates\">Certificates, and what uses them</h2>\
<p>Each CA stands before what it signed. Times are UTC. Names, dates and fingerprints were read from the certificate; flags and files are those of the design. Alike nodes stand together.</p>";
const HEADING: &str = "<section class=\"one\" id=\"{}\"><h3><code>{/}</code> <span>{}</span></h3><dl>";
const CERTIFICATE: &str = "<div><dt>Subject</dt><dd><code>{/}</code></dd></div>\
<div><dt>Signed by</dt><dd><a href=\"#{}\"><code>{/}</code></a></dd></div>\
<div><dt>Names</dt><dd><code>{/}</code></dd></div>\
<div><dt>Key</dt><dd>{}, for {}</dd></div>\
<div><dt>Valid</dt><dd>{} to {}, {}</dd></div>\
<div><dt>Serial</dt><dd><code>{}</code></dd></div>\
<div><dt>SHA-256</dt><dd><code>{/}</code></dd></div>";
const PAIR: &str = "<div><dt>Key</dt><dd>{}, a pair without a certificate: it never ends</dd></div>\
<div><dt>Public key</dt><dd><code>SHA-256 {/}</code></dd></div>";
const USES: &str = "</dl><table><caption>What uses {}</caption><thead><tr><th scope=\"col\">Component</th><th scope=\"col\">Flag and file</th></tr></thead><tbody>";
const USE: &str =
    "<tr><th scope=\"row\">{}<small> on {}</small></th><td><code>{/}{/}</code><small> {}</small></td></tr>";
const END: &str = "</tbody></table></section>";

/// The section: each CA, then what it signed, then bare key pairs.
pub(super) fn section(out: &mut String, of: Audited<'_>, read: &[Option<Certificate>]) {
    out.push_str(SECTION);
    let uses = uses(of.plan);
    for pairs in [false, true] {
        for (index, cert) in of.plan.certs.iter().enumerate() {
            if cert.issuer.is_none() && cert.subject.is_none() == pairs {
                one(out, of, read, &uses, index);
                of.plan.signed_by(index).for_each(|signed| one(out, of, read, &uses, signed));
            }
        }
    }
    out.push_str("</section>");
}

fn one(out: &mut String, of: Audited<'_>, read: &[Option<Certificate>], uses: &[Vec<Use<'_>>], index: usize) {
    let planned = &of.plan.certs[index];
    let name = of.plan.key_of(index);
    put(out, HEADING, &[&name, &name, planned.row.title]);
    match &read[index] {
        Some(it) => {
            let signer = of.plan.key_of(planned.issuer.unwrap_or(index));
            let days = count(((it.not_after - it.not_before) / 86_400) as usize, "day");
            let serial = it.serial.strip_prefix(&[0]).unwrap_or(&it.serial);
            let texts = [
                &subject(it),
                &signer,
                &signer,
                &names(it),
                &key(it),
                purpose(it),
                &to_rfc3339(it.not_before),
                &to_rfc3339(it.not_after),
                &days,
                &hex(serial, b"0123456789abcdef", ""),
                &fingerprint(&it.raw),
            ];
            put(out, CERTIFICATE, &texts);
        }
        None => {
            let der = public_key_der(&of.published[index].public_key).unwrap_or_default();
            put(out, PAIR, &[planned.key.word(), &fingerprint(&der)]);
        }
    }
    put(out, USES, &[&name]);
    for one in &uses[index] {
        put(out, USE, &[one.who, &one.nodes, &one.flag, one.file, one.what]);
    }
    out.push_str(END);
}

/// `O=system:nodes, CN=system:node:cp-1`.
fn subject(it: &Certificate) -> String {
    let mut text = String::new();
    for organization in &it.organizations {
        text += &["O=", organization, ", "].concat();
    }
    text + "CN=" + &it.common_name
}

fn names(it: &Certificate) -> String {
    let mut all: Vec<String> = it.dns_names.iter().map(|name| ["DNS:", name].concat()).collect();
    all.extend(it.ip_addresses.iter().map(|address| ["IP:", &address.to_string()].concat()));
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

fn key(it: &Certificate) -> String {
    match &it.public_key {
        Some(PublicKey::Rsa { modulus, .. }) => ["RSA-", &(modulus.len() * 8).to_string()].concat(),
        Some(PublicKey::P256(_)) => "ECDSA-P256".to_owned(),
        Some(PublicKey::P384(_)) => "ECDSA-P384".to_owned(),
        Some(PublicKey::Other(_)) | None => "a kind that is not known".to_owned(),
    }
}

fn purpose(it: &Certificate) -> &'static str {
    let has = |eku| it.ekus.contains(&eku);
    match (it.is_ca, has(Eku::ServerAuth), has(Eku::ClientAuth)) {
        (true, ..) => "signing certificates (CA)",
        (_, true, true) => "TLS servers and clients",
        (_, true, false) => "TLS servers",
        (_, false, true) => "TLS clients",
        (_, false, false) => "neither TLS servers nor clients",
    }
}

/// SHA-256, in capitals with colons, as the ceremony record has it.
fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes), b"0123456789ABCDEF", ":")
}

fn hex(bytes: &[u8], digits: &[u8; 16], between: &str) -> String {
    let mut text = String::new();
    for one in bytes {
        if !text.is_empty() {
            text.push_str(between);
        }
        text.extend([one >> 4, one & 15].map(|digit| char::from(digits[usize::from(digit)])));
    }
    text
}

const NOT_SIGNED: &str = "<section aria-labelledby=\"not-signed\"><h2 id=\"not-signed\">What is not signed here</h2>\
<p>The cluster has these as well. Their certificates and keys come from elsewhere and are no part of this audit.</p>\
<table><caption>What this PKI does not sign</caption><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Who makes it</th></tr></thead><tbody>";

/// What the cluster has beside these, and who makes it.
pub(super) fn not_signed(out: &mut String, plan: &Plan) {
    if plan.unsigned.is_empty() {
        return;
    }
    out.push_str(NOT_SIGNED);
    let mut at = 0;
    while let Some(one) = plan.unsigned.get(at) {
        let mut nodes = String::new();
        // Siblings stand behind one another.
        while let Some(same) = plan.unsigned.get(at).filter(|same| (same.row.id, same.why) == (one.row.id, one.why)) {
            nodes += if nodes.is_empty() { "" } else { ", " };
            nodes += plan.node_name(same.node);
            at += 1;
        }
        put(
            out,
            "<tr><th scope=\"row\">{}<small> on {}</small></th><td>{}</td></tr>",
            &[one.row.title, &nodes, one.why],
        );
    }
    out.push_str(END);
}
