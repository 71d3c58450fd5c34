//! The catalog: what a Kubernetes cluster's PKI consists of, one constant row each. Other tables refer to a
//! certificate by its id, so that they cannot drift apart.

pub mod bindings;
pub mod cis;
pub mod connections;
mod etcd;
pub mod expiry;
pub mod flags;
mod front_proxy;
pub mod hardening;
pub mod holding;
pub mod kubeconfigs;
mod kubernetes;
pub mod labs;
pub mod messages;
pub mod own;
pub mod reload;
pub mod renewal;
pub mod rights;
pub mod row;
mod service_account;

use row::CertRow;

/// Every certificate row, issuers before what they sign: the cluster's own, then etcd's, then the aggregation layer's.
pub fn certs() -> impl Iterator<Item = &'static CertRow> {
    [kubernetes::ROWS, kubeconfigs::ROWS, etcd::ROWS, front_proxy::ROWS, service_account::ROWS].into_iter().flatten()
}

/// The row of an id.
pub fn cert(id: &str) -> Option<&'static CertRow> {
    certs().find(|row| row.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::version::RELEASES;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_issuers_come_first() {
        let mut seen = BTreeSet::new();
        for row in certs() {
            if let Some(issuer) = row.issuer {
                assert!(seen.contains(issuer), "{} is signed by {issuer}, which does not come before it", row.id);
                assert!(cert(issuer).is_some_and(CertRow::is_ca), "{issuer} is not a CA");
            }
            assert!(seen.insert(row.id), "{} stands twice", row.id);
        }
    }

    #[test]
    fn every_row_says_what_it_is_and_where_that_is_from() {
        for row in certs() {
            for text in [row.title, row.what, row.shown, row.base, row.source] {
                assert!(!text.is_empty(), "{} leaves something out", row.id);
            }
            assert!(!row.holders.is_empty() && !row.checked.is_empty(), "{}", row.id);
        }
    }

    #[test]
    fn every_version_has_exactly_one_subject_for_a_row() {
        for row in certs().filter(|row| row.form != row::Form::KeyPair) {
            for &release in RELEASES {
                for patch in [0, release.patch] {
                    let version = crate::spec::KubeVersion::new(release.minor, patch);
                    let count = row.subject.iter().filter(|subject| subject.when.holds(version)).count();
                    assert_eq!(count, 1, "{} at {version}", row.id);
                }
            }
        }
    }

    #[test]
    fn flags_refer_to_rows_that_exist() {
        for flag in flags::FLAGS {
            for id in flag.value.ids() {
                assert!(cert(id).is_some(), "--{} names {id}", flag.name);
            }
            let told = flags::told(flag);
            assert!(!told.meaning.is_empty() && !told.source.is_empty(), "--{}", flag.name);
        }
    }
}
