//! What a client certificate makes its holder.

use kubepki_core::instant::to_rfc3339;
use kubepki_verification::{Certificate, Eku, TooLong};

use super::told::{Credential, Lack, identity, until};

/// Tells of the first certificate of a PEM text.
pub(super) fn of_pem(pem: &str, now: i64) -> Result<Credential, Lack> {
    if let Some(error) = TooLong::in_pem(pem) {
        return Err(Lack::new(format!("Not read: {error}."), "Cut out the one certificate that you mean."));
    }
    let unread =
        |error| Lack::new(format!("The certificate cannot be read. Go would say: {error}."), "Copy it again, whole.");
    Ok(credential(&Certificate::from_pem(pem).map_err(unread)?, now))
}

/// What a certificate makes its holder, seen at a time (Unix seconds).
pub fn credential(it: &Certificate, now: i64) -> Credential {
    let none = |what: String| Credential { facts: vec![("", what)], ..Credential::default() };
    let name = called(it);
    if it.is_ca {
        return none(format!("{name} is a CA: whoever has its key can make any identity that it is trusted for."));
    }
    if !it.ekus.is_empty() && !it.ekus.contains(&Eku::ClientAuth) && !it.ekus.contains(&Eku::Any) {
        return none(format!("{name} is no client certificate: its extended key usage lacks clientAuth."));
    }
    if it.common_name.is_empty() {
        return none(format!(
            "{name} makes its holder nobody: not authenticated. The user is the common name, and it has none; a caller that shows nothing else is system:anonymous, or is refused. Have it issued again with a CN."
        ));
    }
    let until = match now < it.not_before {
        true => format!("{}; not valid before {}", to_rfc3339(it.not_after), to_rfc3339(it.not_before)),
        false => until(it.not_after, now),
    };
    Credential {
        note: "Kubernetes checks no revocation: until that date it counts, unless its CA is replaced or, where RBAC decides, its binding is deleted.",
        ..identity(&it.common_name, &it.organizations, until)
    }
}

/// What a certificate is called: by its common name, otherwise by its organizations.
fn called(it: &Certificate) -> String {
    match (&*it.common_name, &it.organizations[..]) {
        ("", []) => "This certificate, whose subject has neither CN nor O,".to_owned(),
        ("", organizations) => format!("O={}", organizations.join(", O=")),
        (name, _) => name.to_owned(),
    }
}
