//! What can this credential do: who a certificate, a token or a kubeconfig makes its holder, what that may do by itself,
//! and until when. Private keys are passed over, tokens never repeated.

mod certificate;
mod kubeconfig;
mod token;

use kubepki_core::catalog::rights::{misspelt, rights};
use kubepki_core::instant::to_rfc3339;
use kubepki_issuance::SecretText;
use kubepki_verification::{Certificate, TooLong};

pub use certificate::credential;

/// What is told of a credential: labels with texts, and what it may do with what gives it that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    /// Who, and until when; or why it is no credential. A whole sentence has no label.
    pub facts: Vec<(&'static str, String)>,
    /// What it may do, and by what.
    pub may: Vec<(&'static str, String)>,
    /// What to remember.
    pub note: &'static str,
}

/// Why nothing can be told of a credential, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is wrong, a sentence.
    pub what: String,
    /// What to do, a sentence.
    pub hint: String,
}

impl Lack {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// Reads a kubeconfig or a certificate, and tells of it, seen at a time (Unix seconds). `open` gives the text of a file that
/// a kubeconfig names, where it can be had. Nothing where a text is neither.
///
/// # Errors
/// What is wanting.
pub fn read(text: &str, now: i64, open: &dyn Fn(&str) -> Option<SecretText>) -> Option<Result<Credential, Lack>> {
    if let Some(found) = kubepki_yaml::kubeconfig(text) {
        return Some(
            found.map_err(|wanting| kubeconfig::wanting(&wanting)).and_then(|it| kubeconfig::told(&it, now, open)),
        );
    }
    text.contains("-----BEGIN CERTIFICATE-----").then(|| certificate(text, now))
}

/// Tells of the first certificate of a PEM text.
fn certificate(pem: &str, now: i64) -> Result<Credential, Lack> {
    if let Some(error) = TooLong::in_pem(pem) {
        return Err(Lack::new(format!("Not read: {error}."), "Cut out the one certificate that you mean."));
    }
    let unread =
        |error| Lack::new(format!("The certificate cannot be read. Go would say: {error}."), "Copy it again, whole.");
    Ok(credential(&Certificate::from_pem(pem).map_err(unread)?, now))
}

/// Who somebody is, and what that gives.
fn identity(user: &str, groups: &[String], until: String) -> Credential {
    let listed = match groups {
        [] => "none but system:authenticated".to_owned(),
        all => all.join(", "),
    };
    let mut facts = vec![("user", user.to_owned()), ("groups", listed), ("until", until)];
    facts.extend(misspelt(user, groups).into_iter().map(|said| ("", said)));
    let may = rights(user, groups).map(|row| (row.may, format!("{} ({})", row.by, row.source)));
    Credential { facts, may: may.collect(), note: "" }
}

/// A moment, and what it means now.
fn until(end: i64, now: i64) -> String {
    let (text, days) = (to_rfc3339(end), (end - now) / 86_400);
    match now > end {
        true => format!("{text}: expired"),
        false => format!("{text}, {days} {} left", if days == 1 { "day" } else { "days" }),
    }
}
