//! What can this credential do: who a certificate, a token or a kubeconfig makes its holder, what that may do by itself,
//! and until when. Private keys are passed over, tokens never repeated.

mod certificate;
mod kubeconfig;
mod token;
mod told;

use kubepki_issuance::SecretText;

pub use certificate::credential;
pub use told::{Credential, Lack};

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
    text.contains("-----BEGIN CERTIFICATE-----").then(|| certificate::of_pem(text, now))
}
