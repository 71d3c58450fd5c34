//! What a bearer token says of itself. Nobody here can check its signature.

use base64ct::{Base64UrlUnpadded, Encoding};
use kubepki_yaml::fields;
use zeroize::Zeroizing;

use super::told::{Credential, Lack, identity, until};

const GENUINE: &str = "Only the API server can say whether the token is genuine, and whether it still counts: one of a service account ends with its account, its Secret or its Pod as well.";
const WHOAMI: &str = "kubectl auth whoami asks the API server who that is.";

/// What a token makes its holder if it is genuine, seen at a time (Unix seconds).
///
/// # Errors
/// When it was taken out of the text.
pub(super) fn told(token: &str, now: i64) -> Result<Credential, Lack> {
    let token = token.trim();
    if token == "REDACTED" {
        let hint = "Print the kubeconfig with kubectl config view --raw, which leaves nothing out; it is secret then.";
        return Err(Lack::new("kubectl has taken the token out of this text.", hint));
    }
    if let Some(id) = bootstrap_id(token) {
        let groups = ["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"].map(str::to_owned);
        let until = "a day after it was made, unless kubeadm was told otherwise; kubeadm token list says".to_owned();
        let mut it = identity(&format!("system:bootstrap:{id}"), &groups, until);
        it.facts.insert(0, ("token", "a bootstrap token; the groups are those that kubeadm gives".to_owned()));
        return Ok(Credential { note: GENUINE, ..it });
    }
    let Some([subject, issuer, expires]) = claims(token) else {
        let what = format!("The token says nothing of itself: only the API server knows whom it stands for. {WHOAMI}");
        return Ok(Credential { facts: vec![("", what)], ..Credential::default() });
    };
    let end = expires.and_then(|text| text.parse().ok());
    let end = end.map_or_else(|| "no end is claimed".to_owned(), |end| until(end, now));
    let account =
        subject.as_deref().and_then(|subject| subject.strip_prefix("system:serviceaccount:")?.split_once(':'));
    let mut it = match (&subject, account) {
        (Some(user), Some((namespace, _))) => {
            let groups = ["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")];
            identity(user, &groups, end)
        }
        (Some(subject), None) => {
            let user = format!("{subject} to its issuer; the API server's settings make a user of it. {WHOAMI}");
            Credential { facts: vec![("user", user), ("until", end)], ..Credential::default() }
        }
        (None, _) => Credential {
            facts: vec![("user", format!("not claimed. {WHOAMI}")), ("until", end)],
            ..Credential::default()
        },
    };
    it.facts.insert(0, ("token", "a JWT. What it claims is not verified here".to_owned()));
    it.facts.insert(2, ("issuer", issuer.unwrap_or_else(|| "not claimed".to_owned())));
    Ok(Credential { note: GENUINE, ..it })
}

/// The public half of a bootstrap token (kubeadm: `[a-z0-9]{6}.[a-z0-9]{16}`).
fn bootstrap_id(token: &str) -> Option<&str> {
    let (id, secret) = token.split_once('.')?;
    let is = |text: &str, length| {
        text.len() == length && text.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit())
    };
    (is(id, 6) && is(secret, 16)).then_some(id)
}

/// `sub`, `iss` and `exp` of a JWT; nothing where it is none.
fn claims(token: &str) -> Option<[Option<String>; 3]> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let bytes = Zeroizing::new(Base64UrlUnpadded::decode_vec(payload.trim_end_matches('=')).ok()?);
    fields(std::str::from_utf8(&bytes).ok()?, ["sub", "iss", "exp"])
}
