//! What can this credential do: who a certificate makes its holder, what that may do by itself, and until when.

use std::fmt;

use kubepki_core::catalog::rights::rights;
use kubepki_core::instant::to_rfc3339;
use kubepki_rehearsal::client_certificate;
use kubepki_verification::{Certificate, Eku, ParseError, TooLong};

/// Why a certificate is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Go would not read it either, in its words.
    ByGo(ParseError),
    /// It is longer than what is read here.
    TooLong(TooLong),
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByGo(error) => error.fmt(out),
            Self::TooLong(error) => error.fmt(out),
        }
    }
}

/// What is told of a credential: labels with texts, and what it may do with what gives it that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Who, and until when; or why it is no credential.
    pub facts: Vec<(&'static str, String)>,
    /// What it may do, and by what.
    pub may: Vec<(&'static str, String)>,
    /// What to remember.
    pub note: &'static str,
}

/// Reads a certificate, or the one inside a kubeconfig; nothing where a text holds neither. A private key in it is passed
/// over.
///
/// # Errors
/// As Go's `x509.ParseCertificate`, and where it is too long.
pub fn read(text: &str) -> Option<Result<Certificate, Unread>> {
    let pem = match text.contains("-----BEGIN CERTIFICATE-----") {
        true => text.to_owned(),
        false => client_certificate(text)?,
    };
    Some(match TooLong::in_pem(&pem) {
        Some(error) => Err(Unread::TooLong(error)),
        None => Certificate::from_pem(&pem).map_err(Unread::ByGo),
    })
}

/// What a certificate makes its holder, seen at a time (Unix seconds).
pub fn credential(it: &Certificate, now: i64) -> Credential {
    let none = |what: String| Credential { facts: vec![("", what)], may: Vec::new(), note: "" };
    if it.is_ca {
        return none(format!(
            "{} is a CA: whoever has its key can make any identity that it is trusted for.",
            it.common_name
        ));
    }
    if !it.ekus.is_empty() && !it.ekus.contains(&Eku::ClientAuth) && !it.ekus.contains(&Eku::Any) {
        return none(format!("{} is no client certificate: its extended key usage lacks clientAuth.", it.common_name));
    }
    let groups = match &it.organizations[..] {
        [] => "none but system:authenticated".to_owned(),
        all => all.join(", "),
    };
    let (end, days) = (to_rfc3339(it.not_after), (it.not_after - now) / 86_400);
    let until = match (now > it.not_after, now < it.not_before) {
        (true, _) => format!("{end}: expired"),
        (_, true) => format!("{end}; not valid before {}", to_rfc3339(it.not_before)),
        _ => format!("{end}, {days} days left"),
    };
    let may = rights(&it.common_name, &it.organizations).map(|row| (row.may, format!("{} ({})", row.by, row.source)));
    Credential {
        facts: vec![("user", it.common_name.clone()), ("groups", groups), ("until", until)],
        may: may.collect(),
        note: "Kubernetes checks no revocation: until that date it counts, unless its CA is replaced or, where RBAC decides, its binding is deleted.",
    }
}
