//! PEM (RFC 7468), 64 columns, LF: as Go's `encoding/pem` writes it.

use pem_rfc7468::LineEnding;
use zeroize::Zeroizing;

use crate::key::KeyError;

/// Bytes as one PEM block. The label is one of this crate's own.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    // One buffer of the right size from the start: a private key leaves no half-written copy behind.
    pem_rfc7468::encode_string(label, LineEnding::LF, der).expect("a label of this crate is a valid PEM label")
}

/// The first block whose label is among `labels`, with that label. Other blocks are skipped, as kubeadm does.
///
/// # Errors
/// When there is none, or it is not well-formed.
pub(crate) fn decode<'a>(
    text: &'a str,
    labels: &[&'static str],
) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
    const BEGIN: &str = "-----BEGIN ";
    let mut seen = Vec::new();
    for (at, _) in text.match_indices(BEGIN) {
        let block: &'a str = &text[at..];
        let Some((label, _)) = block[BEGIN.len()..].split_once("-----") else { continue };
        let Some(label) = labels.iter().copied().find(|one| *one == label) else {
            // A label is not secret; what follows it may be.
            seen.push(label.chars().take(40).collect::<String>());
            continue;
        };
        let footer = format!("-----END {label}-----");
        let Some(end) = block.find(&footer) else {
            return Err(KeyError::BadPem { label, why: "its END line is missing" });
        };
        return match pem_rfc7468::decode_vec(&block.as_bytes()[..end + footer.len()]) {
            Ok((_, der)) => Ok((label, Zeroizing::new(der))),
            Err(_) => Err(KeyError::BadPem { label, why: "what stands between its BEGIN and END lines is not base64" }),
        };
    }
    Err(KeyError::NoPem { seen })
}
