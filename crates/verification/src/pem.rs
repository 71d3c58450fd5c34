//! PEM as Go's encoding/pem reads it: whatever is no block is passed over.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// One block. What it holds may be secret.
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) has_headers: bool,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// The well-formed blocks of a text, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = start(rest) {
        let body = &rest[at + BEGIN.len()..];
        match block(body) {
            Some((block, after)) => {
                found.push(block);
                rest = after;
            }
            None => rest = body,
        }
    }
    found
}

/// The first `PUBLIC KEY` of a text, DER SubjectPublicKeyInfo; nothing where it holds none.
pub fn public_key_der(text: &str) -> Option<Vec<u8>> {
    blocks(text).into_iter().find(|block| block.label == "PUBLIC KEY").map(|block| block.der.to_vec())
}

/// Where a BEGIN line begins: at the start, or behind a line break.
fn start(text: &str) -> Option<usize> {
    text.match_indices(BEGIN).map(|(at, _)| at).find(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n')
}

fn block(text: &str) -> Option<(Block<'_>, &str)> {
    let (line, mut body) = text.split_once('\n')?;
    let label = line.trim_end().strip_suffix(DASHES)?;
    let mut has_headers = false;
    while let Some((line, rest)) =
        body.split_once('\n').filter(|(line, _)| line.contains(':') && !line.starts_with('-'))
    {
        has_headers |= !line.is_empty();
        body = rest;
    }
    let end = format!("-----END {label}-----");
    let at = body.find(&end)?;
    let mut encoded = Zeroizing::new(String::with_capacity(at));
    encoded.extend(body[..at].chars().filter(|one| !one.is_ascii_whitespace()));
    let der = Zeroizing::new(Base64::decode_vec(&encoded).ok()?);
    Some((Block { label, has_headers, der }, &body[at + end.len()..]))
}
