//! TLS versions and cipher suites.

use super::Rule;
use crate::diag::Diagnostic;
use crate::spec::TlsVersion;

pub(super) static RULES: &[Rule] = &[
    // A server certificate needs a cipher suite of its key's type under TLS 1.2.
    Rule {
        id: "cipher-suites-without-key-type",
        source: "Go crypto/tls: cipher_suites.go; RFC 5289",
        find: |plan, _| {
            let spec = &plan.spec;
            let (needed, other) = if spec.leaf_key.is_rsa() { ("ECDHE_RSA", "RSA") } else { ("ECDHE_ECDSA", "ECDSA") };
            let fits = spec
                .cipher_suites
                .iter()
                .any(|suite| suite.strip_prefix("TLS_").is_some_and(|suite| suite.starts_with(needed)));
            (!spec.cipher_suites.is_empty() && !fits && spec.tls_min_version != Some(TlsVersion::Tls13)).then(|| {
                Diagnostic::warning(
                    "",
                    "hardening.cipherSuites",
                    format!("no suite in the list fits {other} keys: TLS 1.2 clients cannot connect to any component"),
                )
                .with_hint(format!("add one with {needed}, or require TLS 1.3"))
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.set_list(crate::spec::Field::CipherSuites, vec!["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256".into()])
        },
        #[cfg(test)]
        passing: Some(|draft| {
            draft.set_list(crate::spec::Field::CipherSuites, vec!["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into()])
        }),
    },
    // TLS 1.3 suites cannot be configured in Go.
    Rule {
        id: "cipher-suites-tls13",
        source: "Go crypto/tls: Config.CipherSuites; etcd: server/embed/config.go",
        find: |plan, _| {
            let spec = &plan.spec;
            (!spec.cipher_suites.is_empty() && spec.tls_min_version == Some(TlsVersion::Tls13)).then(|| {
                Diagnostic::notice(
                    "",
                    "hardening.cipherSuites",
                    "with TLS 1.3 as the lowest version the list of TLS 1.2 suites has no effect on Kubernetes' own components; etcd would refuse to start with it (cipher suites cannot be configured when only TLS1.3 is enabled), so it is left out for etcd",
                )
                .with_hint("leave the list empty")
            })
        },
        #[cfg(test)]
        failing: |draft| {
            draft.set_text(crate::spec::Field::TlsMinVersion, "VersionTLS13");
            draft.set_list(crate::spec::Field::CipherSuites, vec!["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into()]);
        },
        #[cfg(test)]
        passing: Some(|_| {}),
    },
];
