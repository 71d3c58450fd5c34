//! Whose a kubeconfig is: the current context's user, by whatever that user proves itself.

use base64ct::{Base64, Encoding};
use kubepki_issuance::SecretText;
use kubepki_yaml::{Kubeconfig, Plugin, User, Wanting};
use zeroize::Zeroizing;

use super::told::{Credential, Lack};
use super::{certificate, token};

const RAW: &str = "Print the kubeconfig with kubectl config view --raw, which leaves nothing out; it is secret then.";

/// Why a kubeconfig names no user.
pub(super) fn wanting(why: &Wanting) -> Lack {
    let list = |names: &[String]| match names {
        [] => "It has none.".to_owned(),
        all => format!("It has {}.", all.join(", ")),
    };
    let choose = "kubectl config use-context NAME chooses one.";
    match why {
        Wanting::Unreadable(found) => {
            let place =
                found.position.map(|at| format!(" in line {}, column {}", at.line, at.column)).unwrap_or_default();
            Lack::new(
                format!("This seems to be a kubeconfig, but it cannot be read{place}: {}.", found.message),
                "Copy it again, whole and with its indentation.",
            )
        }
        Wanting::CurrentContext(contexts) => Lack::new(
            format!("The kubeconfig has no current-context, so that it makes nobody of its holder. {}", list(contexts)),
            choose,
        ),
        Wanting::Context(name, contexts) => Lack::new(
            format!("The current context {name} is none of the kubeconfig's contexts. {}", list(contexts)),
            choose,
        ),
        Wanting::UserOf(context) => Lack::new(
            format!("The current context {context} names no user: its holder calls as system:anonymous."),
            format!("kubectl config set-context {context} --user NAME names one."),
        ),
        Wanting::User(context, user, users) => Lack::new(
            format!(
                "The current context {context} names the user {user}, which the kubeconfig does not have. {}",
                list(users)
            ),
            "kubectl config set-context NAME --user USER names another, kubectl config set-credentials adds one.",
        ),
    }
}

/// What the current context's user is, and what else stands there that matters.
pub(super) fn told(it: &Kubeconfig, now: i64, open: &dyn Fn(&str) -> Option<SecretText>) -> Result<Credential, Lack> {
    let whose = match &it.context {
        Some(context) => format!("{context}, user {}", it.name),
        None => format!(
            "{} (the only user here; there are no contexts)",
            if it.name.is_empty() { "without a name" } else { &it.name }
        ),
    };
    let mut told = of(&it.user, now, open)?;
    told.facts.insert(0, ("context", whose));
    let mut say = |what: String| told.facts.push(("", what));
    let has_certificate = it.user.certificate_data.is_some() || it.user.certificate.is_some();
    let has_token = it.user.token.is_some() || it.user.token_file.is_some();
    if has_certificate && (has_token || it.user.exec.is_some()) {
        say("Besides the certificate there is a token or a plug-in: it counts where the API server does not believe the certificate.".to_owned());
    }
    if let Some(other) = &it.user.acts_as {
        say(format!("It asks to be taken for {other}, which the API server grants where this user may impersonate."));
    }
    if it.cluster.as_ref().is_some_and(|cluster| cluster.insecure) {
        say("insecure-skip-tls-verify is true: the server is not checked, so that whoever is between gets what is sent, tokens included, and answers as it likes. Give the cluster its CA instead.".to_owned());
    }
    Ok(told)
}

/// The first of a user's ways to prove itself, as client-go and the API server take them.
fn of(user: &User, now: i64, open: &dyn Fn(&str) -> Option<SecretText>) -> Result<Credential, Lack> {
    let only = |what: String| Ok(Credential { facts: vec![("", what)], ..Credential::default() });
    if let Some(data) = &user.certificate_data {
        return certificate::of_pem(&embedded(data)?, now);
    }
    if let Some(path) = &user.certificate {
        let text = open(path).ok_or_else(|| elsewhere("client certificate", path))?;
        if !text.expose().contains("-----BEGIN CERTIFICATE-----") {
            return Err(Lack::new(
                format!("The file {path}, which client-certificate names, holds no certificate."),
                "Look at what is there.",
            ));
        }
        return certificate::of_pem(text.expose(), now);
    }
    if let Some(path) = &user.token_file {
        if let Some(text) = open(path) {
            return token::told(text.expose(), now);
        }
        if user.token.is_none() {
            return Err(elsewhere("token", path));
        }
    }
    if let Some(text) = &user.token {
        return token::told(text, now);
    }
    if let Some(Plugin { command, words }) = &user.exec {
        let line: Vec<&str> = std::iter::once(&**command).chain(words.iter().map(|word| &**word)).collect();
        return only(format!(
            "The identity comes from a plug-in: kubectl runs {} and shows what that prints, a token or a certificate. kubectl auth whoami asks the API server who that is.",
            line.join(" ")
        ));
    }
    if let Some(name) = &user.auth_provider {
        return only(format!(
            "The identity comes from the auth-provider {name}. client-go has had those for azure and gcp until 1.25: since then a plug-in under exec takes their place."
        ));
    }
    if user.username.is_some() {
        return only("It has a user name and a password: kube-apiserver has taken none since 1.19.".to_owned());
    }
    Err(Lack::new(
        "The user has no credential: no certificate, token or plug-in. Its holder calls as system:anonymous.",
        "Print the kubeconfig whole, or give the user a credential with kubectl config set-credentials.",
    ))
}

/// The PEM text that `client-certificate-data` embeds.
fn embedded(data: &str) -> Result<Zeroizing<String>, Lack> {
    if matches!(data.trim(), "DATA+OMITTED" | "REDACTED") {
        return Err(Lack::new("kubectl has taken the certificate out of this text (DATA+OMITTED).", RAW));
    }
    let damaged = |how: &str| {
        Lack::new(
            format!("The client-certificate-data is damaged: {how}."),
            "Copy the kubeconfig again: the value is one long line, to its end.",
        )
    };
    let mut all = Zeroizing::new(String::with_capacity(data.len()));
    all.extend(data.chars().filter(|one| !one.is_ascii_whitespace()));
    let bytes = Base64::decode_vec(&all).map_err(|_| damaged("it is not base64, or was cut"))?;
    let text = String::from_utf8(bytes).map(Zeroizing::new).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        damaged("what it encodes is not PEM")
    })?;
    match text.contains("-----BEGIN CERTIFICATE-----") {
        true => Ok(text),
        false => Err(damaged("what it encodes is no certificate in PEM")),
    }
}

/// A file that is not here.
fn elsewhere(what: &str, path: &str) -> Lack {
    Lack::new(
        format!("The {what} is in a file of its own, {path}, which cannot be read from here."),
        "Give that file itself, on the machine that the kubeconfig is from.",
    )
}
