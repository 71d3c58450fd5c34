//! To-be-signed bytes: planned certificates with public keys, serials and dates, and everything kubeadm and Go would
//! write about them, in Go's order (RFC 5280 4.1; `crypto/x509`, `CreateCertificate`).
//!
//! Why not rcgen: it writes extensions in an order of its own, gives leaves a subject key identifier, puts several
//! organizations into several RDNs, and signs while it writes. All of that had to be worked around, and what then was
//! left of it, a SEQUENCE of eight fields, weighed fourteen kilobytes in the worker.

use std::net::IpAddr;

use kubepki_core::Plan;
use kubepki_core::catalog::row::Eku;
use kubepki_core::instant;
use kubepki_core::plan::{BACKDATE_SECONDS, PlannedCert};
use kubepki_core::spec::{KeyAlgorithm, San};
use sha2::{Digest, Sha256};

use crate::der::{self, tag};
use crate::inspect;
use crate::issue::IssueError;
use crate::key::PublicKey;
use crate::name;
use crate::serial::Serial;
use crate::sign::algorithm_identifier;

/// The bytes of one certificate that its issuer signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    /// Which certificate, as an index into `Plan::certs`.
    pub cert: usize,
    /// Whose key signs it, as an index into `Plan::certs`: itself when it is self-signed.
    pub signer: usize,
    /// The signer's algorithm. It alone decides the signature's: RSA signs PKCS#1 v1.5 with SHA-256, P-256 with
    /// SHA-256, P-384 with SHA-384.
    pub algorithm: KeyAlgorithm,
    /// DER TBSCertificate.
    pub bytes: Vec<u8>,
}

/// The to-be-signed bytes of every certificate of a plan at once. Nothing but public keys is needed, so CAs need not
/// be signed before their leaves. `public_keys` and `serials` are index-aligned with `Plan::certs`; `now` is the issue
/// time in Unix seconds.
///
/// # Errors
/// When the plan and what was given do not fit together; see [`IssueError`].
pub fn to_be_signed(
    plan: &Plan,
    public_keys: &[&PublicKey],
    serials: &[Option<Serial>],
    now: i64,
) -> Result<Vec<ToBeSigned>, IssueError> {
    if public_keys.len() != plan.certs.len() || serials.len() != plan.certs.len() {
        return Err(IssueError::Count { certs: plan.certs.len(), keys: public_keys.len(), serials: serials.len() });
    }
    let certificates = plan.certs.iter().enumerate().filter(|(_, cert)| cert.subject.is_some());
    certificates
        .map(|(index, cert)| {
            let serial = serials[index].ok_or_else(|| IssueError::NoSerial { cert: plan.key_of(index) })?;
            let issuer = public_keys[cert.issuer.unwrap_or(index)];
            to_be_signed_one(plan, index, public_keys[index], issuer, serial, now)
        })
        .collect()
}

/// The to-be-signed bytes of one certificate. `issuer_key` is the issuer's public key, its own when it is self-signed.
///
/// # Errors
/// When the certificate is a bare key pair, a key has another algorithm than planned, or a date cannot be written.
pub fn to_be_signed_one(
    plan: &Plan,
    cert: usize,
    public_key: &PublicKey,
    issuer_key: &PublicKey,
    serial: Serial,
    now: i64,
) -> Result<ToBeSigned, IssueError> {
    let planned = &plan.certs[cert];
    let signer = planned.issuer.unwrap_or(cert);
    let (Some(subject), Some(issuer)) = (&planned.subject, &plan.certs[signer].subject) else {
        return Err(IssueError::NotACertificate { cert: plan.key_of(cert) });
    };
    for (index, key) in [(cert, public_key), (signer, issuer_key)] {
        IssueError::check_algorithm(plan, index, key)?;
    }
    let not_before = date(plan, cert, now, -BACKDATE_SECONDS)?;
    let not_after = date(plan, cert, now, planned.lifetime.seconds)?;
    let extensions = extensions(planned, public_key, issuer_key);
    let extensions: Vec<&[u8]> = extensions.iter().map(|one| &one[..]).collect();
    let bytes = der::sequence(&[
        // Version 3, which is written as 2.
        &der::element(tag::explicit(0), &[&der::positive(&[2])]),
        &der::positive(&serial.octets()),
        algorithm_identifier(issuer_key.algorithm()),
        &name::encode(issuer),
        &der::sequence(&[&not_before, &not_after]),
        &name::encode(subject),
        public_key.spki(),
        &der::element(tag::explicit(3), &[&der::sequence(&extensions)]),
    ]);
    Ok(ToBeSigned { cert, signer, algorithm: issuer_key.algorithm(), bytes })
}

/// The key identifier of a public key: the leftmost 160 bits of SHA-256 over the BIT STRING's content (RFC 7093
/// method 1), as Go's `x509.CreateCertificate` computes it since 1.25.
pub fn key_identifier(key: &PublicKey) -> [u8; 20] {
    let mut identifier = [0; 20];
    identifier.copy_from_slice(&Sha256::digest(key.content())[..20]);
    identifier
}

/// A date as Go writes it (RFC 5280 4.1.2.5): UTCTime from 1950 to 2049, GeneralizedTime outside.
fn date(plan: &Plan, cert: usize, now: i64, seconds: i64) -> Result<Vec<u8>, IssueError> {
    // Years have four digits.
    const YEARS: std::ops::Range<i64> = -62_167_219_200..253_402_300_800;
    const SHORT_YEARS: std::ops::Range<i64> = -631_152_000..2_524_608_000;
    let date = now.checked_add(seconds).filter(|date| YEARS.contains(date));
    let date = date.ok_or_else(|| IssueError::Date { cert: plan.key_of(cert), now })?;
    let mut text = instant::to_rfc3339(date);
    text.retain(|one| one.is_ascii_digit() || one == 'Z');
    Ok(match SHORT_YEARS.contains(&date) {
        true => der::element(tag::UTC_TIME, &[&text.as_bytes()[2..]]),
        false => der::element(tag::GENERALIZED_TIME, &[text.as_bytes()]),
    })
}

/// digitalSignature, keyEncipherment and, in a CA, keyCertSign, as a DER BIT STRING.
const LEAF_USAGE: &[u8] = &[0x03, 0x02, 0x05, 0xa0];
const CA_USAGE: &[u8] = &[0x03, 0x02, 0x02, 0xa4];
/// CA:FALSE, which is the default and so left out, and CA:TRUE without a path length.
const NOT_A_CA: &[u8] = &[0x30, 0x00];
const A_CA: &[u8] = &[0x30, 0x03, 0x01, 0x01, 0xff];

/// Extensions in Go's order (`crypto/x509`, `buildCertExtensions`): key usage, extended key usage, basic constraints,
/// subject key identifier (CAs), authority key identifier (what another signed), names.
fn extensions(planned: &PlannedCert, public_key: &PublicKey, issuer_key: &PublicKey) -> Vec<Vec<u8>> {
    let is_ca = planned.row.is_ca();
    let mut list = Vec::with_capacity(6);
    list.push(extension(inspect::KEY_USAGE, true, if is_ca { CA_USAGE } else { LEAF_USAGE }));
    if !planned.ekus.is_empty() {
        list.push(extension(inspect::EXTENDED_KEY_USAGE, false, &extended_key_usage(&planned.ekus)));
    }
    list.push(extension(inspect::BASIC_CONSTRAINTS, true, if is_ca { A_CA } else { NOT_A_CA }));
    if is_ca {
        let content = der::element(tag::OCTET_STRING, &[&key_identifier(public_key)]);
        list.push(extension(inspect::SUBJECT_KEY_IDENTIFIER, false, &content));
    }
    if planned.issuer.is_some() {
        let content = der::sequence(&[&der::element(tag::implicit(0), &[&key_identifier(issuer_key)])]);
        list.push(extension(inspect::AUTHORITY_KEY_IDENTIFIER, false, &content));
    }
    if !planned.sans.is_empty() {
        list.push(extension(inspect::SUBJECT_ALT_NAME, false, &subject_alt_name(&planned.sans)));
    }
    list
}

fn extension(oid: &[u8], critical: bool, content: &[u8]) -> Vec<u8> {
    // FALSE is the default and so left out.
    let critical = if critical { der::element(tag::BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    der::sequence(&[&der::oid(oid), &critical, &der::element(tag::OCTET_STRING, &[content])])
}

fn extended_key_usage(ekus: &[Eku]) -> Vec<u8> {
    let mut list = Vec::new();
    for eku in ekus {
        list.extend(der::oid(match eku {
            Eku::ServerAuth => inspect::SERVER_AUTH,
            Eku::ClientAuth => inspect::CLIENT_AUTH,
        }));
    }
    der::sequence(&[&list])
}

fn subject_alt_name(sans: &[San]) -> Vec<u8> {
    let mut list = Vec::new();
    for san in sans {
        list.extend(match san {
            San::Dns(name) => der::element(tag::implicit(2), &[name.as_bytes()]),
            San::Ip(IpAddr::V4(address)) => der::element(tag::implicit(7), &[&address.octets()]),
            San::Ip(IpAddr::V6(address)) => der::element(tag::implicit(7), &[&address.octets()]),
        });
    }
    der::sequence(&[&list])
}
