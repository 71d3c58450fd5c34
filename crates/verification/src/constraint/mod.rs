//! Name constraints of a chain (crypto/x509, constraints.go).

mod subtree;

use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::constraint::subtree::{Domains, Mailboxes, Networks};
use crate::error::quoted;
use crate::name::{Mailbox, NameConstraints, Subtrees, Uri, domain_name_valid};

/// Checks every name of a chain, leaf first, against the constraints of every certificate above it.
///
/// # Errors
/// The first name that is not allowed, as Go says it.
pub(crate) fn check(chain: &[&Certificate]) -> Result<(), String> {
    let constraints = chain.iter().map(|one| one.name_constraints.as_ref());
    let constrained: Vec<(usize, Constraints<'_>)> =
        constraints.enumerate().filter_map(|(at, one)| Some((at, Constraints::of(one?)))).collect();
    for (at, it) in chain.iter().enumerate().filter(|(_, it)| it.subject_alt_name.is_some()) {
        let above = &constrained[constrained.partition_point(|(index, _)| *index <= at)..];
        if above.is_empty() {
            return Ok(());
        }
        let uris = it.uris.iter().map(uri_host).collect::<Result<Vec<_>, _>>()?;
        let mailboxes = it.email_addresses.iter().map(|text| mailbox(text)).collect::<Result<Vec<_>, _>>()?;
        for (_, constraints) in above {
            constraints.check(it, &uris, &mailboxes)?;
        }
    }
    Ok(())
}

/// The constraints of one certificate, ready to look names up.
struct Constraints<'a> {
    ip: Kind<Networks>,
    dns: Kind<Domains<'a>>,
    uri: Kind<Domains<'a>>,
    email: Kind<Mailboxes<'a>>,
}

/// Those on one kind of name; nothing where there are none.
struct Kind<T> {
    permitted: Option<T>,
    excluded: Option<T>,
}

impl<'a> Constraints<'a> {
    fn of(of: &'a NameConstraints) -> Self {
        let NameConstraints { permitted, excluded } = of;
        let domains = |from: fn(&Subtrees) -> &[String]| Kind {
            permitted: Domains::of(from(permitted).iter().map(String::as_str), true),
            excluded: Domains::of(from(excluded).iter().map(String::as_str), false),
        };
        Self {
            ip: Kind { permitted: Networks::of(permitted), excluded: Networks::of(excluded) },
            dns: domains(|trees| &trees.dns),
            uri: domains(|trees| &trees.uri),
            email: Kind {
                permitted: Mailboxes::of(&permitted.email, true),
                excluded: Mailboxes::of(&excluded.email, false),
            },
        }
    }

    /// Checks every name of a certificate below.
    fn check(&self, it: &Certificate, uris: &[(String, String)], mailboxes: &[Mailbox]) -> Result<(), String> {
        for address in &it.ip_addresses {
            self.ip.judge("IP address", &address.to_string(), |networks| networks.find(*address))?;
        }
        for name in &it.dns_names {
            if !domain_name_valid(name, false) {
                return Err(format!("x509: cannot parse dnsName {}", quoted(name)));
            }
            self.dns.judge("DNS name", name, |domains| domains.find(name))?;
        }
        for (text, host) in uris {
            self.uri.judge("URI", text, |domains| domains.find(host))?;
        }
        for one in mailboxes {
            let text = format!("{}@{}", one.local, one.domain);
            self.email.judge("email address", &text, |mailboxes| mailboxes.find(one))?;
        }
        Ok(())
    }
}

impl<T> Kind<T> {
    /// `find` gives the constraint that a name is in.
    fn judge(&self, kind: &str, name: &str, find: impl Fn(&T) -> Option<String>) -> Result<(), String> {
        if self.permitted.as_ref().is_some_and(|permitted| find(permitted).is_none()) {
            return Err(format!("{kind} {} is not permitted by any constraint", quoted(name)));
        }
        match self.excluded.as_ref().and_then(find) {
            Some(tree) => Err(format!("{kind} {} is excluded by constraint {}", quoted(name), quoted(&tree))),
            None => Ok(()),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn chain(names: Certificate, constraints: NameConstraints) -> Result<(), String> {
        let leaf = Certificate { subject_alt_name: Some(Vec::new()), ..names };
        let ca = Certificate { name_constraints: Some(constraints), ..Certificate::default() };
        check(&[&leaf, &ca])
    }

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    /// What Go 1.27 answers for the same names and subtrees.
    #[test]
    fn the_widest_subtree_is_named() {
        let dns = |name: &str, permitted: &[&str], excluded: &[&str]| {
            let names = Certificate { dns_names: texts(&[name]), ..Certificate::default() };
            let trees = |all| Subtrees { dns: texts(all), ..Subtrees::default() };
            chain(names, NameConstraints { permitted: trees(permitted), excluded: trees(excluded) })
        };
        let refused = |name: &str, tree: &str| Err(format!("DNS name \"{name}\" is excluded by constraint \"{tree}\""));
        assert_eq!(dns("a.b.example", &["example"], &["c.example", "x.example"]), Ok(()));
        assert_eq!(dns("a.b.example", &[], &["b.example", "a.b.example"]), refused("a.b.example", "b.example"));
        // A hyphen sorts behind a dot: what lies in a subtree follows it.
        assert_eq!(dns("a.a.com", &[], &["a.com", "a-a.com", "a.a.com"]), refused("a.a.com", "a.com"));
        assert_eq!(dns("b.A.COM", &[], &["a.com", "z-a.com"]), refused("b.A.COM", "a.com"));
        assert_eq!(
            dns("example", &[".example"], &[]).expect_err("itself"),
            "DNS name \"example\" is not permitted by any constraint"
        );
        assert_eq!(dns("*.b.example", &[], &["x.B.example"]), refused("*.b.example", "x.b.example"));
        assert_eq!(dns("any", &[], &["", "a"]), refused("any", ""));
    }

    #[test]
    fn networks_and_mailboxes() {
        let ip = |address: [u8; 4], excluded: &[([u8; 4], [u8; 4])]| {
            let names = Certificate { ip_addresses: vec![IpAddr::from(address)], ..Certificate::default() };
            let ip = excluded.iter().map(|(ip, mask)| (ip.to_vec(), mask.to_vec())).collect();
            let excluded = Subtrees { ip, ..Subtrees::default() };
            chain(names, NameConstraints { permitted: Subtrees::default(), excluded })
        };
        let (eight, sixteen) = ([255, 0, 0, 0], [255, 255, 0, 0]);
        let words = Err("IP address \"10.9.1.2\" is excluded by constraint \"10.0.0.0/8\"".to_owned());
        assert_eq!(ip([10, 9, 1, 2], &[([10, 9, 0, 0], sixteen), ([10, 1, 0, 0], eight)]), words);
        assert_eq!(ip([11, 9, 1, 2], &[([10, 9, 0, 0], sixteen), ([12, 1, 0, 0], eight)]), Ok(()));
        assert_eq!(ip([9, 0, 0, 1], &[([10, 9, 0, 0], sixteen)]), Ok(()));
        let mailbox = |text: &str, permitted: &[&str]| {
            let names = Certificate { email_addresses: texts(&[text]), ..Certificate::default() };
            let permitted = Subtrees { email: texts(permitted), ..Subtrees::default() };
            chain(names, NameConstraints { permitted, excluded: Subtrees::default() })
        };
        assert_eq!(mailbox("a@X.example", &["a@x.EXAMPLE", "other"]), Ok(()));
        assert_eq!(mailbox("a@b.other", &["a@x.example", "other"]), Ok(()));
        assert!(mailbox("b@x.example", &["a@x.example"]).is_err(), "another mailbox");
    }

    /// 40,000 names before 40,000 subtrees, of which each alone could hold the last name: minutes, if each met each.
    #[test]
    fn names_and_subtrees_are_not_multiplied() {
        let numbered = |prefix: &str| (0..40_000).map(|number| format!("{prefix}{number}.example")).collect::<Vec<_>>();
        let names = Certificate { dns_names: numbered("n"), ..Certificate::default() };
        let subtrees = |dns| Subtrees { dns, ..Subtrees::default() };
        let permitted = subtrees([numbered("t"), texts(&["example"])].concat());
        let began = Instant::now();
        assert_eq!(chain(names, NameConstraints { permitted, excluded: subtrees(numbered("x")) }), Ok(()));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
