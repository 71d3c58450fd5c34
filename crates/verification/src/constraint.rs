//! Name constraints of a chain (crypto/x509, constraints.go).

use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::error::quoted;
use crate::extension::{NameConstraints, Subtrees, Uri};
use crate::name::{Mailbox, domain_name_valid};

/// Checks every name of a chain, leaf first, against the constraints of every certificate above it.
///
/// # Errors
/// The first name that is not allowed, as Go says it.
pub(crate) fn check(chain: &[&Certificate]) -> Result<(), String> {
    let constrained: Vec<(usize, &NameConstraints)> =
        chain.iter().enumerate().filter_map(|(at, one)| Some((at, one.name_constraints.as_ref()?))).collect();
    for (at, it) in chain.iter().enumerate().filter(|(_, it)| it.subject_alt_name.is_some()) {
        let above: Vec<&NameConstraints> =
            constrained.iter().filter(|(index, _)| *index > at).map(|(_, one)| *one).collect();
        if above.is_empty() {
            return Ok(());
        }
        let uris = it.uris.iter().map(uri_host).collect::<Result<Vec<_>, _>>()?;
        let mailboxes = it.email_addresses.iter().map(|text| mailbox(text)).collect::<Result<Vec<_>, _>>()?;
        for constraints in above {
            names(it, &uris, &mailboxes, constraints)?;
        }
    }
    Ok(())
}

fn names(
    it: &Certificate,
    uris: &[(String, String)],
    mailboxes: &[Mailbox],
    constraints: &NameConstraints,
) -> Result<(), String> {
    let NameConstraints { permitted, excluded } = constraints;
    for address in &it.ip_addresses {
        judge(
            "IP address",
            &address.to_string(),
            (!permitted.ip.is_empty()).then(|| network(permitted, *address)),
            network(excluded, *address),
        )?;
    }
    for name in &it.dns_names {
        if !domain_name_valid(name, false) {
            return Err(format!("x509: cannot parse dnsName {}", quoted(name)));
        }
        let permits = (!permitted.dns.is_empty()).then(|| domain(&permitted.dns, name, true));
        judge("DNS name", name, permits, domain(&excluded.dns, name, false))?;
    }
    for (text, host) in uris {
        let permits = (!permitted.uri.is_empty()).then(|| domain(&permitted.uri, host, true));
        judge("URI", text, permits, domain(&excluded.uri, host, false))?;
    }
    for one in mailboxes {
        let text = format!("{}@{}", one.local, one.domain);
        let permits = (!permitted.email.is_empty()).then(|| email(&permitted.email, one, true));
        judge("email address", &text, permits, email(&excluded.email, one, false))?;
    }
    Ok(())
}

/// `permits`: nothing where nothing is said, else the constraint that allows it. `excludes`: the one that forbids it.
fn judge(kind: &str, name: &str, permits: Option<Option<String>>, excludes: Option<String>) -> Result<(), String> {
    if permits == Some(None) {
        return Err(format!("{kind} {} is not permitted by any constraint", quoted(name)));
    }
    match excludes {
        Some(constraint) => Err(format!("{kind} {} is excluded by constraint {}", quoted(name), quoted(&constraint))),
        None => Ok(()),
    }
}

fn network(trees: &Subtrees, address: IpAddr) -> Option<String> {
    let octets = match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(sixteen) => sixteen.octets().to_vec(),
    };
    let within = |(ip, mask): &&(Vec<u8>, Vec<u8>)| {
        ip.len() == octets.len() && ip.iter().zip(mask).zip(&octets).all(|((ip, mask), one)| ip & mask == one & mask)
    };
    let (ip, mask) = trees.ip.iter().find(within)?;
    let masked: Vec<u8> = ip.iter().zip(mask).map(|(ip, mask)| ip & mask).collect();
    let ip = match <[u8; 4]>::try_from(&masked[..]) {
        Ok(four) => IpAddr::from(four),
        Err(_) => IpAddr::from(<[u8; 16]>::try_from(&masked[..]).ok()?),
    };
    let bits: u32 = mask.iter().map(|one| one.count_ones()).sum();
    Some(format!("{ip}/{bits}"))
}

/// The domain that a name is below; where names are forbidden also the one that a wildcard could stand for.
fn domain(trees: &[String], name: &str, is_permitted: bool) -> Option<String> {
    if trees.iter().any(String::is_empty) {
        return Some(String::new());
    }
    // The widest first, as Go keeps them.
    let found = trees.iter().filter(|tree| has_suffix(tree, name)).min_by_key(|tree| tree.len());
    if let Some(tree) = found {
        return Some(tree.clone());
    }
    let wild = (!is_permitted).then(|| name.strip_prefix("*.")).flatten()?.to_ascii_lowercase();
    let beside = |tree: &String| {
        let lower = tree.to_ascii_lowercase();
        lower.split_once('.').is_some_and(|(_, rest)| rest == wild).then_some(lower)
    };
    trees.iter().find_map(beside)
}

/// Whether a name is a domain or below it; a leading dot wants one label more.
fn has_suffix(tree: &str, name: &str) -> bool {
    let Some(at) = name.len().checked_sub(tree.len()) else { return false };
    let Some(end) = name.get(at..) else { return false };
    end.eq_ignore_ascii_case(tree) && (tree.starts_with('.') || at == 0 || name.as_bytes()[at - 1] == b'.')
}

fn email(trees: &[String], one: &Mailbox, is_permitted: bool) -> Option<String> {
    for tree in trees.iter().filter(|tree| tree.contains('@')) {
        if let Some(exact) = Mailbox::parse(tree)
            && exact.local == one.local
            && exact.domain.eq_ignore_ascii_case(&one.domain)
        {
            return Some(format!("{}@{}", one.local, one.domain));
        }
    }
    let domains: Vec<String> = trees.iter().filter(|tree| !tree.contains('@')).cloned().collect();
    if domains.is_empty() { None } else { domain(&domains, &one.domain, is_permitted) }
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let parsed = Mailbox::parse(text).ok_or_else(|| format!("cannot parse rfc822Name {}", quoted(text)))?;
    Ok(Mailbox { domain: parsed.domain.to_ascii_lowercase(), ..parsed })
}

/// A URI's text, and its host without port, in lower case.
fn uri_host(uri: &Uri) -> Result<(String, String), String> {
    let shown = quoted(&uri.text);
    let mut host = uri.host.to_ascii_lowercase();
    if host.is_empty() {
        return Err(format!("URI with empty host ({shown}) cannot be matched against constraints"));
    }
    if host.contains(':') && !host.ends_with(']') {
        host = host.rsplit_once(':').map(|(name, _)| name.to_owned()).unwrap_or_default();
    }
    let is_address = host.parse::<IpAddr>().is_ok() || (host.starts_with('[') && host.ends_with(']'));
    match is_address {
        true => Err(format!("URI with IP ({shown}) cannot be matched against constraints")),
        false => Ok((uri.text.clone(), host)),
    }
}
