//! A design in a link: `d1.` and base64url of what differs from the defaults. Secrets cannot be in it, for a design
//! has none. Needs no YAML, so that the page can read it before the worker runs.
//!
//! The bytes: for each field that differs, its letter from [`FIELDS`], then a text or a counted list; at the end `N`,
//! the number of nodes, and for each its name, addresses and a byte of roles. Lengths are LEB128.

use super::draft::{Draft, NodeDraft, Value};
use super::field::{FIELDS, ROLES};

/// Longest fragment that [`to_link`] makes and [`from_link`] takes, in characters: browsers and chat programs cut
/// longer ones.
pub const LONGEST_LINK: usize = 8_000;

const PREFIX: &str = "d1.";
/// Stands for the nodes; no field has this letter.
const NODES: u8 = b'N';
/// Set in the byte of roles when the roles follow as texts, because one of them is unknown.
const ODD_ROLES: u8 = 0x80;

/// Why there is no link, or no design in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The link has, or would have, this many characters, more than [`LONGEST_LINK`].
    TooLong(usize),
    /// It was made by a newer version, whose mark is this.
    Newer(String),
    /// It is not a link of ours, or was cut or changed on the way.
    Broken,
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong(length) => write!(
                out,
                "a link of {length} characters is too long: beyond {LONGEST_LINK} browsers and chat programs cut it. Save the design as a file instead"
            ),
            Self::Newer(mark) => {
                write!(out, "this link was made by a newer version of the workbench (it begins with {mark}); open it there, or ask for the design file")
            }
            Self::Broken => out.write_str("this link holds no design that can be read; it was probably cut on its way. Ask for it again, or for the design file"),
        }
    }
}

/// The fragment (without `#`) that reopens a draft.
///
/// # Errors
/// [`LinkError::TooLong`].
pub fn to_link(draft: &Draft) -> Result<String, LinkError> {
    let link = encode(draft);
    if link.len() > LONGEST_LINK { Err(LinkError::TooLong(link.len())) } else { Ok(link) }
}

/// The draft in a fragment. What stands behind an `&` (a selection) is not looked at.
///
/// # Errors
/// [`LinkError::TooLong`], [`LinkError::Newer`] or [`LinkError::Broken`].
pub fn from_link(fragment: &str) -> Result<Draft, LinkError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let design = fragment.split('&').next().unwrap_or_default();
    if design.len() > LONGEST_LINK {
        return Err(LinkError::TooLong(design.len()));
    }
    decode(design)
}

/// As [`to_link`], of any length: for handing a draft to the worker.
pub fn encode(draft: &Draft) -> String {
    let mut bytes = Vec::new();
    for row in FIELDS.iter().filter(|row| !draft.is_default(row.field)) {
        bytes.push(row.link);
        match draft.value(row.field) {
            Value::Text(text) => put_text(&mut bytes, text),
            Value::List(list) => put_list(&mut bytes, list),
        }
    }
    bytes.push(NODES);
    put_length(&mut bytes, draft.nodes.len());
    for node in &draft.nodes {
        put_text(&mut bytes, &node.name);
        put_list(&mut bytes, &node.addresses);
        match role_bits(&node.roles) {
            Some(bits) => bytes.push(bits),
            None => {
                bytes.push(ODD_ROLES);
                put_list(&mut bytes, &node.roles);
            }
        }
    }
    format!("{PREFIX}{}", to_base64url(&bytes))
}

/// As [`from_link`], of any length.
///
/// # Errors
/// [`LinkError::Newer`] or [`LinkError::Broken`].
pub fn decode(design: &str) -> Result<Draft, LinkError> {
    let Some(text) = design.strip_prefix(PREFIX) else {
        let (mark, _) = design.split_once('.').ok_or(LinkError::Broken)?;
        let number = mark.strip_prefix('d').and_then(|number| number.parse::<u32>().ok());
        return Err(if number.is_some_and(|number| number > 1) {
            LinkError::Newer(format!("{mark}."))
        } else {
            LinkError::Broken
        });
    };
    let bytes = from_base64url(text).ok_or(LinkError::Broken)?;
    let mut reader = Reader { bytes: &bytes };
    read(&mut reader).ok_or(LinkError::Broken)
}

/// Roles as bits, when each is known, none twice, and all in the table's order.
fn role_bits(roles: &[String]) -> Option<u8> {
    let mut bits = 0u8;
    let mut last = None;
    for role in roles {
        let index = ROLES.iter().position(|one| one == role)?;
        if last.is_some_and(|last| last >= index) {
            return None;
        }
        last = Some(index);
        bits |= 1 << index;
    }
    Some(bits)
}

fn put_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_length(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn put_list(bytes: &mut Vec<u8>, list: &[String]) {
    put_length(bytes, list.len());
    list.iter().for_each(|text| put_text(bytes, text));
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    fn length(&mut self) -> Option<usize> {
        let mut length = 0usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(length);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn list(&mut self) -> Option<Vec<String>> {
        let count = self.length()?;
        (0..count).map(|_| self.text()).collect()
    }
}

fn read(reader: &mut Reader<'_>) -> Option<Draft> {
    let mut draft = Draft::default();
    loop {
        let letter = reader.byte()?;
        if letter == NODES {
            break;
        }
        let row = FIELDS.iter().find(|row| row.link == letter)?;
        if row.is_list() {
            draft.set_list(row.field, reader.list()?);
        } else {
            draft.set_text(row.field, reader.text()?);
        }
    }
    let count = reader.length()?;
    for _ in 0..count {
        let (name, addresses, bits) = (reader.text()?, reader.list()?, reader.byte()?);
        let roles = if bits == ODD_ROLES {
            reader.list()?
        } else {
            let known = ROLES.iter().enumerate().filter(|(index, _)| bits & (1 << index) != 0);
            known.map(|(_, role)| (*role).to_owned()).collect()
        };
        draft.nodes.push(NodeDraft { name, addresses, roles });
    }
    reader.bytes.is_empty().then_some(draft)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648 section 5, without padding.
fn to_base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * index)) as usize & 63]));
        }
    }
    text
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0u32;
        for &letter in chunk {
            word = word << 6 | ALPHABET.iter().position(|&one| one == letter)? as u32;
        }
        word <<= 6 * (4 - chunk.len());
        let count = match chunk.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        bytes.extend_from_slice(&word.to_be_bytes()[1..=count]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Field;
    use crate::spec::preset::PRESETS;

    #[test]
    fn a_link_reopens_what_it_was_made_from() {
        for preset in PRESETS {
            let mut draft = preset.draft();
            draft.set_text(Field::ClusterName, "ünïcode ✓");
            draft.nodes[0].roles.push("odd".into());
            assert_eq!(from_link(&format!("#{}&s=ca@cluster", to_link(&draft).unwrap())), Ok(draft));
        }
        assert!(to_link(&PRESETS[1].draft()).unwrap().len() < 200);
    }

    #[test]
    fn every_cut_or_changed_link_is_refused_or_read_but_never_panics() {
        let link = to_link(&PRESETS[1].draft()).unwrap();
        for length in 0..link.len() {
            let _ = from_link(&link[..length]);
        }
        for bad in ["", "#", "d1", "d1.!", "x", "d0.AA", "d1.AA", "d1._____"] {
            assert_eq!(from_link(bad), Err(LinkError::Broken), "{bad}");
        }
        assert_eq!(from_link("#d2.abc"), Err(LinkError::Newer("d2.".into())));
    }

    #[test]
    fn a_link_that_browsers_would_cut_is_not_made() {
        let mut draft = PRESETS[1].draft();
        draft.nodes = (0..1000)
            .map(|index| NodeDraft { name: format!("w-{index}"), addresses: vec!["10.0.0.1".into()], roles: vec![] })
            .collect();
        assert!(matches!(to_link(&draft), Err(LinkError::TooLong(length)) if length > LONGEST_LINK));
        assert_eq!(from_link(&encode(&draft)), Err(LinkError::TooLong(encode(&draft).len())));
        assert_eq!(decode(&encode(&draft)), Ok(draft));
    }
}
