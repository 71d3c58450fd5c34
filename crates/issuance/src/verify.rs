//! Reading back: every certificate is parsed again and compared with the plan, its key and its issuer.

use std::fmt;

use kubepki_core::Plan;
use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::{BACKDATE_SECONDS, PlannedCert};
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::San;

use crate::inspect::{self, Name, Reading};
use crate::name;
use crate::pki::{IssuedCert, Pki};
use crate::sign;
use crate::tbs::key_identifier;
use crate::verifier::Verifier;

/// Something about an issued certificate that is not as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which certificate, as an index into `Plan::certs`.
    pub cert: usize,
    /// `id@node`.
    pub name: String,
    /// What is wrong, one sentence's end: `its subject differs from the plan`.
    pub what: &'static str,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.name, self.what)
    }
}

/// An RSA signature that this build cannot verify: the caller does, with WebCrypto
/// (`RSASSA-PKCS1-v1_5`, `SHA-256`), and treats a failure as a mismatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingCheck {
    /// Which certificate, as an index into `Plan::certs`.
    pub cert: usize,
    /// DER SubjectPublicKeyInfo of the issuer.
    pub spki: Vec<u8>,
    /// What was signed.
    pub tbs: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What reading back found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// Everything that is not as planned.
    pub mismatches: Vec<Mismatch>,
    /// Signatures still to be verified; none where Rust verifies RSA.
    pub pending: Vec<PendingCheck>,
}

/// Reads a whole PKI back.
pub fn verify(pki: &Pki) -> ReadBack {
    let Pki { plan, issued_at, certs } = pki;
    let mut found = ReadBack::default();
    let mut signatures = vec![0; plan.certs.len()];
    for (index, planned) in plan.certs.iter().enumerate() {
        signatures[planned.issuer.unwrap_or(index)] += 1;
    }
    let mut verifiers = SortedMap::<usize, _>::default();
    for (index, planned) in plan.certs.iter().enumerate() {
        let signer = planned.issuer.unwrap_or(index);
        let (Some(cert), Some(issuer)) = (certs.get(index), certs.get(signer)) else {
            found.add(plan, index, "it was not issued");
            continue;
        };
        if planned.subject.is_none() {
            if cert.der.is_some() {
                found.add(plan, index, "it is a bare key pair, but has a certificate");
            }
            continue;
        }
        let verifier = match verifiers.get(&signer) {
            Some(made) => made,
            None => verifiers.or_insert(signer, Verifier::new(issuer.key.public_key(), signatures[signer])),
        };
        match verifier {
            Ok(verifier) => found.append(verify_one(plan, *issued_at, index, cert, verifier)),
            Err(_) => found.add(plan, index, "its issuer's public key cannot be read"),
        }
    }
    found
}

/// Reads one certificate back: subject, names in order, usages, constraints, key identifiers, dates, serial and the
/// order of extensions as planned; the private key its own; its issuer's name and signature the issuer's.
pub fn verify_one(plan: &Plan, issued_at: i64, index: usize, cert: &IssuedCert, issuer: &Verifier) -> ReadBack {
    let mut found = ReadBack::default();
    let planned = &plan.certs[index];
    let signer = planned.issuer.unwrap_or(index);
    let (Some(der), Some(subject), Some(issuer_subject)) = (&cert.der, &planned.subject, &plan.certs[signer].subject)
    else {
        found.add(plan, index, "it has no certificate");
        return found;
    };
    let certificate = match inspect::parse(der) {
        Ok(certificate) => certificate,
        Err(_) => {
            found.add(plan, index, "it is not a well-formed certificate");
            return found;
        }
    };
    let Ok(reading) = Reading::of(&certificate) else {
        found.add(plan, index, "an extension of it is malformed");
        return found;
    };
    let is_ca = planned.row.is_ca();
    let key = cert.key.public_key();
    let checks: &[(bool, &'static str)] = &[
        (reading.version == 2, "it is not an X.509 version 3 certificate"),
        (cert.serial.is_some_and(|serial| reading.serial == serial.octets()), "its serial number is another"),
        (reading.subject == name::encode(subject), "its subject differs from the plan"),
        (reading.issuer == name::encode(issuer_subject), "its issuer's name differs from the plan"),
        (reading.not_before == issued_at - BACKDATE_SECONDS, "it does not begin five minutes before the issue time"),
        (reading.not_after == issued_at + planned.lifetime.seconds, "it does not end when planned"),
        (reading.spki == key.spki(), "it is not for its private key"),
        (key.algorithm() == planned.key, "its key has another algorithm than planned"),
        (same_extensions(&reading, planned), "its extensions are not those planned, in order"),
        (reading.key_usage == Some(if is_ca { 0b10_0101 } else { 0b101 }), "its key usage differs from the plan"),
        (same_ekus(&reading, &planned.ekus), "its extended key usage differs from the plan"),
        (
            reading
                .constraints
                .as_ref()
                .is_some_and(|one| one.ca == is_ca && one.path_len_constraint == planned.path_length.map(u32::from)),
            "its basic constraints differ from the plan",
        ),
        (same_sans(&reading, &planned.sans), "its names differ from the plan"),
        (
            reading.ski == is_ca.then(|| key_identifier(key)).as_ref().map(|one| &one[..]),
            "its subject key identifier is another",
        ),
        (
            reading.aki == planned.issuer.map(|_| key_identifier(issuer.public_key())).as_ref().map(|one| &one[..]),
            "its authority key identifier is not its issuer's",
        ),
        (
            // What is outside the signature has one form only: this one.
            reading.one_algorithm
                && *der == sign::certificate(reading.tbs, issuer.public_key().algorithm(), reading.signature),
            "its signature algorithm is not its issuer's",
        ),
    ];
    for (_, what) in checks.iter().filter(|(holds, _)| !holds) {
        found.add(plan, index, what);
    }
    match issuer.verify(reading.tbs, reading.signature) {
        Some(true) => {}
        Some(false) => found.add(plan, index, "its signature is not its issuer's"),
        None => found.pending.push(PendingCheck {
            cert: index,
            spki: issuer.public_key().spki().to_vec(),
            tbs: reading.tbs.to_vec(),
            signature: reading.signature.to_vec(),
        }),
    }
    found
}

impl ReadBack {
    /// Whether every certificate is as planned and nothing is left to verify.
    pub fn is_good(&self) -> bool {
        self.mismatches.is_empty() && self.pending.is_empty()
    }

    /// Takes another's findings over.
    pub fn append(&mut self, mut other: Self) {
        self.mismatches.append(&mut other.mismatches);
        self.pending.append(&mut other.pending);
    }

    fn add(&mut self, plan: &Plan, cert: usize, what: &'static str) {
        self.mismatches.push(Mismatch { cert, name: plan.key_of(cert), what });
    }
}

/// Which extensions there are, in which order, and which of them are critical.
fn same_extensions(reading: &Reading<'_>, planned: &PlannedCert) -> bool {
    let is_ca = planned.row.is_ca();
    let wanted = [
        (true, inspect::KEY_USAGE, true),
        (!planned.ekus.is_empty(), inspect::EXTENDED_KEY_USAGE, false),
        (true, inspect::BASIC_CONSTRAINTS, true),
        (is_ca, inspect::SUBJECT_KEY_IDENTIFIER, false),
        (planned.issuer.is_some(), inspect::AUTHORITY_KEY_IDENTIFIER, false),
        (!planned.sans.is_empty(), inspect::SUBJECT_ALT_NAME, false),
    ];
    let wanted = wanted.iter().filter(|(present, ..)| *present).map(|(_, oid, critical)| (*oid, *critical));
    wanted.eq(reading.extensions.iter().map(|(oid, critical)| (oid.as_bytes(), *critical)))
}

fn same_ekus(reading: &Reading<'_>, planned: &[Eku]) -> bool {
    let wanted = planned.iter().map(|eku| match eku {
        Eku::ServerAuth => inspect::SERVER_AUTH,
        Eku::ClientAuth => inspect::CLIENT_AUTH,
    });
    wanted.eq(reading.ekus.iter().map(|oid| oid.as_bytes()))
}

fn same_sans(reading: &Reading<'_>, planned: &[San]) -> bool {
    reading.sans.len() == planned.len()
        && reading.sans.iter().zip(planned).all(|pair| match pair {
            (Name::Dns(name), San::Dns(planned)) => name == planned,
            (Name::Ip(address), San::Ip(planned)) => address == planned,
            _ => false,
        })
}
