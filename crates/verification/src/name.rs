//! Names that are not matched with a host: URIs, mailboxes (RFC 2821), and what constraints say of them.

/// A URI among the names, with the host that constraints look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// All of it.
    pub text: String,
    /// Host and port as they stand in it; empty for none.
    pub host: String,
}

/// Name constraints (RFC 5280 4.2.1.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// What a name must be below, if there is any of its kind.
    pub permitted: Subtrees,
    /// What a name must not be below.
    pub excluded: Subtrees,
}

/// Names of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subtrees {
    /// DNS names.
    pub dns: Vec<String>,
    /// Networks: address and mask, in octets of one length.
    pub ip: Vec<(Vec<u8>, Vec<u8>)>,
    /// Mailboxes, or domains of mailboxes.
    pub email: Vec<String>,
    /// Domains of URIs.
    pub uri: Vec<String>,
}

/// Go's `domainNameValid`.
pub(crate) fn domain_name_valid(name: &str, is_constraint: bool) -> bool {
    if name.is_empty() {
        return true;
    }
    if name.ends_with('.') {
        return false;
    }
    let name = if is_constraint { name.strip_prefix('.').unwrap_or(name) } else { name };
    name.split('.').all(|label| !label.is_empty() && label.bytes().all(|one| (33..=126).contains(&one)))
}

/// An e-mail address in its two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) local: String,
    pub(crate) domain: String,
}

impl Mailbox {
    /// Reads RFC 2821's Mailbox, as Go does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut local = Vec::new();
        let mut at = 0;
        if bytes.first()? == &b'"' {
            at = 1;
            loop {
                let one = *bytes.get(at)?;
                at += 1;
                match one {
                    b'"' => break,
                    b'\\' => {
                        let next = *bytes.get(at)?;
                        if !matches!(next, 1..=9 | 11 | 12 | 14..=127) {
                            return None;
                        }
                        local.push(next);
                        at += 1;
                    }
                    1..=8 | 11 | 12 | 14..=33 | 35..=91 | 93..=127 => local.push(one),
                    _ => return None,
                }
            }
        } else {
            while let Some(&one) = bytes.get(at) {
                if one == b'\\' {
                    at += 1;
                    local.push(*bytes.get(at)?);
                } else if one.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&one) {
                    local.push(one);
                } else {
                    break;
                }
                at += 1;
            }
            let dots = local.windows(2).any(|pair| pair == b"..");
            if local.is_empty() || local.first() == Some(&b'.') || local.last() == Some(&b'.') || dots {
                return None;
            }
        }
        let domain = text.get(at..)?.strip_prefix('@')?;
        if !domain_name_valid(domain, false) || domain.contains('@') {
            return None;
        }
        Some(Self { local: String::from_utf8(local).ok()?, domain: domain.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes() {
        for good in ["a@b", "\"quoted part\"@example.com", "a.b@c", "back\\@slash@d"] {
            assert!(Mailbox::parse(good).is_some(), "{good}");
        }
        for bad in ["", "@b", "a", ".a@b", "a..b@c", "a@b.", "\"open@b"] {
            assert!(Mailbox::parse(bad).is_none(), "{bad}");
        }
    }
}
