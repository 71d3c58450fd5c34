//! Short names for what WebAssembly imports from its glue. wasm-bindgen's carry a hash each, which no compression makes
//! smaller, once in the glue and once in the module.

use crate::files::Result;

/// The id of the import section (WebAssembly core specification, 5.5.2).
const IMPORTS: u8 = 2;

/// The glue and the module with every hashed name of an import shortened, the same way in both.
///
/// # Errors
/// A sentence, where the module is none or an import is not in the glue.
pub(crate) fn shorten(glue: &str, module: &[u8]) -> Result<(String, Vec<u8>)> {
    let (start, end) = section(module, IMPORTS).ok_or("the module has no import section that can be read")?;
    let mut names: Vec<String> = Vec::new();
    let mut body = Vec::new();
    let mut at = start;
    let count = number(module, &mut at).ok_or("the import section ends early")?;
    write_number(&mut body, count);
    for _ in 0..count {
        let from = text(module, &mut at).ok_or("an import has no module")?;
        let name = text(module, &mut at).ok_or("an import has no name")?;
        write_text(&mut body, from);
        match is_hashed(name) {
            true => {
                names.push(name.to_owned());
                write_text(&mut body, &short(names.len() - 1));
            }
            false => write_text(&mut body, name),
        }
        let kind = at;
        skip_kind(module, &mut at).ok_or("an import is of an unknown kind")?;
        body.extend_from_slice(&module[kind..at]);
    }
    if at != end {
        return Err("the import section is longer than its imports".into());
    }
    let glue = renamed(glue, &names)?;
    // The header of the section: its id, and its length.
    let mut shortened = module[..header(module, IMPORTS).ok_or("the module has no import section")?].to_vec();
    shortened.push(IMPORTS);
    write_number(&mut shortened, body.len() as u32);
    shortened.extend_from_slice(&body);
    shortened.extend_from_slice(&module[end..]);
    Ok((glue, shortened))
}

/// The glue with short names as keys.
fn renamed(glue: &str, names: &[String]) -> Result<String> {
    let mut pieces = glue.to_owned();
    for (index, name) in names.iter().enumerate() {
        match pieces.matches(name.as_str()).count() {
            1 => pieces = pieces.replacen(name.as_str(), &short(index), 1),
            found => return Err(format!("the glue has {name} {found} times instead of once")),
        }
    }
    Ok(pieces)
}

/// `$a`, `$b`, … `$a1`: no name that wasm-bindgen makes begins so.
fn short(index: usize) -> String {
    let letter = char::from(b'a' + (index % 26) as u8);
    match index / 26 {
        0 => format!("${letter}"),
        round => format!("${letter}{round}"),
    }
}

/// Whether a name ends in a hash of sixteen digits behind an underscore.
fn is_hashed(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|one| one.is_ascii_hexdigit()))
}

/// Where the content of a section begins and ends.
fn section(module: &[u8], id: u8) -> Option<(usize, usize)> {
    let mut at = header(module, id)? + 1;
    let length = number(module, &mut at)? as usize;
    (at + length <= module.len()).then_some((at, at + length))
}

/// Where a section's id stands.
fn header(module: &[u8], id: u8) -> Option<usize> {
    let mut at = module.starts_with(b"\0asm").then_some(8)?;
    while *module.get(at)? != id {
        at += 1;
        let length = number(module, &mut at)? as usize;
        at += length;
    }
    Some(at)
}

/// An unsigned LEB128 number.
fn number(module: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = *module.get(*at)?;
        *at += 1;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn write_number(to: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

fn text<'a>(module: &'a [u8], at: &mut usize) -> Option<&'a str> {
    let length = number(module, at)? as usize;
    let text = module.get(*at..*at + length)?;
    *at += length;
    std::str::from_utf8(text).ok()
}

fn write_text(to: &mut Vec<u8>, text: &str) {
    write_number(to, text.len() as u32);
    to.extend_from_slice(text.as_bytes());
}

/// Passes over what is imported: a function's type, or the type of a table, memory or global.
fn skip_kind(module: &[u8], at: &mut usize) -> Option<()> {
    let kind = *module.get(*at)?;
    *at += 1;
    let limits = |at: &mut usize| {
        let flags = number(module, at)?;
        number(module, at)?;
        if flags & 1 == 1 {
            number(module, at)?;
        }
        Some(())
    };
    match kind {
        0 => number(module, at).map(drop),
        1 => {
            *at += 1;
            limits(at)
        }
        2 => limits(at),
        3 => {
            *at += 2;
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that imports two functions and a memory, with a custom section behind.
    fn module(first: &str) -> Vec<u8> {
        let mut imports = vec![3];
        for (name, kind) in [(first, &[0, 0][..]), ("plain", &[0, 1]), ("memory", &[2, 1, 1, 2])] {
            write_text(&mut imports, "./glue.js");
            write_text(&mut imports, name);
            imports.extend_from_slice(kind);
        }
        let mut module = b"\0asm\x01\0\0\0\x01\x01\0".to_vec();
        module.push(IMPORTS);
        write_number(&mut module, imports.len() as u32);
        module.extend_from_slice(&imports);
        module.extend_from_slice(&[0, 3, 1, b'x', 9]);
        module
    }

    #[test]
    fn hashed_names_are_shortened_in_both() {
        let long = "__wbg_appendChild_dbf7ad2f48413560";
        let glue = format!("return{{{long}:function(){{}},plain:f}}");
        let (glue, shortened) = shorten(&glue, &module(long)).unwrap();
        assert_eq!(glue, "return{$a:function(){},plain:f}");
        assert_eq!(shortened, module("$a"));
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let long = "__wbg_appendChild_dbf7ad2f48413560";
        assert!(shorten("nothing", &module(long)).unwrap_err().contains("0 times"));
        assert!(shorten("", b"no module").is_err());
        assert!(shorten("", &module(long)[..20]).is_err());
    }

    #[test]
    fn short_names_differ() {
        let mut names: Vec<String> = (0..400).map(short).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 400);
    }
}
