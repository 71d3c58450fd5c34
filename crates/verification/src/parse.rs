//! Reads certificates as Go's crypto/x509 does (parser.go).

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::der::{self, CONSTRUCTED, Reader, SEQUENCE, SET, context};
use crate::extension;
use crate::parse_error::ParseError;
use crate::signature::{PublicKey, SignatureAlgorithm};

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// As Go's `x509.ParseCertificate`.
    pub fn parse(der: &[u8]) -> Result<Self, ParseError> {
        let certificate = read(der)?;
        if certificate.raw.len() != der.len() {
            return Err(ParseError::new("trailing data"));
        }
        Ok(certificate)
    }

    /// Reads the first certificate of a PEM text.
    ///
    /// # Errors
    /// When there is none, or as for [`Certificate::parse`].
    pub fn from_pem(text: &str) -> Result<Self, ParseError> {
        let block = crate::pem::blocks(text).find(|block| block.label == "CERTIFICATE");
        Self::parse(&block.ok_or_else(|| ParseError("no certificate".to_owned()))?.der)
    }
}

fn read(der: &[u8]) -> Result<Certificate, ParseError> {
    let malformed = |what: &str| ParseError::new(&format!("malformed {what}"));
    let mut all = Reader(der);
    let raw = all.element(SEQUENCE).ok_or_else(|| malformed("certificate"))?;
    let mut input = Reader(raw).read(SEQUENCE).ok_or_else(|| malformed("certificate"))?;
    let raw_tbs = input.element(SEQUENCE).ok_or_else(|| malformed("tbs certificate"))?;
    let mut tbs = Reader(raw_tbs).read(SEQUENCE).ok_or_else(|| malformed("tbs certificate"))?;
    let mut it = Certificate { raw: raw.to_vec(), raw_tbs: raw_tbs.to_vec(), ..Certificate::default() };

    let version = match tbs.optional(CONSTRUCTED | context(0)).ok_or_else(|| malformed("version"))? {
        None => 0,
        Some(mut explicit) => explicit.small().filter(|_| explicit.is_empty()).ok_or_else(|| malformed("version"))?,
    };
    it.version = match version {
        ..0 => return Err(malformed("version")),
        0..=2 => version as u8 + 1,
        _ => return Err(ParseError::new("invalid version")),
    };
    it.serial = tbs.integer().ok_or_else(|| malformed("serial number"))?.to_vec();
    if it.serial[0] & 0x80 != 0 {
        return Err(ParseError::new("negative serial number"));
    }
    let inner = tbs.read(SEQUENCE).ok_or_else(|| malformed("signature algorithm identifier"))?;
    let outer = input.read(SEQUENCE).ok_or_else(|| malformed("algorithm identifier"))?;
    if inner.0 != outer.0 {
        return Err(ParseError::new("inner and outer signature algorithm identifiers don't match"));
    }
    let (oid, parameters) = algorithm(inner)?;
    it.signature_algorithm = SignatureAlgorithm::of(oid, parameters);

    it.raw_issuer = tbs.element(SEQUENCE).ok_or_else(|| malformed("issuer"))?.to_vec();
    let mut issuer_common_name = String::new();
    name(&it.raw_issuer, &mut |oid, value| {
        if oid == [0x55, 0x04, 0x03] {
            issuer_common_name = value;
        }
    })?;
    it.issuer_common_name = issuer_common_name;
    let mut validity = tbs.read(SEQUENCE).ok_or_else(|| malformed("validity"))?;
    it.not_before = moment(&mut validity)?;
    it.not_after = moment(&mut validity)?;
    it.raw_subject = tbs.element(SEQUENCE).ok_or_else(|| malformed("issuer"))?.to_vec();
    let (mut common_name, mut organizations) = (String::new(), Vec::new());
    name(&it.raw_subject, &mut |oid, value| match oid {
        [0x55, 0x04, 0x03] => common_name = value,
        [0x55, 0x04, 0x0a] => organizations.push(value),
        _ => {}
    })?;
    (it.common_name, it.organizations) = (common_name, organizations);

    it.raw_public_key = tbs.element(SEQUENCE).ok_or_else(|| malformed("spki"))?.to_vec();
    let mut info = Reader(&it.raw_public_key).read(SEQUENCE).ok_or_else(|| malformed("spki"))?;
    let identifier = info.read(SEQUENCE).ok_or_else(|| malformed("public key algorithm identifier"))?;
    let (oid, parameters) = algorithm(identifier)?;
    let key = info.aligned_bits().ok_or_else(|| malformed("subjectPublicKey"))?;
    it.public_key = PublicKey::read(oid, parameters, &key)?;

    if it.version > 1 {
        for (tag, what) in [(1, "issuerUniqueID"), (2, "subjectUniqueID")] {
            tbs.optional(context(tag)).ok_or_else(|| malformed(what))?;
        }
    }
    if it.version == 3 {
        extensions(&mut it, &mut tbs)?;
    }
    it.signature = input.aligned_bits().ok_or_else(|| malformed("signature"))?;
    Ok(it)
}

fn extensions(it: &mut Certificate, tbs: &mut Reader<'_>) -> Result<(), ParseError> {
    let malformed = |what: &str| ParseError::new(&format!("malformed {what}"));
    let Some(mut all) = tbs.optional(CONSTRUCTED | context(3)).ok_or_else(|| malformed("extensions"))? else {
        return Ok(());
    };
    let mut list = all.read(SEQUENCE).ok_or_else(|| malformed("extensions"))?;
    let mut found: Vec<(&[u8], bool, &[u8])> = Vec::new();
    let mut known = BTreeSet::new();
    while !list.is_empty() {
        let mut one = list.read(SEQUENCE).ok_or_else(|| malformed("extension"))?;
        let oid = one.oid().ok_or_else(|| malformed("extension OID field"))?;
        let critical = match one.next_is(der::BOOLEAN) {
            true => one.boolean().ok_or_else(|| malformed("extension critical field"))?,
            false => false,
        };
        let value = one.read(der::OCTET_STRING).ok_or_else(|| malformed("extension value field"))?;
        if !known.insert(oid) {
            let what = format!("certificate contains duplicate extension with OID \"{}\"", dotted(oid));
            return Err(ParseError::new(&what));
        }
        found.push((oid, critical, value.0));
    }
    for (oid, critical, value) in found {
        let handled = extension::read(it, oid, critical, value)?;
        it.has_unhandled_critical |= critical && !handled;
    }
    Ok(())
}

/// An OID as people write it.
fn dotted(oid: &[u8]) -> String {
    let mut parts: Vec<u64> = Vec::new();
    let mut value = 0_u64;
    for one in oid {
        value = value << 7 | u64::from(one & 0x7f);
        if one & 0x80 == 0 {
            if parts.is_empty() {
                let first = (value / 40).min(2);
                parts.extend([first, value - 40 * first]);
            } else {
                parts.push(value);
            }
            value = 0;
        }
    }
    parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

fn algorithm(mut identifier: Reader<'_>) -> Result<(&[u8], &[u8]), ParseError> {
    let oid = identifier.oid().ok_or_else(|| ParseError::new("malformed OID"))?;
    if identifier.is_empty() {
        return Ok((oid, &[]));
    }
    let (_, parameters, _) = identifier.any().ok_or_else(|| ParseError::new("malformed parameters"))?;
    Ok((oid, parameters))
}

fn moment(validity: &mut Reader<'_>) -> Result<i64, ParseError> {
    let what = match () {
        () if validity.next_is(der::UTC_TIME) => "malformed UTCTime",
        () if validity.next_is(der::GENERALIZED_TIME) => "malformed GeneralizedTime",
        () => return Err(ParseError::new("unsupported time format")),
    };
    der::time(validity).ok_or_else(|| ParseError::new(what))
}

/// Walks a name; `on` gets each attribute that is text.
fn name(der: &[u8], on: &mut dyn FnMut(&[u8], String)) -> Result<(), ParseError> {
    let invalid = || ParseError::new("invalid RDNSequence");
    let invalid_part = |what: &str| ParseError::new(&format!("invalid RDNSequence: invalid attribute{what}"));
    let mut sequence = Reader(der).read(SEQUENCE).ok_or_else(invalid)?;
    while !sequence.is_empty() {
        let mut set = sequence.read(SET).ok_or_else(invalid)?;
        while !set.is_empty() {
            let mut attribute = set.read(SEQUENCE).ok_or_else(|| invalid_part(""))?;
            let oid = attribute.oid().ok_or_else(|| invalid_part(" type"))?;
            let (tag, _, value) = attribute.any().ok_or_else(|| invalid_part(" value: invalid ASN.1 element"))?;
            match string(tag, value) {
                Ok(Some(text)) => on(oid, text),
                Ok(None) => {}
                Err(what) => return Err(invalid_part(&format!(" value: {what}"))),
            }
        }
    }
    Ok(())
}

/// A string of one of ASN.1's kinds; nothing for what is no string.
fn string(tag: u8, value: &[u8]) -> Result<Option<String>, &'static str> {
    let printable = |one: &u8| one.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(one);
    let utf8 = |what| std::str::from_utf8(value).map(|text| Some(text.to_owned())).map_err(|_| what);
    match tag {
        0x0c => utf8("invalid UTF-8 string"),
        0x12 if value.iter().all(|one| one.is_ascii_digit() || *one == b' ') => utf8("invalid NumericString"),
        0x12 => Err("invalid NumericString"),
        0x13 if value.iter().all(printable) => utf8("invalid PrintableString"),
        0x13 => Err("invalid PrintableString"),
        0x14 => Ok(Some(value.iter().copied().map(char::from).collect())),
        0x16 if value.is_ascii() => utf8("invalid IA5String"),
        0x16 => Err("invalid IA5String"),
        0x1e => {
            if !value.len().is_multiple_of(2) {
                return Err("invalid BMPString");
            }
            let units = value.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            let mut units: Vec<u16> = units.collect();
            if units.last() == Some(&0) {
                units.pop();
            }
            let reserved = |unit: &u16| matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff);
            if units.iter().any(reserved) {
                return Err("invalid BMPString");
            }
            String::from_utf16(&units).map(Some).map_err(|_| "invalid BMPString")
        }
        _ => Ok(None),
    }
}
