//! PEM as Go's encoding/pem reads it (`pem.Decode`): the first END line, and the last BEGIN line before it. Whatever is no
//! block is passed over. Every octet is looked at a fixed number of times, whatever the text is.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// One block. What it holds may be secret.
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) has_headers: bool,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "\n-----END ";
const DASHES: &str = "-----";

/// The well-formed blocks of a text, in order, each read when it is asked for.
pub(crate) fn blocks(text: &str) -> Blocks<'_> {
    Blocks { rest: text }
}

/// The first `PUBLIC KEY` of a text, DER SubjectPublicKeyInfo; nothing where it holds none.
pub fn public_key_der(text: &str) -> Option<Vec<u8>> {
    blocks(text).find(|block| block.label == "PUBLIC KEY").map(|block| block.der.to_vec())
}

pub(crate) struct Blocks<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let text = self.rest;
        // Go ends at the first text without a block, whatever it has not looked at.
        self.rest = "";
        let mut from = 0;
        loop {
            let end = from + text[from..].find(END)?;
            match block(text, from, end) {
                Found::Block(block) => {
                    // Behind the END line, which begins at this line break.
                    self.rest = line(&text[end + 1..]).1;
                    return Some(block);
                }
                Found::Nothing => from = end + END.len(),
                Found::TheEnd => return None,
            }
        }
    }
}

/// What stands before an END line.
enum Found<'a> {
    Block(Block<'a>),
    /// Nothing that counts: another END line may follow.
    Nothing,
    /// Headers that run on over the END line: Go reads no further.
    TheEnd,
}

/// Reads the block whose END line is behind the line break at `end`; it begins at `from` or later.
fn block(text: &str, from: usize, end: usize) -> Found<'_> {
    let trailer = end + END.len();
    let Some(begin) = text[from..end].rfind(BEGIN).map(|at| from + at) else { return Found::Nothing };
    if begin > from && text.as_bytes()[begin - 1] != b'\n' {
        return Found::Nothing;
    }
    let (first, mut body) = line(&text[begin + BEGIN.len()..]);
    let Some(label) = first.strip_suffix(DASHES) else { return Found::Nothing };
    let mut has_headers = false;
    loop {
        if body.is_empty() {
            return Found::TheEnd;
        }
        let (header, rest) = line(body);
        if !header.contains(':') {
            break;
        }
        has_headers = true;
        body = rest;
    }
    let body = text.len() - body.len();
    if body > trailer {
        return Found::TheEnd;
    }
    // Headers end with a line break of their own.
    if has_headers && body > end {
        return Found::Nothing;
    }
    let closes = |rest: &str| line(rest).0.is_empty();
    if !text[trailer..].strip_prefix(label).and_then(|rest| rest.strip_prefix(DASHES)).is_some_and(closes) {
        return Found::Nothing;
    }
    match decode(text.get(body..end).unwrap_or_default()) {
        Some(der) => Found::Block(Block { label, has_headers, der }),
        None => Found::Nothing,
    }
}

/// A line without its end and the blanks before that, and what follows it.
fn line(text: &str) -> (&str, &str) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line.strip_suffix('\r').unwrap_or(line), rest),
        None => (text, ""),
    };
    (line.trim_end_matches([' ', '\t']), rest)
}

/// Base64 with line breaks and blanks anywhere. As in Go, bits behind the last octet may be anything.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut encoded = Zeroizing::new(Vec::with_capacity(text.len()));
    encoded.extend(text.bytes().filter(|one| !b" \t\r\n".contains(one)));
    if !encoded.len().is_multiple_of(4) {
        return None;
    }
    let padding = encoded.iter().rev().take(2).take_while(|one| **one == b'=').count();
    // As zero bits these octets come out with the others, and are cut off.
    let unpadded = encoded.len() - padding;
    encoded[unpadded..].fill(b'A');
    let mut der = Zeroizing::new(vec![0; encoded.len() / 4 * 3]);
    let length = Base64::decode(&encoded[..], &mut der).ok()?.len();
    der.truncate(length.checked_sub(padding)?);
    Some(der)
}
