//! To-be-signed bytes: planned certificates with public keys, serials and dates, and everything kubeadm and Go would
//! write about them. The only file that names rcgen.
//!
//! rcgen writes extensions in an order of its own and gives leaves a subject key identifier; kubeadm does neither. So
//! every extension is handed to it ready-made. It signs while it writes: the key given to it records what it is asked
//! to sign, for the real signature is made later and perhaps elsewhere.

use std::cell::RefCell;
use std::net::IpAddr;

use kubepki_core::Plan;
use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::{BACKDATE_SECONDS, PlannedCert, Subject};
use kubepki_core::spec::{KeyAlgorithm, San};
use rcgen::string::PrintableString;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, PublicKeyData, SerialNumber,
    SignatureAlgorithm, SigningKey,
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use yasna::Tag;
use yasna::models::ObjectIdentifier;

use crate::issue_error::IssueError;
use crate::key::PublicKey;
use crate::name;
use crate::serial::Serial;

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
    let mut params = CertificateParams::default();
    params.not_before = date(plan, cert, now, -BACKDATE_SECONDS)?;
    params.not_after = date(plan, cert, now, planned.lifetime.seconds)?;
    params.serial_number = Some(SerialNumber::from(serial.octets()));
    params.distinguished_name = distinguished_name(subject);
    params.custom_extensions = extensions(planned, public_key, issuer_key);
    let mut issuer_params = CertificateParams::default();
    issuer_params.distinguished_name = distinguished_name(issuer);
    let recorder = Recorder { key: issuer_key, recorded: RefCell::default() };
    params
        .signed_by(&Holder(public_key), &rcgen::Issuer::from_params(&issuer_params, &recorder))
        .map_err(|_| IssueError::Encoding { cert: plan.key_of(cert) })?;
    let mut bytes = recorder.recorded.into_inner();
    if [subject, issuer].iter().any(|one| one.organizations.len() > 1) {
        bytes = name::replace(&bytes, &name::encode(issuer), &name::encode(subject))
            .ok_or_else(|| IssueError::Encoding { cert: plan.key_of(cert) })?;
    }
    Ok(ToBeSigned { cert, signer, algorithm: issuer_key.algorithm(), bytes })
}

/// The key identifier of a public key: the leftmost 160 bits of SHA-256 over the BIT STRING's content (RFC 7093
/// method 1), as Go's `x509.CreateCertificate` computes it since 1.25.
pub fn key_identifier(key: &PublicKey) -> [u8; 20] {
    let mut identifier = [0; 20];
    identifier.copy_from_slice(&Sha256::digest(key.content())[..20]);
    identifier
}

fn date(plan: &Plan, cert: usize, now: i64, seconds: i64) -> Result<OffsetDateTime, IssueError> {
    now.checked_add(seconds)
        .and_then(|unix| OffsetDateTime::from_unix_timestamp(unix).ok())
        // Certificates write years with four digits (RFC 5280 4.1.2.5.2).
        .filter(|date| (0..=9999).contains(&date.year()))
        .ok_or_else(|| IssueError::Date { cert: plan.key_of(cert), now })
}

/// A subject in rcgen's terms. Several organizations are more than it can say: they come in by `name::replace`.
fn distinguished_name(subject: &Subject) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    if let [organization] = &subject.organizations[..] {
        name.push(DnType::OrganizationName, text(organization));
    }
    name.push(DnType::CommonName, text(&subject.common_name));
    name
}

fn text(value: &str) -> DnValue {
    match PrintableString::try_from(value) {
        Ok(printable) => DnValue::PrintableString(printable),
        Err(_) => DnValue::Utf8String(value.to_owned()),
    }
}

/// Object identifiers of the extensions (RFC 5280 4.2.1).
const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
const SUBJECT_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 14];
const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];

/// digitalSignature, keyEncipherment and, in a CA, keyCertSign, as a DER BIT STRING.
const LEAF_USAGE: &[u8] = &[0x03, 0x02, 0x05, 0xa0];
const CA_USAGE: &[u8] = &[0x03, 0x02, 0x02, 0xa4];
/// CA:FALSE, which is the default and so left out, and CA:TRUE without a path length.
const NOT_A_CA: &[u8] = &[0x30, 0x00];
const A_CA: &[u8] = &[0x30, 0x03, 0x01, 0x01, 0xff];

/// Extensions in Go's order (`crypto/x509`, `buildCertExtensions`): key usage, extended key usage, basic constraints,
/// subject key identifier (CAs), authority key identifier (what another signed), names.
fn extensions(planned: &PlannedCert, public_key: &PublicKey, issuer_key: &PublicKey) -> Vec<CustomExtension> {
    let is_ca = planned.row.is_ca();
    let mut list = Vec::with_capacity(5);
    list.push(critical(KEY_USAGE, if is_ca { CA_USAGE } else { LEAF_USAGE }));
    if !planned.ekus.is_empty() {
        list.push(CustomExtension::from_oid_content(EXTENDED_KEY_USAGE, extended_key_usage(&planned.ekus)));
    }
    let constraints = match (is_ca, planned.path_length) {
        (false, _) => NOT_A_CA.to_vec(),
        (true, None) => A_CA.to_vec(),
        // CA:TRUE, then the length as an INTEGER of one octet: 0 to 127.
        (true, Some(length)) => [&[0x30, 0x06], &A_CA[2..], &[0x02, 0x01, length & 0x7f]].concat(),
    };
    list.push(critical(BASIC_CONSTRAINTS, &constraints));
    if is_ca {
        let content = yasna::construct_der(|writer| writer.write_bytes(&key_identifier(public_key)));
        list.push(CustomExtension::from_oid_content(SUBJECT_KEY_IDENTIFIER, content));
    }
    if planned.issuer.is_some() {
        let content = yasna::construct_der(|writer| {
            writer.write_sequence(|fields| {
                let identifier = key_identifier(issuer_key);
                fields.next().write_tagged_implicit(Tag::context(0), |writer| writer.write_bytes(&identifier));
            });
        });
        list.push(CustomExtension::from_oid_content(AUTHORITY_KEY_IDENTIFIER, content));
    }
    if !planned.sans.is_empty() {
        list.push(CustomExtension::from_oid_content(SUBJECT_ALT_NAME, subject_alt_name(&planned.sans)));
    }
    list
}

fn critical(oid: &[u64], content: &[u8]) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content.to_vec());
    extension.set_criticality(true);
    extension
}

fn extended_key_usage(ekus: &[Eku]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|list| {
            for eku in ekus {
                let last = match eku {
                    Eku::ServerAuth => 1,
                    Eku::ClientAuth => 2,
                };
                list.next().write_oid(&ObjectIdentifier::from_slice(&[1, 3, 6, 1, 5, 5, 7, 3, last]));
            }
        });
    })
}

fn subject_alt_name(sans: &[San]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|names| {
            for san in sans {
                let (tag, octets) = match san {
                    San::Dns(name) => (2, name.as_bytes().to_vec()),
                    San::Ip(IpAddr::V4(address)) => (7, address.octets().to_vec()),
                    San::Ip(IpAddr::V6(address)) => (7, address.octets().to_vec()),
                };
                names.next().write_tagged_implicit(Tag::context(tag), |writer| writer.write_bytes(&octets));
            }
        });
    })
}

/// A public key in rcgen's terms.
struct Holder<'a>(&'a PublicKey);

impl PublicKeyData for Holder<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.content()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self.0.algorithm() {
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => &rcgen::PKCS_RSA_SHA256,
            KeyAlgorithm::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyAlgorithm::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        }
    }
}

/// Stands in for the issuer's private key: keeps what it is asked to sign and gives an empty signature back.
struct Recorder<'a> {
    key: &'a PublicKey,
    recorded: RefCell<Vec<u8>>,
}

impl PublicKeyData for Recorder<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.key.content()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        Holder(self.key).algorithm()
    }
}

impl SigningKey for Recorder<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        *self.recorded.borrow_mut() = message.to_vec();
        Ok(Vec::new())
    }
}
