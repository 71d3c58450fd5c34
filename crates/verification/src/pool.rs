//! A pool of certificates: trust anchors, or what may stand between.

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::pem;
use crate::signature::sha256;

/// Certificates to choose issuers from, without repetitions.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    certificates: Vec<Certificate>,
    /// Their SHA-256 sums, by which one that is there is known again.
    sums: BTreeSet<[u8; 32]>,
}

impl Pool {
    /// Adds a certificate, unless it is there.
    pub fn add(&mut self, certificate: Certificate) {
        if self.sums.insert(sha256(&certificate.raw)) {
            self.certificates.push(certificate);
        }
    }

    /// Every certificate of a PEM text that can be read, and whether there was any: what cannot be read is passed over,
    /// as by Go's `AppendCertsFromPEM`.
    pub fn from_pem(text: &str) -> (Self, bool) {
        let mut pool = Self::default();
        let mut any = false;
        for block in pem::blocks(text) {
            if block.label != "CERTIFICATE" || block.has_headers {
                continue;
            }
            if let Ok(certificate) = Certificate::parse(&block.der) {
                pool.add(certificate);
                any = true;
            }
        }
        (pool, any)
    }

    /// Whether this very certificate is in it.
    pub fn contains(&self, certificate: &Certificate) -> bool {
        !self.sums.is_empty() && self.sums.contains(&sha256(&certificate.raw))
    }

    /// The certificates, in order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Those that may have issued a certificate, likely ones first: by name, then by whether the key identifiers match,
    /// one is missing, or they differ.
    pub(crate) fn potential_parents(&self, child: &Certificate) -> Vec<&Certificate> {
        let rank = |one: &Certificate| match (one.subject_key_id.is_empty(), child.authority_key_id.is_empty()) {
            _ if one.subject_key_id == child.authority_key_id => 0,
            (true, false) | (false, true) => 1,
            _ => 2,
        };
        let mut found: Vec<&Certificate> =
            self.certificates.iter().filter(|one| one.raw_subject == child.raw_issuer).collect();
        found.sort_by_key(|one| rank(one));
        found
    }
}
