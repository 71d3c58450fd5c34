//! Which file of a crate imports which other.
//!
//! A file imports another when its code needs what that one defines:
//!
//! - a `use`, and a path in code, of something that stands in the other file; whoever hands it on by `pub use` is looked
//!   through, so that it is the file that defines it which counts;
//! - the name of a module is no import, in `use crate::a;` neither: what is then taken from it by `a::B` is;
//! - `mod a;` is none, and neither is `pub use a::B;`, where the module does not name `B` itself: so a folder's `mod.rs` may
//!   declare and hand on what its files define, and a file may take a neighbour's things from there.
//!
//! What a macro or a method's receiver brings without a word of it in the file is not seen.

use super::content::{Path, Then};
use super::modules::{Id, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Where a file imports another: the line, and what it takes there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) line: usize,
    pub(super) path: String,
}

/// The first import of each file from each other, as `(from, to)`.
pub(super) type Imports = BTreeMap<(String, String), Import>;

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target<'a> {
    Module(Id),
    /// Something that this file defines.
    Within(&'a str),
}

/// The names that are being looked up, each in its module, and whether more of the path follows: `use a::a;` asks for both.
type Seen = BTreeSet<(Id, String, bool)>;

/// The imports of a crate.
pub(super) fn imports(tree: &Tree) -> Imports {
    let mut all = Imports::new();
    for (id, module) in tree.modules.iter().enumerate() {
        let uses = module.uses.iter().filter(|one| !one.public).map(|one| &one.path);
        // Where a module and a function share a name, `use` brings both; which of them is used, a path tells.
        let uses = uses.filter_map(|path| Some((path, tree.target(id, &path.words, true, &mut Seen::new())?)));
        let paths = module.paths.iter().filter_map(|path| Some((path, tree.named(id, path)?)));
        for (path, target) in uses.chain(paths) {
            let Target::Within(file) = target else { continue };
            if file != module.file {
                let import = Import { line: path.line, path: path.words.join("::") };
                let first = all.entry((module.file.clone(), file.to_owned())).or_insert_with(|| import.clone());
                *first = import.min(first.clone());
            }
        }
    }
    all
}

impl Tree {
    /// What a path in a module's code leads to.
    fn named(&self, id: Id, path: &Path) -> Option<Target<'_>> {
        let [word] = path.words.as_slice() else { return self.target(id, &path.words, false, &mut Seen::new()) };
        // A small letter may begin the name of a variable or a field as well.
        let is_name = path.then != Then::Else || word.starts_with(char::is_uppercase);
        let found = is_name.then(|| self.target(id, &path.words, false, &mut Seen::new())).flatten();
        found.or_else(|| self.macros.get(word).filter(|_| path.then == Then::Macro).map(|file| Target::Within(file)))
    }

    /// What a path leads to from a module; nothing where that is another crate or unknown. With `inner`, more follows.
    fn target<'a>(&'a self, from: Id, words: &[String], inner: bool, seen: &mut Seen) -> Option<Target<'a>> {
        let last = words.len() - 1;
        let mut here = from;
        // A first word that is not found is another crate's, or a local name.
        let mut ours = false;
        for (index, word) in words.iter().enumerate() {
            match word.as_str() {
                "crate" => here = self.top(here),
                "self" => {}
                "super" => here = self.modules[here].parent?,
                _ => match self.found(here, word, inner || index < last, seen) {
                    Some(Target::Module(next)) => here = next,
                    Some(within) => return Some(within),
                    // Made by a macro, most likely, in the module where it is looked for.
                    None => return ours.then_some(Target::Within(self.modules[here].file.as_str())),
                },
            }
            ours = true;
        }
        Some(Target::Module(here))
    }

    fn top(&self, mut id: Id) -> Id {
        while let Some(parent) = self.modules[id].parent {
            id = parent;
        }
        id
    }

    /// What a name means in a module. With `inner`, more of the path follows.
    fn found<'a>(&'a self, id: Id, name: &str, inner: bool, seen: &mut Seen) -> Option<Target<'a>> {
        if !seen.insert((id, name.to_owned(), inner)) {
            return None;
        }
        let module = &self.modules[id];
        let child = || module.children.get(name).map(|&child| Target::Module(child));
        let item = || module.items.contains(name).then_some(Target::Within(module.file.as_str()));
        let by_macro = || self.macros.get(name).filter(|file| **file == module.file).map(|file| Target::Within(file));
        let mut through = |glob: bool| {
            let uses = module.uses.iter().filter(|one| if glob { one.name == "*" } else { one.name == name });
            uses.filter_map(|one| match glob {
                false => self.target(id, &one.path.words, inner, seen),
                true => match self.target(id, &one.path.words, true, seen)? {
                    Target::Module(other) => self.found(other, name, inner, seen),
                    // All variants of an enum: none is told from any other name.
                    Target::Within(_) => None,
                },
            })
            .collect::<Vec<_>>()
        };
        let mut taken = through(false);
        if inner {
            // Only a module or a type has something inside; where a module and a function share a name, the module is meant.
            taken.sort_by_key(|target| matches!(target, Target::Within(_)));
            let found = child().or_else(|| taken.first().copied()).or_else(item).or_else(by_macro);
            return found.or_else(|| through(true).first().copied());
        }
        taken.sort_by_key(|target| matches!(target, Target::Module(_)));
        let found = item().or_else(|| taken.first().copied()).or_else(child).or_else(by_macro);
        found.or_else(|| through(true).first().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::super::modules::Sources;
    use super::*;

    /// `from > to` of each import between these files.
    fn between(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Sources = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        let tree = Tree::read(&sources).unwrap();
        imports(&tree).keys().map(|(from, to)| format!("{from} > {to}")).collect()
    }

    #[test]
    fn what_is_handed_on_is_of_the_file_that_defines_it() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod c; pub use c::C; pub use c::f as g;"),
            ("a/c.rs", "pub struct C; pub fn f() {}"),
            ("b.rs", "use crate::a; use crate::a::C; fn h(c: C) { a::g() }"),
        ];
        assert_eq!(between(&files), ["b.rs > a/c.rs"]);
        let through_all =
            between(&[("lib.rs", "mod a; mod b;"), ("a/mod.rs", "mod c; pub use c::*;"), files[2], files[3]]);
        assert_eq!(through_all, ["b.rs > a/c.rs", "b.rs > a/mod.rs"], "`g` is nowhere, so it is of the module itself");
    }

    #[test]
    fn a_module_that_names_what_it_hands_on_imports_it() {
        let child = ("a.rs", "pub struct A; pub fn f() {}");
        assert_eq!(between(&[("lib.rs", "mod a; pub use a::{A, f};"), child]), [""; 0]);
        assert_eq!(between(&[("lib.rs", "mod a; pub use a::{A, f}; struct B(A);"), child]), ["lib.rs > a.rs"]);
        assert_eq!(between(&[("lib.rs", "mod a; pub use a::{A, f}; fn g() { f() }"), child]), ["lib.rs > a.rs"]);
        assert_eq!(
            between(&[("lib.rs", "mod a; pub use a::{A, f}; fn g(x: X) { let f = x.f; x.f() }"), child]),
            [""; 0]
        );
        assert_eq!(between(&[("lib.rs", "mod a; use a::A;"), child]), ["lib.rs > a.rs"]);
        assert_eq!(between(&[("lib.rs", "mod a; fn g() { a::f() }"), child]), ["lib.rs > a.rs"]);
    }

    #[test]
    fn a_function_is_handed_on_from_a_module_of_its_name() {
        let files = [
            ("lib.rs", "mod p; mod q;"),
            ("p/mod.rs", "mod plan; pub use plan::plan;"),
            ("p/plan.rs", "pub fn plan() {}"),
        ];
        assert_eq!(
            between(&[files[0], files[1], files[2], ("q.rs", "use crate::p::plan; fn f() { plan() }")]),
            ["q.rs > p/plan.rs"]
        );
    }

    #[test]
    fn a_child_imports_what_its_parent_defines() {
        let parent =
            ("lib.rs", "mod a; mod b; mod c; pub struct S; pub use b::B; macro_rules! m { () => {} } fn local() {}");
        let rest = [("b.rs", "pub enum B { X }"), ("c.rs", "")];
        let with = |text| between(&[parent, ("a.rs", text), rest[0], rest[1]]);
        assert_eq!(with("use super::S;"), ["a.rs > lib.rs"]);
        assert_eq!(with("use super::B::X;"), ["a.rs > b.rs"]);
        assert_eq!(with("use super::B::*;"), ["a.rs > b.rs"]);
        assert_eq!(with("use super::*; struct T(S);"), ["a.rs > lib.rs"]);
        assert_eq!(with("mod inside { use super::super::B; }"), ["a.rs > b.rs"]);
        assert_eq!(with("m!();"), ["a.rs > lib.rs"]);
        assert_eq!(with("fn f() { let m = local(); m() }"), [""; 0]);
        let both = [("lib.rs", "mod a; mod b; mod d; fn b() {}"), ("b.rs", "pub struct B;"), ("d.rs", "")];
        assert_eq!(between(&[both[0], ("a.rs", "use crate::b; fn f() { b::B }"), both[1], both[2]]), ["a.rs > b.rs"]);
        assert_eq!(between(&[both[0], ("a.rs", "use crate::b; fn f() { b() }"), both[1], both[2]]), ["a.rs > lib.rs"]);
        assert_eq!(with("use std::c::S; use c::S as T; fn f() { String::new() }"), [""; 0]);
        assert_eq!(with("#[cfg(test)] mod tests { use crate::S; }"), [""; 0]);
    }

    #[test]
    fn the_first_line_that_imports_is_told() {
        let sources = [
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", "\nfn f() { crate::b::g() }\nfn h() { crate::b::g() }"),
            ("b.rs", ""),
        ];
        let sources: Sources = sources.map(|(file, text)| (file.to_owned(), text.to_owned())).into();
        let all = imports(&Tree::read(&sources).unwrap());
        let (_, import) = all.first_key_value().unwrap();
        assert_eq!((import.line, import.path.as_str()), (2, "crate::b::g"));
    }
}
