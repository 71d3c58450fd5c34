//! Cipher suites, by the names that Kubernetes takes.

use kubepki_core::spec::field::CIPHER_SUITES;

/// Suites that Kubernetes takes beside those a design may name; none of them says anything to be kept: TLS 1.3's cannot
/// be chosen, the rest are weak (Go: crypto/tls/cipher_suites.go).
static OTHER_SUITES: &[&str] = &[
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_RC4_128_SHA",
];

/// A suite's name in a design; Kubernetes also takes two of them without their last part.
pub(super) fn full_name(suite: &str) -> String {
    if suite.ends_with("_CHACHA20_POLY1305") { format!("{suite}_SHA256") } else { suite.to_owned() }
}

/// Whether Kubernetes takes a suite's name.
pub(super) fn is_suite(suite: &str) -> bool {
    CIPHER_SUITES.contains(&full_name(suite).as_str()) || is_other(suite)
}

/// Whether it is one of those that no design names.
pub(super) fn is_other(suite: &str) -> bool {
    OTHER_SUITES.contains(&suite)
}
