//! Bytes to text: what can be refused before any parser looks at it.

use std::collections::HashMap;

use kubepki_core::diag::{Diagnostic, Position};
use kubepki_core::spec::parse::MOST_NODES;

/// Longest text that is read as YAML, in bytes.
pub const LONGEST: usize = 1024 * 1024;
/// Deepest nesting of lists and mappings.
pub const DEEPEST: usize = 64;

/// Why nothing more is read. Boxed, for it is large and rare.
pub(crate) type Refusal = Box<Diagnostic>;

/// Texts that come in any order, each with a number: one type of map for all, because each more is code to fetch.
pub(crate) type Index = HashMap<String, usize>;

/// What a text may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes.
    pub(crate) bytes: usize,
    /// Lines, and items in brackets, which count [`IN_BRACKETS`] each.
    pub(crate) items: usize,
}

/// What a design and kubeadm's configuration may have. The design of 10,000 nodes has 30,000 lines and as many items.
pub(crate) const YAML: Limits = Limits { bytes: LONGEST, items: 100_000 };
/// How much more work an item in brackets is than a line.
const IN_BRACKETS: usize = 4;

/// The text in these bytes, without byte order mark.
///
/// # Errors
/// It is beyond the limits, not UTF-8, holds control characters, or nests brackets deeper than [`DEEPEST`].
pub(crate) fn text(bytes: &[u8], limits: Limits) -> Result<&str, Refusal> {
    if bytes.len() > limits.bytes {
        let message = format!("the text is longer than {} MiB, the most that is read", limits.bytes >> 20);
        let hint = format!("a design of {MOST_NODES} nodes is shorter; is this the right file?");
        let found = Diagnostic::error("text-too-long", "", message).with_hint(hint);
        return Err(found.at(Position { line: 1, column: 1 }).into());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        // The bytes before the error are UTF-8, so that the place can be counted in characters.
        let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let message = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the text is UTF-16, not UTF-8".to_owned(),
            _ => format!("byte 0x{:02x} here is not UTF-8", bytes[error.valid_up_to()]),
        };
        Diagnostic::error("text-not-utf8", "", message).with_hint("save the file as UTF-8").at(end_of(good))
    })?;
    printable(text)?;
    structure(text, limits)?;
    Ok(text)
}

/// The place right behind a text.
pub(crate) fn end_of(text: &str) -> Position {
    let line = text.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position { line: number(line), column: number(column) }
}

/// A count as it stands in a [`Position`].
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// YAML has no control characters but tab and line ends (YAML 1.2.2, 5.1). In UTF-8 those beyond ASCII are 0xC2 and a
/// second byte below 0xA0, of which 0x85 ends a line.
fn printable(text: &str) -> Result<(), Refusal> {
    let bytes = text.as_bytes();
    let ascii = bytes.iter().position(|&byte| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f);
    let beyond = bytes.windows(2).position(|pair| pair[0] == 0xc2 && pair[1] < 0xa0 && pair[1] != 0x85);
    match ascii.into_iter().chain(beyond).min() {
        None => Ok(()),
        Some(index) => {
            let code = text[index..].chars().next().map_or(0, u32::from);
            let message = format!("control character U+{code:04X} cannot stand in YAML");
            let hint = "remove it; is this a text file?";
            Err(Diagnostic::error("text-control", "", message).with_hint(hint).at(end_of(&text[..index])).into())
        }
    }
}

/// Refuses brackets nested too deep, and more items than are read. The parser must look ahead to the closing bracket
/// before it reports the opening one, and its work grows with the depth, so that counting its events would come too late.
fn structure(text: &str, limits: Limits) -> Result<(), Refusal> {
    let (mut depth, mut items) = (0usize, 0usize);
    let mut quote = None::<u8>;
    // Whether a quote or bracket here would begin a value rather than stand inside one.
    let mut begins = true;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((index, byte)) = bytes.next() {
        match (quote, byte) {
            (_, b'\n') => items += 1,
            (Some(b'"'), b'\\') => drop(bytes.next()),
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if begins => quote = Some(byte),
            (None, b'#') if begins => while bytes.next_if(|&(_, byte)| byte != b'\n').is_some() {},
            (None, b'[' | b'{') if begins || depth > 0 => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(too_deep(end_of(&text[..index])).into());
                }
            }
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b',') if depth > 0 => items += IN_BRACKETS,
            (None, _) => {}
        }
        if items > limits.items {
            let message = "the text has more lines and items than are read".to_owned();
            let hint = format!("at most {} lines, an item in brackets counting as {IN_BRACKETS}", limits.items);
            let at = end_of(&text[..index]);
            return Err(Diagnostic::error("text-too-many-items", "", message).with_hint(hint).at(at).into());
        }
        begins = quote.is_none() && matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',' | b':' | b'-');
    }
    Ok(())
}

/// The finding for nesting beyond [`DEEPEST`].
pub(crate) fn too_deep(at: Position) -> Diagnostic {
    let message = format!("lists and mappings are nested more than {DEEPEST} deep here");
    Diagnostic::error("yaml-depth", "", message)
        .with_hint("no configuration nests so deep; is this the right file?")
        .at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> (String, Position) {
        let found = text(bytes, YAML).expect_err("refused");
        (found.message, found.position.expect("a place"))
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        assert_eq!(refusal(b"a: b\n\xc3\xa9\xff").1, Position { line: 2, column: 2 });
        assert!(refusal(b"\xff\xfea\0").0.contains("UTF-16"));
        assert_eq!(refusal(b"a: \x07").1, Position { line: 1, column: 4 });
        assert_eq!(refusal("é: \u{9f}".as_bytes()).1, Position { line: 1, column: 4 });
        assert!(text("é\u{85}\u{a0}".as_bytes(), YAML).is_ok());
        assert!(refusal(&vec![b'a'; LONGEST + 1]).0.contains("1 MiB"));
        assert_eq!(text(b"\xef\xbb\xbfa", YAML).ok(), Some("a"));
    }

    #[test]
    fn brackets_count_where_they_open_something() {
        assert_eq!(refusal("[".repeat(65).as_bytes()).1, Position { line: 1, column: 65 });
        assert!(text(format!("\"{}\"", "[".repeat(500)).as_bytes(), YAML).is_ok());
        assert!(text(format!("a # {}\n", "[ ".repeat(500)).as_bytes(), YAML).is_ok());
        assert!(text("a[b[c[".repeat(100).as_bytes(), YAML).is_ok());
        assert_eq!(refusal(format!("[{}", "a,".repeat(25_001)).as_bytes()).1, Position { line: 1, column: 50_003 });
        assert_eq!(refusal("\n".repeat(100_001).as_bytes()).1, Position { line: 100_001, column: 1 });
        assert!(text(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes(), YAML).is_ok());
    }
}
