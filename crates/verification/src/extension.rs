//! Extensions of a certificate (RFC 5280 4.2), as Go's crypto/x509 reads them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::der::{self, CONSTRUCTED, Reader, SEQUENCE, context};
use crate::name::{Mailbox, NameConstraints, Subtrees, Uri, domain_name_valid};
use crate::parse_error::ParseError;
use crate::usage::Eku;

/// Reads one extension into a certificate; whether it is understood.
pub(crate) fn read(it: &mut Certificate, oid: &[u8], critical: bool, value: &[u8]) -> Result<bool, ParseError> {
    let invalid = |what: &str| ParseError::new(&format!("invalid {what}"));
    let mut reader = Reader(value);
    match oid {
        [0x55, 0x1d, 15] => {
            let (octets, padding) = reader.bits().ok_or_else(|| invalid("key usage"))?;
            let used = octets.len() * 8 - usize::from(padding);
            for bit in 0..used.min(9) {
                if octets[bit / 8] >> (7 - bit % 8) & 1 == 1 {
                    it.key_usage |= 1 << bit;
                }
            }
        }
        [0x55, 0x1d, 19] => {
            let wrong = || invalid("basic constraints");
            let mut body = reader.read(SEQUENCE).ok_or_else(wrong)?;
            it.is_ca = match body.next_is(der::BOOLEAN) {
                true => body.boolean().ok_or_else(wrong)?,
                false => false,
            };
            it.max_path_len = match body.next_is(der::INTEGER) {
                true => Some(body.small().and_then(|length| u64::try_from(length).ok()).ok_or_else(wrong)?),
                false => None,
            };
            it.basic_constraints_valid = true;
        }
        [0x55, 0x1d, 17] => {
            names(it, reader)?;
            it.subject_alt_name = Some(value.to_vec());
            let none = it.dns_names.is_empty() && it.email_addresses.is_empty() && it.ip_addresses.is_empty();
            return Ok(!(none && it.uris.is_empty()));
        }
        [0x55, 0x1d, 30] => return constraints(it, reader),
        [0x55, 0x1d, 31] => distribution_points(reader)?,
        [0x55, 0x1d, 35] => {
            if critical {
                return Err(ParseError::new("authority key identifier incorrectly marked critical"));
            }
            let wrong = || invalid("authority key identifier");
            let mut body = reader.read(SEQUENCE).ok_or_else(wrong)?;
            if body.next_is(context(0)) {
                it.authority_key_id = body.read(context(0)).ok_or_else(wrong)?.0.to_vec();
            }
        }
        [0x55, 0x1d, 36] => {
            let wrong = || invalid("policy constraints extension");
            let mut body = reader.read(SEQUENCE).ok_or_else(wrong)?;
            let mut number = |tag| match body.next_is(context(tag)) {
                true => body.read(context(tag)).and_then(|one| der::small(one.0)).map(Some).ok_or_else(wrong),
                false => Ok(None),
            };
            it.require_explicit_policy = number(0)?;
            it.inhibit_policy_mapping = number(1)?;
        }
        [0x55, 0x1d, 37] => {
            let wrong = || invalid("extended key usages");
            let mut list = reader.read(SEQUENCE).ok_or_else(wrong)?;
            while !list.is_empty() {
                match Eku::of(list.oid().ok_or_else(wrong)?) {
                    Some(eku) => it.ekus.push(eku),
                    None => it.unknown_ekus += 1,
                }
            }
        }
        [0x55, 0x1d, 14] => {
            if critical {
                return Err(ParseError::new("subject key identifier incorrectly marked critical"));
            }
            let octets = reader.read(der::OCTET_STRING).ok_or_else(|| invalid("subject key identifier"))?;
            it.subject_key_id = octets.0.to_vec();
        }
        [0x55, 0x1d, 32] => {
            let wrong = || invalid("certificate policies");
            let mut list = reader.read(SEQUENCE).ok_or_else(wrong)?;
            let mut known = BTreeSet::new();
            while !list.is_empty() {
                let mut one = list.read(SEQUENCE).ok_or_else(wrong)?;
                let policy = one.long_oid().ok_or_else(wrong)?;
                if !known.insert(policy) {
                    return Err(wrong());
                }
                it.policies.push(policy.to_vec());
            }
        }
        [0x55, 0x1d, 33] => {
            let wrong = || invalid("policy mappings extension");
            let mut list = reader.read(SEQUENCE).ok_or_else(wrong)?;
            while !list.is_empty() {
                let mut one = list.read(SEQUENCE).ok_or_else(wrong)?;
                // Go takes whatever stands in them.
                let mut policy = || one.read(der::OBJECT_IDENTIFIER).map(|octets| octets.0.to_vec()).ok_or_else(wrong);
                it.policy_mappings.push((policy()?, policy()?));
            }
        }
        [0x55, 0x1d, 54] => {
            it.inhibit_any_policy = Some(reader.small().ok_or_else(|| invalid("inhibit any policy extension"))?);
        }
        // authorityInfoAccess, 1.3.6.1.5.5.7.1.1.
        [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01] => {
            if critical {
                return Err(ParseError::new("authority info access incorrectly marked critical"));
            }
            let wrong = || invalid("authority info access");
            let mut list = reader.read(SEQUENCE).ok_or_else(wrong)?;
            while !list.is_empty() {
                let mut one = list.read(SEQUENCE).ok_or_else(wrong)?;
                one.oid().ok_or_else(wrong)?;
                if one.next_is(context(6)) {
                    one.read(context(6)).ok_or_else(wrong)?;
                }
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn distribution_points(mut reader: Reader<'_>) -> Result<(), ParseError> {
    let point = || ParseError::new("invalid CRL distribution point");
    let mut list = reader.read(SEQUENCE).ok_or_else(|| ParseError::new("invalid CRL distribution points"))?;
    while !list.is_empty() {
        let mut one = list.read(SEQUENCE).ok_or_else(point)?;
        let Some(mut name) = one.optional(CONSTRUCTED | context(0)).ok_or_else(point)? else { continue };
        let mut full = name.read(CONSTRUCTED | context(0)).ok_or_else(point)?;
        while full.next_is(context(6)) {
            full.read(context(6)).ok_or_else(point)?;
        }
    }
    Ok(())
}

fn names(it: &mut Certificate, mut reader: Reader<'_>) -> Result<(), ParseError> {
    let mut list = reader.read(SEQUENCE).ok_or_else(|| ParseError::new("invalid subject alternative names"))?;
    while !list.is_empty() {
        let (tag, _, value) = list.any().ok_or_else(|| ParseError::new("invalid subject alternative name"))?;
        let text = |what: &str| match value.is_ascii() {
            true => Ok(value.iter().copied().map(char::from).collect::<String>()),
            false => Err(ParseError::new(&format!("SAN {what} is malformed"))),
        };
        match tag ^ 0x80 {
            1 => it.email_addresses.push(text("rfc822Name")?),
            2 => it.dns_names.push(text("dNSName")?),
            6 => it.uris.push(uri(text("uniformResourceIdentifier")?)?),
            7 => it.ip_addresses.push(address(value)?),
            _ => {}
        }
    }
    Ok(())
}

fn address(octets: &[u8]) -> Result<IpAddr, ParseError> {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return Ok(IpAddr::from(four));
    }
    let sixteen = <[u8; 16]>::try_from(octets)
        .map_err(|_| ParseError::new(&format!("cannot parse IP address of length {}", octets.len())))?;
    match std::net::Ipv6Addr::from(sixteen).to_ipv4_mapped() {
        Some(_) => Err(ParseError::new("SAN iPAddress contains IPv4-mapped IPv6 address")),
        None => Ok(IpAddr::from(sixteen)),
    }
}

/// Takes the host out of a URI, as far as certificates need it (net/url, Parse).
fn uri(text: String) -> Result<Uri, ParseError> {
    let wrong = |why: &str| ParseError::new(&format!("cannot parse URI {text:?}: {why}"));
    if text.bytes().any(|one| one < 0x20 || one == 0x7f) {
        return Err(wrong(&format!("parse {text:?}: net/url: invalid control character in URL")));
    }
    let before_fragment = text.split('#').next().unwrap_or_default();
    let rest = match before_fragment.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        Some(("", _)) => return Err(wrong(&format!("parse {text:?}: missing protocol scheme"))),
        _ => before_fragment,
    };
    let authority = rest.strip_prefix("//").map_or("", |rest| rest.split(['/', '?']).next().unwrap_or_default());
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_owned();
    if !host.is_empty() && !domain_name_valid(&host, false) {
        return Err(wrong("invalid domain"));
    }
    Ok(Uri { text, host })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one))
}

fn constraints(it: &mut Certificate, mut outer: Reader<'_>) -> Result<bool, ParseError> {
    let invalid = || ParseError::new("invalid NameConstraints extension");
    let mut body = outer.read(SEQUENCE).filter(|_| outer.is_empty()).ok_or_else(invalid)?;
    let permitted = body.optional(CONSTRUCTED | context(0)).ok_or_else(invalid)?;
    let excluded = body.optional(CONSTRUCTED | context(1)).ok_or_else(invalid)?;
    if !body.is_empty() {
        return Err(invalid());
    }
    if [&permitted, &excluded].iter().all(|one| one.is_none_or(Reader::is_empty)) {
        return Err(ParseError::new("empty name constraints extension"));
    }
    let mut understood = true;
    let mut both = NameConstraints::default();
    for (from, to) in [(permitted, &mut both.permitted), (excluded, &mut both.excluded)] {
        let Some(mut list) = from else { continue };
        while !list.is_empty() {
            let mut one = list.read(SEQUENCE).ok_or_else(invalid)?;
            let (tag, _, value) = one.any().ok_or_else(invalid)?;
            understood &= subtree(to, tag, value)?;
        }
    }
    it.name_constraints = Some(both);
    Ok(understood)
}

fn subtree(to: &mut Subtrees, tag: u8, value: &[u8]) -> Result<bool, ParseError> {
    let text = || match value.is_ascii() {
        true => Ok(value.iter().copied().map(char::from).collect::<String>()),
        false => {
            let shown = String::from_utf8_lossy(value);
            Err(ParseError::new(&format!(
                "invalid constraint value: x509: {shown:?} cannot be encoded as an IA5String"
            )))
        }
    };
    let failed = |kind: &str, text: &str| ParseError::new(&format!("failed to parse {kind} constraint {text:?}"));
    match tag {
        0x82 => {
            let domain = text()?;
            if !domain_name_valid(&domain, true) {
                return Err(failed("dnsName", &domain));
            }
            to.dns.push(domain);
        }
        0x87 => {
            if !matches!(value.len(), 8 | 32) {
                return Err(ParseError::new(&format!("IP constraint contained value of length {}", value.len())));
            }
            let (ip, mask) = value.split_at(value.len() / 2);
            if !is_mask(mask) {
                let hex: String = mask.iter().map(|one| format!("{one:02x}")).collect();
                return Err(ParseError::new(&format!("IP constraint contained invalid mask {hex}")));
            }
            if let Ok(sixteen) = <[u8; 16]>::try_from(ip)
                && std::net::Ipv6Addr::from(sixteen).to_ipv4_mapped().is_some()
            {
                return Err(ParseError::new("IP constraint contained IPv4-mapped IPv6 address"));
            }
            to.ip.push((ip.to_vec(), mask.to_vec()));
        }
        0x81 => {
            let constraint = text()?;
            let good = match constraint.contains('@') {
                true => Mailbox::parse(&constraint).is_some(),
                false => domain_name_valid(&constraint, true),
            };
            if !good {
                return Err(failed("rfc822Name", &constraint));
            }
            to.email.push(constraint);
        }
        0x86 => {
            let domain = text()?;
            if domain.parse::<IpAddr>().is_ok() {
                return Err(ParseError::new(&format!(
                    "failed to parse URI constraint {domain:?}: cannot be IP address"
                )));
            }
            if !domain_name_valid(&domain, true) {
                return Err(failed("URI", &domain));
            }
            to.uri.push(domain);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Ones, then zeros.
fn is_mask(mask: &[u8]) -> bool {
    let bits = mask.iter().flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1));
    bits.collect::<Vec<_>>().is_sorted_by(|one, next| one >= next)
}
