//! Host names as Go matches them (crypto/x509, verify.go).

use std::net::IpAddr;

use crate::certificate::Certificate;
use crate::error::VerifyError;

/// From this many names on Go's message only counts them.
const MOST_NAMES: usize = 100;

impl Certificate {
    /// Whether it is good for a host: a name, or an address with or without brackets.
    ///
    /// # Errors
    /// As Go's `Certificate.VerifyHostname`.
    pub fn verify_hostname(&self, host: &str) -> Result<(), VerifyError> {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        // Go's net.IP knows no zone.
        let unzoned = bare.split('%').next().unwrap_or_default();
        if let Ok(address) = unzoned.parse::<IpAddr>() {
            let same = |one: &IpAddr| one.to_canonical() == address.to_canonical();
            if self.ip_addresses.iter().any(same) {
                return Ok(());
            }
            return Err(self.mismatch(&address.to_canonical().to_string()));
        }
        let candidate = host.to_ascii_lowercase();
        let is_valid = is_hostname(candidate.strip_suffix('.').unwrap_or(&candidate), false);
        let parts = labels(&candidate);
        let matches = |name: &String| match is_valid && is_hostname(name, true) {
            true => matches_labels(name, &parts),
            false => {
                let nothing = |text: &str| matches!(text, "" | ".");
                !nothing(name) && !nothing(&candidate) && name.eq_ignore_ascii_case(&candidate)
            }
        };
        if self.dns_names.iter().any(matches) { Ok(()) } else { Err(self.mismatch(host)) }
    }

    fn mismatch(&self, host: &str) -> VerifyError {
        let lower = host.to_ascii_lowercase();
        if self.subject_alt_name.is_none() && matches_labels(&self.common_name, &labels(&lower)) {
            return VerifyError::LegacyCommonName;
        }
        let is_address = host.parse::<IpAddr>().is_ok();
        let count = if is_address { self.ip_addresses.len() } else { self.dns_names.len() };
        let valid = match is_address {
            _ if count >= MOST_NAMES => String::new(),
            true => self.ip_addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            false => self.dns_names.join(", "),
        };
        VerifyError::Hostname { host: host.to_owned(), is_address, count, valid }
    }
}

fn labels(host: &str) -> Vec<&str> {
    host.strip_suffix('.').unwrap_or(host).split('.').collect()
}

/// Whether a pattern, in which the first label may be `*`, fits a name's labels.
fn matches_labels(pattern: &str, labels: &[&str]) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let parts: Vec<&str> = pattern.split('.').collect();
    !pattern.is_empty()
        && parts.len() == labels.len()
        && parts.iter().zip(labels).enumerate().all(|(at, (part, label))| (at == 0 && *part == "*") || part == label)
}

/// Go's `validHostname`: lenient about underscores, strict about empty labels.
fn is_hostname(host: &str, is_pattern: bool) -> bool {
    !host.is_empty()
        && host != "*"
        && host.split('.').enumerate().all(|(at, part)| {
            (is_pattern && at == 0 && part == "*")
                || !part.is_empty()
                    && part
                        .bytes()
                        .enumerate()
                        .all(|(at, one)| one.is_ascii_alphanumeric() || one == b'_' || (one == b'-' && at != 0))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_go() {
        let it = Certificate {
            dns_names: ["kubernetes", "*.example.com", "_svc"].map(str::to_owned).to_vec(),
            ip_addresses: vec![IpAddr::from([10, 96, 0, 1])],
            subject_alt_name: Some(Vec::new()),
            ..Certificate::default()
        };
        for good in ["kubernetes", "KUBERNETES", "kubernetes.", "a.example.com", "10.96.0.1", "[10.96.0.1]", "_svc"] {
            assert_eq!(it.verify_hostname(good), Ok(()), "{good}");
        }
        for (bad, words) in [
            ("a.b.example.com", "x509: certificate is valid for kubernetes, *.example.com, _svc, not a.b.example.com"),
            ("10.0.0.5", "x509: certificate is valid for 10.96.0.1, not 10.0.0.5"),
            ("[fd00::1]", "x509: certificate is valid for 10.96.0.1, not fd00::1"),
        ] {
            assert_eq!(it.verify_hostname(bad).expect_err(bad).to_string(), words);
        }
        let old = Certificate { common_name: "kubernetes".to_owned(), ..Certificate::default() };
        let words = "x509: certificate relies on legacy Common Name field, use SANs instead";
        assert_eq!(old.verify_hostname("kubernetes").expect_err("no names").to_string(), words);
        let words = "x509: certificate is not valid for any names, but wanted to match etcd";
        assert_eq!(old.verify_hostname("etcd").expect_err("no names").to_string(), words);
        let words = "x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs";
        assert_eq!(old.verify_hostname("10.0.0.5").expect_err("no names").to_string(), words);
    }
}
