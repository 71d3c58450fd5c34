//! Kubeconfigs, byte for byte as kubeadm writes them.

use std::borrow::Cow;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::secret::SecretText;

/// What a kubeconfig is made of.
#[derive(Clone, Copy)]
pub struct KubeconfigParts<'a> {
    /// Name of the cluster.
    pub cluster: &'a str,
    /// URL of the API server.
    pub server: &'a str,
    /// Name of the user.
    pub user: &'a str,
    /// The CA's certificate, PEM.
    pub authority: &'a str,
    /// Client certificate and private key, PEM; nothing for a user without.
    pub credential: Option<(&'a str, &'a str)>,
}

impl KubeconfigParts<'_> {
    /// The file's text.
    ///
    /// Names and order are those of client-go's `clientcmd.Write` for what `kubeconfigutil.CreateWithCerts` makes: the
    /// context is `USER@CLUSTER`, the user is the common name, the CA is the first certificate of `ca.crt`.
    pub fn write(&self) -> SecretText {
        let Self { cluster: cluster_name, server, user, authority, credential } = *self;
        let authority = Base64::encode_string(authority.as_bytes());
        let context = format!("{user}@{cluster_name}");
        let cluster = scalar(cluster_name);
        let encoded = credential.map(|(certificate, key)| {
            let key = Zeroizing::new(Base64::encode_string(key.as_bytes()));
            (Base64::encode_string(certificate.as_bytes()), key)
        });
        let user_body = match &encoded {
            Some((certificate, key)) => {
                ["\n  user:\n    client-certificate-data: ", certificate, "\n    client-key-data: ", key, "\n"]
            }
            None => ["\n  user: {}\n", "", "", "", ""],
        };
        let head = [
            "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ",
            &authority,
            "\n    server: ",
            server,
            "\n  name: ",
            &cluster,
            "\ncontexts:\n- context:\n    cluster: ",
            &cluster,
            "\n    user: ",
            user,
            "\n  name: ",
            &context,
            "\ncurrent-context: ",
            &context,
            "\nkind: Config\nusers:\n- name: ",
            user,
        ];
        SecretText::new([&head[..], &user_body[..]].concat().concat())
    }
}

/// A cluster's name as a YAML scalar: quoted where YAML would read a number, a date, a truth or nothing into it. User
/// and context need no quotes: users begin with a letter and are longer than any such word.
fn scalar(name: &str) -> Cow<'_, str> {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_word = WORDS.iter().any(|word| name.eq_ignore_ascii_case(word));
    if is_word || name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("\"{name}\"").into();
    }
    name.into()
}
