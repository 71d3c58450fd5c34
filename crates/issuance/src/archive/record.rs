//! `ceremony.txt`: the transcript of a generation, for those who witness it and those who audit it. It holds no secret,
//! and follows from the PKI alone, so that it can be made again from an export and compared.

use std::fmt::Write as _;

use kubepki_core::instant;
use sha2::{Digest, Sha256};

use super::design::design_sha256;
use super::meta::Meta;
use crate::inspect::{inspect, lower_hex};
use crate::pki::Pki;

/// Version of the text's structure.
const FORMAT: &str = "kubepki-record/v1";
/// Filled in by hand, on paper: begins a line that says nothing about the PKI.
const BY_HAND: &str = "Tool's file";
/// Begins the part that is filled in by hand.
const WITNESSES: &str = "Witnesses";

/// The text.
pub(super) fn record(pki: &Pki, meta: &Meta<'_>) -> String {
    let (plan, spec) = (&pki.plan, &pki.plan.spec);
    let mut out = format!("KubePKI ceremony record, {FORMAT}\n\n");
    let mut row = |name: &str, value: String| {
        let _ = writeln!(out, "{name:<14}{value}");
    };
    row("Tool", format!("kubepki {}", meta.tool_version));
    row(BY_HAND, "SHA-256 ________________________________ (sha256sum, before it was opened)".to_owned());
    row("Cluster", format!("{}, Kubernetes {}", spec.cluster_name, spec.version));
    row("Design", format!("SHA-256 {} (design.yaml)", design_sha256(plan, meta.draft)));
    row("Issue time", format!("{}, by the machine's clock or as it was typed", instant::to_rfc3339(pki.issued_at)));
    row("Algorithms", algorithms(pki));
    row(
        "Made",
        format!(
            "{} certificates, {} of them CAs, and {} private keys",
            plan.certificate_count(),
            plan.ca_count(),
            plan.key_count()
        ),
    );
    out.push_str("\nEvery certificate: subject, serial number, SHA-256 of its DER. Of a bare key pair: SHA-256 of its public key.\n");
    for (index, cert) in pki.certs.iter().enumerate() {
        let _ = write!(out, "\n{}\n", plan.key_of(index));
        match cert.der.as_deref().map(inspect) {
            Some(Ok(facts)) => {
                let _ = writeln!(out, "  {}\n  {}\n  {}", facts.subject, facts.serial, facts.fingerprint);
            }
            _ => {
                let _ = writeln!(out, "  {}", lower_hex(&Sha256::digest(cert.key.public_key().spki())));
            }
        }
    }
    let line = "Name ____________________  Date ____________  Signature ____________________\n";
    let _ = write!(out, "\n{WITNESSES}\n\n{line}\n{line}");
    out
}

/// What a record says otherwise than a PKI, line by line, with what was recorded and what is there; what is filled in by
/// hand is not compared. Nothing where it is that PKI's.
pub fn differences(record: &str, pki: &Pki, meta: &Meta<'_>) -> Vec<String> {
    let made = self::record(pki, meta);
    let lines = |text: &str| -> Vec<String> {
        let told = text.lines().map(str::trim_end).take_while(|line| !line.starts_with(WITNESSES));
        told.filter(|line| !line.starts_with(BY_HAND)).map(str::to_owned).collect()
    };
    let (recorded, there) = (lines(record), lines(&made));
    let none = String::new();
    (0..recorded.len().max(there.len()))
        .filter_map(|at| {
            let (recorded, there) = (recorded.get(at).unwrap_or(&none), there.get(at).unwrap_or(&none));
            (recorded != there).then(|| format!("recorded {:?}, there is {:?}", recorded.trim(), there.trim()))
        })
        .collect()
}

/// `RSA-2048 for CAs, ECDSA-P256 for all others`.
fn algorithms(pki: &Pki) -> String {
    let of = |ca: bool| {
        let mut words: Vec<&str> = Vec::new();
        for cert in pki.plan.certs.iter().filter(|cert| cert.row.is_ca() == ca) {
            if !words.contains(&cert.key.word()) {
                words.push(cert.key.word());
            }
        }
        words.join(", ")
    };
    format!("{} for CAs, {} for all others", of(true), of(false))
}
