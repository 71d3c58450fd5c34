//! Words and signs of Rust source. Comments are passed over, and of literals none but plain strings keep their text, for
//! attributes that name files: what stands in either imports nothing. Macros' arguments are words like all others, which no parser of whole items would see.

use std::iter::from_fn;

/// What stands for a character, or for a string that is no plain one.
const LITERAL: &str = "\"";

/// A word, a sign, `::`, or a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// Counted from one.
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether it is a keyword or a name.
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(is_start)
    }
}

/// The tokens of a file.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut rest = source;
    let mut line = 1;
    let next = || {
        loop {
            let (text, length) = first(rest)?;
            let here = line;
            line += rest[..length].matches('\n').count();
            rest = &rest[length..];
            if let Some(text) = text {
                return Some(Token { text, line: here });
            }
        }
    };
    from_fn(next).collect()
}

/// The token that a text begins with, unless it begins with blanks or a comment, and the length of either.
fn first(text: &str) -> Option<(Option<&str>, usize)> {
    let start = text.chars().next()?;
    if start.is_whitespace() {
        return Some((None, text.len() - text.trim_start().len()));
    }
    if text.starts_with("//") {
        return Some((None, text.find('\n').unwrap_or(text.len())));
    }
    if text.starts_with("/*") {
        return Some((None, comment(text)));
    }
    if let Some(length) = literal(text) {
        return Some((Some(if start == '"' { &text[..length] } else { LITERAL }), length));
    }
    if start == '\'' {
        // A lifetime is no name that anything imports.
        return Some((None, 1 + word(&text[1..])));
    }
    let raw = if text.starts_with("r#") { 2 } else { 0 };
    let length = match word(&text[raw..]) {
        0 if text.starts_with("::") => 2,
        0 => start.len_utf8(),
        length => return Some((Some(&text[raw..raw + length]), raw + length)),
    };
    Some((Some(&text[..length]), length))
}

fn is_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// The length of the word or number that a text begins with.
fn word(text: &str) -> usize {
    text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len())
}

/// The length of a comment, others inside it included.
fn comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        let step = if text[at..].starts_with("/*") {
            depth += 1;
            2
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            2
        } else {
            1
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of the string or character that a text begins with.
fn literal(text: &str) -> Option<usize> {
    let prefix = word(text);
    let rest = &text[prefix..];
    match &text[..prefix] {
        "r" | "br" | "cr" => {
            let hashes = rest.len() - rest.trim_start_matches('#').len();
            let inside = rest[hashes..].strip_prefix('"')?;
            let end = format!("\"{}", &rest[..hashes]);
            Some(prefix + hashes + 1 + inside.find(&end).map_or(inside.len(), |at| at + end.len()))
        }
        "" | "b" | "c" if rest.starts_with('"') => Some(prefix + quoted(rest, '"')),
        "" | "b" if rest.starts_with('\'') => {
            let mut inside = rest[1..].chars();
            let is_character = inside.next()? == '\\' || inside.next() == Some('\'');
            is_character.then(|| prefix + quoted(rest, '\''))
        }
        _ => None,
    }
}

/// The length of what stands between two quotes, both included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text).collect()
    }

    #[test]
    fn what_is_no_code_names_nothing() {
        assert_eq!(texts("a /* b /* c */ d */ // e\nf"), ["a", "f"]);
        let literals = texts(r##""x \" y" r#"a "b" c"# b"d" 'e' '\'' b'f' '"' '🦀'"##);
        assert_eq!(literals[0], r#""x \" y""#);
        assert_eq!(literals[1..], [LITERAL; 7]);
        assert_eq!(texts("&'a str + 'b: loop"), ["&", "str", "+", ":", "loop"]);
        assert_eq!(texts("r#type r b"), ["type", "r", "b"]);
    }

    #[test]
    fn a_path_is_its_words_and_their_signs() {
        assert_eq!(
            texts("crate::a::B<'_>{1..=2}"),
            ["crate", "::", "a", "::", "B", "<", ">", "{", "1", ".", ".", "=", "2", "}"]
        );
        assert!(tokens("a")[0].is_word() && !tokens("1a")[0].is_word());
    }

    #[test]
    fn lines_are_counted_through_comments_and_literals() {
        let lines: Vec<usize> = tokens("a /* \n */ b\n\"\n\" c").iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }
}
