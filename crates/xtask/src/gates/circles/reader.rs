//! Reads one file's modules from its tokens.

use super::content::{Content, Declared, Path, Then, Use};
use super::tokens::{Token, tokens};

/// Reads a file.
pub(super) fn read(text: &str) -> Content {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut content = Content::default();
    reader.module(&mut content);
    content
}

/// Words before a path's first that make it no path of ours: a field, a method, or the rest of a path that begins elsewhere.
const BEHIND: &[&str] = &[".", "::"];

/// Words that define the one behind them.
const DEFINES: &[&str] = &["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The text of the token so many behind the next; nothing past the end.
    fn ahead(&self, more: usize) -> &'a str {
        self.tokens.get(self.at + more).map_or("", |token| token.text)
    }

    fn word_ahead(&self, more: usize) -> Option<&'a str> {
        self.tokens.get(self.at + more).filter(|token| token.is_word()).map(|token| token.text)
    }

    /// Reads to the end of the module, past its closing brace where it has one.
    fn module(&mut self, content: &mut Content) {
        let mut depth = 0_usize;
        let mut public = false;
        let mut named = Vec::new();
        while self.at < self.tokens.len() {
            let token = self.ahead(0);
            match token {
                "#" => {
                    match self.attribute() {
                        Attribute::Tests => self.pass_item(),
                        Attribute::File { name, always } => named.push((name, always)),
                        Attribute::Other => {}
                    }
                    continue;
                }
                "{" => depth += 1,
                "}" if depth == 0 => {
                    self.at += 1;
                    return;
                }
                "}" => depth -= 1,
                "pub" => {
                    self.at += 1;
                    if self.ahead(0) == "(" {
                        self.pass_group();
                    }
                    public = true;
                    continue;
                }
                "use" => {
                    self.at += 1;
                    let line = self.tokens[self.at - 1].line;
                    self.tree(&mut Vec::new(), line, public, &mut content.uses);
                    public = false;
                    continue;
                }
                "macro_rules" if self.ahead(1) == "!" => {
                    content.macros.extend(self.word_ahead(2).map(str::to_owned));
                    self.at += 2;
                }
                "mod" if depth == 0 && self.word_ahead(1).is_some() => {
                    self.child(content, std::mem::take(&mut named));
                    public = false;
                    continue;
                }
                word if depth == 0 && DEFINES.contains(&word) => {
                    let name = self.word_ahead(1).filter(|name| !DEFINES.contains(name));
                    content.items.extend(name.map(str::to_owned));
                    // The name itself is no path.
                    self.at += usize::from(name.is_some());
                }
                _ if self.tokens[self.at].is_word() => {
                    public = false;
                    self.path(content);
                    continue;
                }
                _ => {}
            }
            public = false;
            self.at += 1;
        }
    }

    /// Reads `mod name;` or `mod name { … }`; `named` are the files that attributes name, and whether they always hold.
    fn child(&mut self, content: &mut Content, named: Vec<(String, bool)>) {
        let name = self.ahead(1).to_owned();
        self.at += 3;
        match self.tokens.get(self.at - 1).map(|token| token.text) {
            Some("{") => {
                let mut inside = Content::default();
                self.module(&mut inside);
                content.inline.push((name, inside));
            }
            _ => {
                let usual = !named.iter().any(|(_, always)| *always);
                content.declared.push(Declared {
                    name,
                    named: named.into_iter().map(|(file, _)| file).collect(),
                    usual,
                });
            }
        }
    }

    /// Reads a path of code.
    fn path(&mut self, content: &mut Content) {
        let ours = self.at == 0 || !BEHIND.contains(&self.tokens[self.at - 1].text);
        let line = self.tokens[self.at].line;
        let mut words = vec![self.ahead(0).to_owned()];
        self.at += 1;
        while self.ahead(0) == "::" && self.word_ahead(1).is_some() {
            words.push(self.ahead(1).to_owned());
            self.at += 2;
        }
        let then = match self.ahead(0) {
            "(" => Then::Call,
            "!" => Then::Macro,
            _ => Then::Else,
        };
        content.paths.extend(ours.then_some(Path { words, line, then }));
    }

    /// Reads the rest of a `use` behind some words, up to its `;`, or to what ends it in a group.
    fn tree(&mut self, before: &mut Vec<String>, line: usize, public: bool, uses: &mut Vec<Use>) {
        let length = before.len();
        // A leading `::` is another crate.
        if self.ahead(0) == "::" {
            before.push(String::new());
            self.at += 1;
        }
        loop {
            match self.ahead(0) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.ahead(0), "}" | "") {
                        self.tree(before, line, public, uses);
                        self.at += usize::from(self.ahead(0) == ",");
                    }
                    self.at += 1;
                    break;
                }
                "*" => {
                    self.at += 1;
                    let path = Path { words: before.clone(), line, then: Then::Else };
                    uses.push(Use { path, name: "*".to_owned(), public });
                    break;
                }
                _ => {}
            }
            let Some(word) = self.word_ahead(0) else { break };
            self.at += 1;
            // `{self}` is what stands before the braces.
            if !(word == "self" && !before.is_empty()) {
                before.push(word.to_owned());
            }
            if self.ahead(0) == "::" {
                self.at += 1;
                continue;
            }
            let mut name = before.last().cloned().unwrap_or_default();
            if self.ahead(0) == "as" {
                name = self.ahead(1).to_owned();
                self.at += 2;
            }
            uses.push(Use { path: Path { words: before.clone(), line, then: Then::Else }, name, public });
            break;
        }
        before.truncate(length);
    }

    /// Passes over an attribute.
    fn attribute(&mut self) -> Attribute {
        self.at += 1;
        self.at += usize::from(self.ahead(0) == "!");
        let start = self.at;
        if self.ahead(0) == "[" {
            self.pass_group();
        }
        let words: Vec<&str> = self.tokens[start..self.at].iter().map(|token| token.text).collect();
        match words.as_slice() {
            ["[", "cfg", "(", "test", ")", "]"] | ["[", "cfg", "(", "all", "(", "test", ..] | ["[", "test", "]"] => {
                Attribute::Tests
            }
            ["[", "path", "=", file, "]"] | ["[", "cfg_attr", "(", .., "path", "=", file, ")", "]"] => {
                Attribute::File { name: file.trim_matches('"').to_owned(), always: words[1] == "path" }
            }
            _ => Attribute::Other,
        }
    }

    /// Passes over the item, field or statement behind an attribute.
    fn pass_item(&mut self) {
        let mut ends_at_comma = true;
        while self.at < self.tokens.len() {
            match self.ahead(0) {
                // What is behind further attributes is still the same.
                "#" => drop(self.attribute()),
                "use" => {
                    self.at += 1;
                    self.tree(&mut Vec::new(), 0, false, &mut Vec::new());
                }
                "fn" | "impl" | "struct" | "enum" | "trait" | "type" => {
                    ends_at_comma = false;
                    self.at += 1;
                }
                "{" => return self.pass_group(),
                "(" | "[" => self.pass_group(),
                ";" => {
                    self.at += 1;
                    return;
                }
                "," if ends_at_comma => {
                    self.at += 1;
                    return;
                }
                // The last of a group.
                "}" | ")" | "]" => return,
                _ => self.at += 1,
            }
        }
    }

    /// Passes over a bracket and all up to the one that closes it.
    fn pass_group(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.ahead(0) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

/// What an attribute is to us.
enum Attribute {
    /// What stands behind it is compiled for tests alone.
    Tests,
    /// It names a module's file, always or under a condition.
    File {
        name: String,
        always: bool,
    },
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(text: &str) -> Vec<String> {
        let uses = read(text).uses;
        uses.iter()
            .map(|one| format!("{} {}{}", one.path.words.join("::"), if one.public { "pub " } else { "" }, one.name))
            .collect()
    }

    fn paths(text: &str) -> Vec<String> {
        read(text).paths.iter().map(|path| path.words.join("::")).filter(|path| path.contains("::")).collect()
    }

    #[test]
    fn every_name_of_a_use_is_read() {
        assert_eq!(
            used("use crate::a::{self, B as C, d::{E, F}}; pub(crate) use super::g::*; use ::h::I;"),
            ["crate::a a", "crate::a::B C", "crate::a::d::E E", "crate::a::d::F F", "super::g pub *", "::h::I I"]
        );
        assert_eq!(used("fn f() { use crate::a::B; }"), ["crate::a::B B"]);
    }

    #[test]
    fn paths_of_code_are_read_in_macros_too() {
        assert_eq!(
            paths("fn f(x: &crate::a::B) -> c::D { html! { <E f={super::g::h(x.i::<j::K>())} /> } }"),
            ["crate::a::B", "c::D", "super::g::h", "j::K"]
        );
    }

    #[test]
    fn what_is_for_tests_alone_is_passed_over() {
        let text = "#[cfg(test)] mod tests; #[cfg(test)] use a::{B, C}; \
                    #[cfg(test)] #[allow(x)] fn f<A, B>(x: c::D) { e::f() } \
                    #[cfg(test)] mod more { use super::*; fn g() { h::i() } } \
                    impl X { #[cfg(test)] const Y: [u8; 3] = j::k(); fn l() { m::n() } } \
                    struct O { #[cfg(test)] p: q::R, s: t::U }";
        let content = read(text);
        assert!(content.declared.is_empty() && content.inline.is_empty() && content.uses.is_empty());
        assert_eq!(paths(text), ["m::n", "t::U"]);
        assert_eq!(paths("#[cfg(any(test, feature = \"x\"))] fn f() { a::b() }"), ["a::b"]);
    }

    #[test]
    fn modules_items_and_macros_are_told_apart() {
        let text =
            "mod a; pub mod b { struct C; mod d; } macro_rules! e { () => {} } pub const fn f() {} static G: u8 = 1;";
        let content = read(text);
        let usual = |name: &str| Declared { name: name.to_owned(), named: Vec::new(), usual: true };
        assert_eq!(content.declared, [usual("a")]);
        assert_eq!((content.inline[0].0.as_str(), &content.inline[0].1.declared), ("b", &vec![usual("d")]));
        assert_eq!(content.macros, ["e"]);
        assert_eq!(content.items.iter().collect::<Vec<_>>(), ["G", "f"]);
        let named = |text| {
            let Declared { name, named, usual } = read(text).declared.remove(0);
            format!("{name} {} {usual}", named.join(" "))
        };
        assert_eq!(named("#[path = \"x.rs\"] mod y;"), "y x.rs false");
        assert_eq!(named("#[cfg_attr(not(feature = \"z\"), path = \"x.rs\")] mod y;"), "y x.rs true");
    }
}
