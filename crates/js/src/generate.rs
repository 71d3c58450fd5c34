//! A PKI: issued by the same steps as the page's worker, in the thread that asks, and handed over as files and a zip.

use kubepki_core::Plan;
use kubepki_core::facts::CertFacts;
use kubepki_core::instant::to_rfc3339;
use kubepki_issuance::archive::{self, Meta, Selection};
use kubepki_issuance::{Pki, inspect};
use kubepki_worker::engine::{Pace, issue_here};

use crate::design::{Read, node_named};
use crate::shape::{CertificateFacts, Failure, Generated, GeneratedFile, Include, Progress};

/// Issues a design and gives of it what is asked for. `now` is the issue time, Unix seconds; `tell` hears how far it is.
/// Dropping the future gives up at once and wipes what was made.
///
/// # Errors
/// When there is no such node, or something could not be issued.
pub async fn generate(
    read: Read,
    include: Option<&Include>,
    now: i64,
    tell: impl Fn(Progress) + Clone + 'static,
) -> Result<Generated, Failure> {
    let Read { draft, plan, findings } = read;
    let selection = selection(&plan, include)?;
    let hear = tell.clone();
    let issued = issue_here(plan, now, move |done, total, step| {
        // Files are told of when they are made.
        if done < total {
            hear(Progress { done, total, step });
        }
    });
    let pki = issued.await.map_err(|why| Failure::undone(format!("Nothing was generated: {why}.")))?;
    let meta = Meta { draft: &draft, tool_version: env!("CARGO_PKG_VERSION"), build: "" };
    let pace = Pace::new();
    let entries = archive::entries(&pki, meta, selection);
    let made = (pki.plan.key_count() + pki.plan.certificate_count()) as u32;
    let total = made + entries.len() as u32;
    let mut files = Vec::new();
    for (done, entry) in (made + 1..).zip(entries) {
        if let Some(bytes) = &entry.bytes {
            let bytes = js_sys::Uint8Array::from(bytes.expose());
            files.push(GeneratedFile { path: entry.path, mode: entry.mode, bytes });
        }
        if pace.rest().await {
            tell(Progress { done, total, step: "files" });
        }
    }
    let mut parts = Vec::new();
    for part in archive::zip(&pki, meta, selection) {
        parts.push(js_sys::Uint8Array::from(part.expose()));
        pace.rest().await;
    }
    tell(Progress { done: total, total, step: "files" });
    Ok(Generated {
        name: format!("{}.zip", selection.name(&pki.plan)),
        zip: joined(&parts),
        files,
        certificates: facts(&pki),
        issued_at: to_rfc3339(pki.issued_at),
        findings,
    })
}

/// What of a PKI is asked for.
fn selection(plan: &Plan, include: Option<&Include>) -> Result<Selection, Failure> {
    match include {
        None => Ok(Selection::Whole),
        Some(Include::Word(word)) => match word.as_str() {
            "all" => Ok(Selection::Whole),
            "without-ca-keys" => Ok(Selection::WithoutCaKeys),
            "ca-keys" => Ok(Selection::CaKeys),
            other => Err(Failure::argument(format!(
                "include is \"all\", \"without-ca-keys\", \"ca-keys\" or {{ node }}, not {other:?}."
            ))),
        },
        Some(Include::Node { node }) => node_named(&plan.spec, node).map(Selection::Node),
    }
}

/// Byte strings as one; what they held is overwritten.
fn joined(parts: &[js_sys::Uint8Array]) -> js_sys::Uint8Array {
    let whole = js_sys::Uint8Array::new_with_length(parts.iter().map(js_sys::Uint8Array::length).sum());
    let mut at = 0;
    for part in parts {
        whole.set(part, at);
        at += part.length();
        part.fill(0, 0, part.length());
    }
    whole
}

/// Facts of every certificate, read back from its bytes.
fn facts(pki: &Pki) -> Vec<CertificateFacts> {
    let read = |(index, der): (usize, &[u8])| Some(fact(pki.plan.key_of(index), inspect::inspect(der).ok()?));
    let all = pki.certs.iter().enumerate().filter_map(|(index, cert)| Some((index, cert.der.as_deref()?)));
    all.filter_map(read).collect()
}

fn fact(key: String, facts: CertFacts) -> CertificateFacts {
    CertificateFacts {
        key,
        subject: facts.subject,
        issuer: facts.issuer,
        serial: facts.serial,
        not_before: to_rfc3339(facts.not_before),
        not_after: to_rfc3339(facts.not_after),
        sans: facts.sans,
        key_usages: facts.key_usage,
        extended_key_usages: facts.ekus,
        ca: facts.ca.unwrap_or_default(),
        subject_key_id: facts.ski,
        authority_key_id: facts.aki,
        key_algorithm: facts.key,
        signature_algorithm: facts.signature,
        fingerprint: facts.fingerprint,
        public_key_hash: facts.public_key_hash,
        pem: facts.pem,
    }
}
