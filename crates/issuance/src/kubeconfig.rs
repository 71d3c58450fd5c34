//! Kubeconfigs, byte for byte as kubeadm writes them.

use std::borrow::Cow;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::pki::Pki;
use crate::secret::SecretText;

/// The kubeconfig of a certificate that is kept in one; nothing for others.
///
/// Names and order are those of client-go's `clientcmd.Write` for what `kubeconfigutil.CreateWithCerts` makes: the
/// context is `USER@CLUSTER`, the user is the common name, the CA is the first certificate of `ca.crt`.
pub(crate) fn write(pki: &Pki, index: usize) -> Option<SecretText> {
    let planned = &pki.plan.certs[index];
    let server = planned.server.as_ref()?;
    let user = &planned.subject.as_ref()?.common_name;
    let authority = Base64::encode_string(pki.certificate_pem(planned.issuer?)?.as_bytes());
    let certificate = Base64::encode_string(pki.certificate_pem(index)?.as_bytes());
    let key = Zeroizing::new(Base64::encode_string(pki.private_key_pem(index).expose().as_bytes()));
    let cluster_name = &pki.plan.spec.cluster_name;
    let context = format!("{user}@{cluster_name}");
    let cluster = scalar(cluster_name);
    let text = [
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
        "\n  user:\n    client-certificate-data: ",
        &certificate,
        "\n    client-key-data: ",
        &key,
        "\n",
    ]
    .concat();
    Some(SecretText::new(text))
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
