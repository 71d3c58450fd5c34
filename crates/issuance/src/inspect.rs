//! Certificates read back: DER to plain facts. The only file that names x509-parser.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use kubepki_core::facts::CertFacts;
use sha2::{Digest, Sha256};
use x509_parser::asn1_rs::Oid;
use x509_parser::certificate::{X509Certificate, X509CertificateParser};
use x509_parser::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, GeneralName, KeyIdentifier, KeyUsage, SubjectAlternativeName,
};
use x509_parser::nom::Parser;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

use crate::pem;

/// Bytes that are no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACertificate;

impl fmt::Display for NotACertificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("these bytes are not one well-formed DER certificate")
    }
}

impl Error for NotACertificate {}

/// What a DER certificate says.
///
/// # Errors
/// When it is none, something follows it, or an extension we know is malformed or stands twice.
pub fn inspect(der: &[u8]) -> Result<CertFacts, NotACertificate> {
    let certificate = parse(der)?;
    let reading = Reading::of(&certificate)?;
    Ok(CertFacts {
        subject: name(&certificate.subject),
        issuer: name(&certificate.issuer),
        serial: lower_hex(reading.serial),
        not_before: reading.not_before,
        not_after: reading.not_after,
        sans: reading.sans.iter().map(ToString::to_string).collect(),
        key_usage: (0..)
            .zip(KEY_USAGES)
            .filter(|(bit, _)| reading.key_usage.is_some_and(|flags| flags >> bit & 1 == 1))
            .map(|(_, word)| (*word).to_owned())
            .collect(),
        ekus: reading.ekus.iter().map(|oid| word(EKUS, oid)).collect(),
        ca: reading.constraints.as_ref().map(|one| one.ca),
        ski: reading.ski.map(colons),
        aki: reading.aki.map(colons),
        key: key_word(certificate.public_key()),
        signature: word(SIGNATURES, &certificate.signature_algorithm.algorithm),
        fingerprint: colons(&Sha256::digest(der)),
        public_key_hash: lower_hex(&Sha256::digest(reading.spki)),
        extensions: reading
            .extensions
            .iter()
            .map(|(oid, critical)| word(EXTENSIONS, oid) + if *critical { " critical" } else { "" })
            .collect(),
        pem: pem::encode("CERTIFICATE", der),
    })
}

/// A certificate's fields and extensions, borrowed from its bytes, for comparing.
pub(crate) struct Reading<'a> {
    pub(crate) tbs: &'a [u8],
    /// As in the certificate: RFC 5280 numbers version 3 as 2.
    pub(crate) version: u32,
    /// Big-endian octets, without the zero that keeps a high bit from being a sign.
    pub(crate) serial: &'a [u8],
    /// Whether the algorithm inside what is signed equals the one outside (RFC 5280 4.1.1.2).
    pub(crate) one_algorithm: bool,
    pub(crate) signature: &'a [u8],
    /// DER Names.
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    /// Unix seconds.
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    /// DER SubjectPublicKeyInfo.
    pub(crate) spki: &'a [u8],
    /// Object identifier and criticality, in order.
    pub(crate) extensions: Vec<(Oid<'a>, bool)>,
    /// Bit n is bit n of the BIT STRING.
    pub(crate) key_usage: Option<u16>,
    pub(crate) ekus: Vec<Oid<'a>>,
    pub(crate) constraints: Option<BasicConstraints>,
    pub(crate) ski: Option<&'a [u8]>,
    pub(crate) aki: Option<&'a [u8]>,
    pub(crate) sans: Vec<Name<'a>>,
}

/// Reads DER: one certificate, and nothing after it. Extensions are only split, not yet read: the library's table of
/// all extensions it knows weighs more than everything we use of it.
/// The public key of a certificate as DER SubjectPublicKeyInfo.
pub(crate) fn public_key(der: &[u8]) -> Result<Vec<u8>, NotACertificate> {
    Ok(Reading::of(&parse(der)?)?.spki.to_vec())
}

pub(crate) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, NotACertificate> {
    match X509CertificateParser::new().with_deep_parse_extensions(false).parse(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(NotACertificate),
    }
}

impl<'a> Reading<'a> {
    /// Reads a certificate's fields and the extensions we know.
    pub(crate) fn of(certificate: &'a X509Certificate<'a>) -> Result<Self, NotACertificate> {
        let tbs = &certificate.tbs_certificate;
        let serial = tbs.raw_serial();
        let mut reading = Self {
            tbs: tbs.as_ref(),
            version: tbs.version.0,
            serial: serial.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(serial),
            one_algorithm: tbs.signature == certificate.signature_algorithm,
            signature: &certificate.signature_value.data,
            issuer: tbs.issuer.as_raw(),
            subject: tbs.subject.as_raw(),
            not_before: tbs.validity.not_before.timestamp(),
            not_after: tbs.validity.not_after.timestamp(),
            spki: tbs.subject_pki.raw,
            extensions: Vec::with_capacity(tbs.extensions().len()),
            key_usage: None,
            ekus: Vec::new(),
            constraints: None,
            ski: None,
            aki: None,
            sans: Vec::new(),
        };
        let mut known = BTreeSet::new();
        for extension in tbs.extensions() {
            // No extension may stand twice (RFC 5280 4.2).
            if !known.insert(extension.oid.as_bytes()) {
                return Err(NotACertificate);
            }
            reading.extensions.push((extension.oid.clone(), extension.critical));
            reading.read(extension.oid.as_bytes(), extension.value)?;
        }
        Ok(reading)
    }

    fn read(&mut self, oid: &[u8], value: &'a [u8]) -> Result<(), NotACertificate> {
        match oid {
            KEY_USAGE => self.key_usage = Some(whole(KeyUsage::from_der(value))?.flags),
            EXTENDED_KEY_USAGE => self.ekus = whole(<Vec<Oid<'a>> as FromDer<'a>>::from_der(value))?,
            BASIC_CONSTRAINTS => self.constraints = Some(whole(BasicConstraints::from_der(value))?),
            SUBJECT_KEY_IDENTIFIER => self.ski = Some(whole(KeyIdentifier::from_der(value))?.0),
            AUTHORITY_KEY_IDENTIFIER => {
                self.aki = whole(AuthorityKeyIdentifier::from_der(value))?.key_identifier.map(|one| one.0);
            }
            SUBJECT_ALT_NAME => {
                let names = whole(SubjectAlternativeName::from_der(value))?.general_names;
                self.sans = names.into_iter().map(Name::of).collect();
            }
            _ => {}
        }
        Ok(())
    }
}

/// A value that takes up all of its bytes.
fn whole<T, E>(parsed: Result<(&[u8], T), E>) -> Result<T, NotACertificate> {
    match parsed {
        Ok(([], value)) => Ok(value),
        _ => Err(NotACertificate),
    }
}

/// A subject alternative name.
#[derive(PartialEq, Eq)]
pub(crate) enum Name<'a> {
    Dns(&'a str),
    Ip(IpAddr),
    Other(String),
}

impl<'a> Name<'a> {
    fn of(name: GeneralName<'a>) -> Self {
        match name {
            GeneralName::DNSName(name) => Self::Dns(name),
            GeneralName::IPAddress(octets) => match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
                (Ok(octets), _) => Self::Ip(octets.into()),
                (_, Ok(octets)) => Self::Ip(octets.into()),
                _ => Self::Other(format!("IP:{}", lower_hex(octets))),
            },
            GeneralName::RFC822Name(name) => Self::Other(format!("email:{name}")),
            GeneralName::URI(name) => Self::Other(format!("URI:{name}")),
            GeneralName::DirectoryName(name) => Self::Other(format!("directoryName:{}", self::name(&name))),
            GeneralName::RegisteredID(oid) => Self::Other(format!("registeredID:{oid}")),
            GeneralName::OtherName(oid, _) => Self::Other(format!("otherName:{oid}")),
            GeneralName::X400Address(_) => Self::Other("x400Address".to_owned()),
            GeneralName::EDIPartyName(_) => Self::Other("ediPartyName".to_owned()),
            GeneralName::Invalid(tag, octets) => Self::Other(format!("invalid[{}]:{}", tag.0, lower_hex(octets))),
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(out, "DNS:{name}"),
            Self::Ip(address) => write!(out, "IP:{address}"),
            Self::Other(text) => out.write_str(text),
        }
    }
}

/// Key usages in bit order (RFC 5280 4.2.1.3).
pub(crate) const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(crate) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
pub(crate) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
pub(crate) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
pub(crate) const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(crate) const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

/// Object identifiers, as DER content, and their names.
type Words = &'static [(&'static [u8], &'static str)];

/// Extensions (RFC 5280 4.2).
const EXTENSIONS: Words = &[
    (KEY_USAGE, "keyUsage"),
    (EXTENDED_KEY_USAGE, "extKeyUsage"),
    (BASIC_CONSTRAINTS, "basicConstraints"),
    (SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    (SUBJECT_ALT_NAME, "subjectAltName"),
    (&[0x55, 0x1d, 18], "issuerAltName"),
    (&[0x55, 0x1d, 30], "nameConstraints"),
    (&[0x55, 0x1d, 31], "cRLDistributionPoints"),
    (&[0x55, 0x1d, 32], "certificatePolicies"),
    (&[0x2b, 6, 1, 5, 5, 7, 1, 1], "authorityInfoAccess"),
];

/// Extended key usages (RFC 5280 4.2.1.12).
const EKUS: Words = &[(SERVER_AUTH, "serverAuth"), (CLIENT_AUTH, "clientAuth")];

/// Signature algorithms as Go's `x509.SignatureAlgorithm` names them.
const SIGNATURES: Words = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "SHA1-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "SHA256-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], "SHA384-RSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], "SHA512-RSA"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "ECDSA-SHA1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "ECDSA-SHA256"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "ECDSA-SHA384"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "ECDSA-SHA512"),
    (ED25519, "Ed25519"),
];

const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Curves (RFC 5480 2.1.1.1), named as the design file names keys.
const CURVES: Words = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "ECDSA-P256"),
    (&[0x2b, 0x81, 0x04, 0, 34], "ECDSA-P384"),
    (&[0x2b, 0x81, 0x04, 0, 35], "ECDSA-P521"),
];

/// Attributes of names (RFC 5280 4.1.2.4), as RFC 4514 abbreviates them.
const ATTRIBUTES: Words = &[
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
];

/// The name of an object identifier, else its dotted form.
fn word(words: Words, oid: &Oid<'_>) -> String {
    let known = words.iter().find(|(der, _)| *der == oid.as_bytes());
    known.map_or_else(|| oid.to_id_string(), |(_, word)| (*word).to_owned())
}

/// `RSA-2048`, `ECDSA-P256`, else the object identifier of what it is.
fn key_word(key: &SubjectPublicKeyInfo<'_>) -> String {
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    match (key.parsed(), curve) {
        (Ok(PublicKey::RSA(rsa)), _) => format!("RSA-{}", rsa.key_size()),
        (Ok(PublicKey::EC(_)), Some(curve)) => word(CURVES, &curve),
        _ => word(&[(ED25519, "Ed25519")], &key.algorithm.algorithm),
    }
}

/// `O=system:nodes, CN=system:node:cp-1`, in the certificate's order.
fn name(name: &X509Name<'_>) -> String {
    let mut text = String::new();
    for attribute in name.iter_attributes() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&word(ATTRIBUTES, attribute.attr_type()));
        text.push('=');
        match attribute.as_str() {
            Ok(value) => text.push_str(value),
            // RFC 4514 2.4: what is no text stands as its bytes.
            Err(_) => {
                text.push('#');
                text.push_str(&lower_hex(attribute.as_slice()));
            }
        }
    }
    text
}

/// Lower-case hexadecimal.
pub(crate) fn lower_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|one| format!("{one:02x}")).collect()
}

/// Upper-case hexadecimal with colons.
fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|one| format!("{one:02X}")).collect::<Vec<_>>().join(":")
}
