//! Why a certificate is refused, in Go's words.

use std::fmt;

use crate::der::rfc3339;
use crate::signature::SignatureError;

/// The step at which a verification or a handshake fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The other side does not speak TLS.
    Protocol,
    /// No common version.
    Version,
    /// No common cipher suite.
    CipherSuite,
    /// No certificate was shown where one is required.
    NoCertificate,
    /// What was shown cannot be read.
    Parse,
    /// No chain to a trust anchor.
    Chain,
    /// A signature is not the issuer's.
    Signature,
    /// Expired or not yet valid.
    Dates,
    /// The issuer is no CA.
    CertificateAuthority,
    /// The wrong extended key usage.
    ExtendedKeyUsage,
    /// A chain longer than allowed.
    PathLength,
    /// A name that a CA may not sign for.
    NameConstraints,
    /// No chain with valid policies.
    Policies,
    /// A critical extension that is not understood.
    CriticalExtension,
    /// Not the name that was dialled.
    Name,
    /// The other side refused.
    Peer,
}

impl Step {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Version => "TLS version",
            Self::CipherSuite => "cipher suite",
            Self::NoCertificate => "no certificate",
            Self::Parse => "certificate",
            Self::Chain => "chain",
            Self::Signature => "signature",
            Self::Dates => "dates",
            Self::CertificateAuthority => "issuer is a CA",
            Self::ExtendedKeyUsage => "extended key usage",
            Self::PathLength => "path length",
            Self::NameConstraints => "name constraints",
            Self::Policies => "policies",
            Self::CriticalExtension => "critical extension",
            Self::Name => "name",
            Self::Peer => "refused by the other side",
        }
    }
}

/// Why a certificate is refused. `Display` is what Go's `err.Error()` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// A critical extension that is not understood.
    UnhandledCriticalExtension,
    /// The issuer's name is not the name of what was taken for the issuer.
    NameMismatch,
    /// The validity has not begun, or is over.
    Expired {
        /// The time of the check, Unix seconds.
        now: i64,
        /// When the validity begins, if it has not begun; else when it ended.
        bound: i64,
        /// Whether it has not begun.
        early: bool,
    },
    /// An intermediate that is no CA.
    NotAuthorizedToSign,
    /// More CAs than one of them allows below it.
    TooManyIntermediates,
    /// No name in it, but the dialled name as common name.
    LegacyCommonName,
    /// It does not name the host.
    Hostname {
        /// What was dialled.
        host: String,
        /// Whether that is an address.
        is_address: bool,
        /// How many names of that kind it has.
        count: usize,
        /// Those names, joined; empty where they are too many.
        valid: String,
    },
    /// No chain to a trust anchor.
    UnknownAuthority {
        /// Why the first candidate was not taken, and what it is called.
        hint: Option<(Box<VerifyError>, String)>,
    },
    /// A signature that does not verify, or may not be made by that key.
    Signature(SignatureError),
    /// Too many signatures would have to be checked.
    SignatureLimit,
    /// The usage is another, here or in a CA above.
    IncompatibleUsage,
    /// A CA above may not sign for a name.
    NotAuthorizedForName(String),
    /// Every chain fails by policies.
    NoValidChains(String),
}

impl VerifyError {
    /// The step that failed.
    pub fn step(&self) -> Step {
        match self {
            Self::UnhandledCriticalExtension => Step::CriticalExtension,
            Self::NameMismatch | Self::SignatureLimit => Step::Chain,
            Self::UnknownAuthority { hint } => match hint {
                None => Step::Chain,
                Some((hint, _)) => hint.step(),
            },
            Self::Expired { .. } => Step::Dates,
            Self::NotAuthorizedToSign => Step::CertificateAuthority,
            Self::TooManyIntermediates => Step::PathLength,
            Self::LegacyCommonName | Self::Hostname { .. } => Step::Name,
            Self::Signature(SignatureError::CannotSign) => Step::CertificateAuthority,
            Self::Signature(_) => Step::Signature,
            Self::IncompatibleUsage => Step::ExtendedKeyUsage,
            Self::NotAuthorizedForName(_) => Step::NameConstraints,
            Self::NoValidChains(_) => Step::Policies,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnhandledCriticalExtension => out.write_str("x509: unhandled critical extension"),
            Self::NameMismatch => out.write_str("x509: issuer name does not match subject from issuing certificate"),
            Self::Expired { now, bound, early } => write!(
                out,
                "x509: certificate has expired or is not yet valid: current time {} is {} {}",
                rfc3339(*now),
                if *early { "before" } else { "after" },
                rfc3339(*bound)
            ),
            Self::NotAuthorizedToSign => {
                out.write_str("x509: certificate is not authorized to sign other certificates")
            }
            Self::TooManyIntermediates => out.write_str("x509: too many intermediates for path length constraint"),
            Self::LegacyCommonName => {
                out.write_str("x509: certificate relies on legacy Common Name field, use SANs instead")
            }
            Self::Hostname { host, is_address: true, count: 0, .. } => {
                write!(out, "x509: cannot validate certificate for {host} because it doesn't contain any IP SANs")
            }
            Self::Hostname { host, is_address, count: count @ 100.., .. } => {
                let kind = if *is_address { "IP SANs" } else { "names" };
                write!(out, "x509: certificate is valid for {count} {kind}, but none matched {host}")
            }
            Self::Hostname { host, valid, .. } if valid.is_empty() => {
                write!(out, "x509: certificate is not valid for any names, but wanted to match {host}")
            }
            Self::Hostname { host, valid, .. } => write!(out, "x509: certificate is valid for {valid}, not {host}"),
            Self::UnknownAuthority { hint: None } => out.write_str("x509: certificate signed by unknown authority"),
            Self::UnknownAuthority { hint: Some((error, name)) } => write!(
                out,
                "x509: certificate signed by unknown authority (possibly because of {} while trying to verify candidate \
                 authority certificate {})",
                quoted(&error.to_string()),
                quoted(name)
            ),
            Self::Signature(error) => error.fmt(out),
            Self::SignatureLimit => {
                out.write_str("x509: signature check attempts limit reached while verifying certificate chain")
            }
            Self::IncompatibleUsage => out.write_str("x509: certificate specifies an incompatible key usage"),
            Self::NotAuthorizedForName(detail) => write!(
                out,
                "x509: a root or intermediate certificate is not authorized to sign for this name: {detail}"
            ),
            Self::NoValidChains(detail) if detail.is_empty() => out.write_str("x509: no valid chains built"),
            Self::NoValidChains(detail) => write!(out, "x509: no valid chains built: {detail}"),
        }
    }
}

impl std::error::Error for VerifyError {}

/// As Go's `%q` writes a text.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for one in text.chars() {
        match one {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            one if (one as u32) < 0x20 || one as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", one as u32)),
            one => out.push(one),
        }
    }
    out.push('"');
    out
}
