//! What a kubeconfig embeds, as this tool writes it.

use kubepki_issuance::SecretText;
use kubepki_verification::TooLong;

/// The client certificate that a kubeconfig embeds, PEM.
pub fn client_certificate(kubeconfig: &str) -> Option<String> {
    field(kubeconfig, "client-certificate-data")
}

/// The copy of the CA that a kubeconfig embeds, PEM.
pub fn certificate_authority(kubeconfig: &str) -> Option<String> {
    field(kubeconfig, "certificate-authority-data")
}

/// A certificate that is too long to be read of somebody else's file, be it PEM or a kubeconfig; nothing where there is none.
pub fn too_long(file: &str) -> Option<TooLong> {
    match is_kubeconfig(file) {
        true => [client_certificate(file), certificate_authority(file)]
            .iter()
            .flatten()
            .find_map(|pem| TooLong::in_pem(pem)),
        false => TooLong::in_pem(file),
    }
}

/// Whether a text is a kubeconfig.
pub(crate) fn is_kubeconfig(text: &str) -> bool {
    text.starts_with("apiVersion:")
}

/// A field, decoded.
pub(crate) fn field(kubeconfig: &str, name: &str) -> Option<String> {
    secret(kubeconfig, name).map(|text| text.expose().to_owned())
}

/// A secret field, decoded.
pub(crate) fn secret(kubeconfig: &str, name: &str) -> Option<SecretText> {
    let line = kubeconfig.lines().find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(": "))?;
    SecretText::from_base64(line.trim())
}
