//! What is told of a credential.

use kubepki_core::catalog::rights::{misspelt, rights};
use kubepki_core::instant::to_rfc3339;

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
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// Who somebody is, and what that gives.
pub(super) fn identity(user: &str, groups: &[String], until: String) -> Credential {
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
pub(super) fn until(end: i64, now: i64) -> String {
    let (text, days) = (to_rfc3339(end), (end - now) / 86_400);
    match now > end {
        true => format!("{text}: expired"),
        false => format!("{text}, {days} {} left", if days == 1 { "day" } else { "days" }),
    }
}
