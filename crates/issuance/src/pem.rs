//! PEM (RFC 7468), 64 columns, LF: as Go's `encoding/pem` writes it.

use pem_rfc7468::{Decoder, LineEnding};
use zeroize::Zeroizing;

use crate::key::KeyError;

/// Bytes as one PEM block. The label is one of this crate's own.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    // One buffer of the right size from the start: a private key leaves no half-written copy behind.
    pem_rfc7468::encode_string(label, LineEnding::LF, der).expect("a label of this crate is a valid PEM label")
}

/// Labels of other blocks that an error names: more tell nobody more.
const MOST_NAMED: usize = 8;

/// The first block whose label is among `labels`, with that label. Other blocks are skipped, as kubeadm does.
///
/// # Errors
/// When there is none, or it is not well-formed.
pub(crate) fn decode<'a>(
    text: &'a str,
    labels: &[&'static str],
) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
    const BEGIN: &str = "-----BEGIN ";
    let mut seen: Vec<String> = Vec::new();
    for (at, _) in text.match_indices(BEGIN) {
        let block: &'a str = &text[at..];
        let Some((label, _)) = block[BEGIN.len()..].split_once("-----") else { continue };
        let Some(label) = labels.iter().copied().find(|one| *one == label) else {
            // A label is not secret; what follows it may be.
            let label: String = label.chars().take(40).collect();
            if seen.len() < MOST_NAMED && !seen.contains(&label) {
                seen.push(label);
            }
            continue;
        };
        let footer = format!("-----END {label}-----");
        let Some(end) = block.find(&footer) else {
            return Err(KeyError::BadPem { label, why: "its END line is missing" });
        };
        let mut der = Zeroizing::new(Vec::new());
        let decoded = Decoder::new(&block.as_bytes()[..end + footer.len()])
            .and_then(|mut decoder| decoder.decode_to_end(&mut der).map(|_| ()));
        return match decoded {
            Ok(()) => Ok((label, der)),
            Err(_) => Err(KeyError::BadPem { label, why: "what stands between its BEGIN and END lines is not base64" }),
        };
    }
    Err(KeyError::NoPem { seen })
}
