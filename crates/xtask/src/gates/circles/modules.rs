//! The modules of a crate, each with what it defines, what it takes from others, and the paths that its code names. What
//! is compiled for tests alone is passed over.

use super::content::{Content, Declared, Path, Use};
use super::reader;
use crate::files::Result;
use std::collections::{BTreeMap, BTreeSet};

/// A crate's source files by their paths below `src/`.
pub(super) type Sources = BTreeMap<String, String>;

/// A module by its place in [`Tree::modules`].
pub(super) type Id = usize;

/// All modules of a crate, of its library and of each of its programs.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) modules: Vec<Module>,
    /// The file that defines a macro, by the macro's name.
    pub(super) macros: BTreeMap<String, String>,
}

/// A module, in a file of its own or inside another's.
#[derive(Default)]
pub(super) struct Module {
    /// Its file, below `src/`.
    pub(super) file: String,
    /// The module that declares it; none of the top one.
    pub(super) parent: Option<Id>,
    pub(super) children: BTreeMap<String, Id>,
    /// What it defines itself, but modules.
    pub(super) items: BTreeSet<String>,
    pub(super) uses: Vec<Use>,
    pub(super) paths: Vec<Path>,
}

impl Tree {
    /// Reads a crate from its top files.
    ///
    /// # Errors
    /// A sentence, where the file of a declared module is not there.
    pub(super) fn read(sources: &Sources) -> Result<Tree> {
        let mut tree = Tree::default();
        for file in sources.keys().filter(|file| is_top(file)) {
            tree.add(sources, file, None)?;
        }
        Ok(tree)
    }

    /// Adds the module that a file is, with all below it.
    fn add(&mut self, sources: &Sources, file: &str, parent: Option<Id>) -> Result<Id> {
        let text = sources.get(file).ok_or_else(|| format!("{file} is not there"))?;
        let content = reader::read(text);
        self.fill(sources, content, file, &folder(file), parent)
    }

    /// Adds a module by what was read of it; `folder` is where the files of its children are.
    fn fill(
        &mut self,
        sources: &Sources,
        content: Content,
        file: &str,
        folder: &str,
        parent: Option<Id>,
    ) -> Result<Id> {
        let id = self.modules.len();
        let Content { items, uses, paths, macros, inline, declared } = content;
        self.macros.extend(macros.into_iter().map(|name| (name, file.to_owned())));
        self.modules.push(Module { file: file.to_owned(), parent, items, uses, paths, ..Module::default() });
        for (name, content) in inline {
            let child = self.fill(sources, content, file, &format!("{folder}{name}/"), Some(id))?;
            self.modules[id].children.insert(name, child);
        }
        for Declared { name, named, usual } in declared {
            let above = file.rsplit_once('/').map_or(String::new(), |(above, _)| format!("{above}/"));
            let mut files: Vec<String> = named.iter().map(|named| format!("{above}{named}")).collect();
            if usual {
                let places = [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")];
                let place = places.into_iter().find(|place| sources.contains_key(place));
                files.push(place.ok_or_else(|| format!("{file} declares the module {name}, which has no file"))?);
            }
            // Of several each imports for itself; what others take is looked for in the last, for all of them have the same.
            for place in files {
                let child = self.add(sources, &place, Some(id))?;
                self.modules[id].children.insert(name.clone(), child);
            }
        }
        Ok(id)
    }
}

/// Whether a file is where a library or a program begins.
fn is_top(file: &str) -> bool {
    matches!(file, "lib.rs" | "main.rs") || file.strip_prefix("bin/").is_some_and(|name| !name.contains('/'))
}

/// Where the children of the module that a file is have theirs, with the slash.
fn folder(file: &str) -> String {
    let (above, name) = file.rsplit_once('/').map_or(("", file), |(above, name)| (above, name));
    let above = if above.is_empty() { String::new() } else { format!("{above}/") };
    match is_top(file) || name == "mod.rs" {
        true => above,
        false => format!("{above}{}/", name.trim_end_matches(".rs")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_where_rust_looks_for_it() {
        let sources: Sources = [
            ("lib.rs", "mod a; mod b; mod c { mod d; } #[cfg_attr(x, path = \"h.rs\")] mod g;"),
            ("g.rs", ""),
            ("h.rs", ""),
            ("a.rs", "mod e;"),
            ("a/e.rs", ""),
            ("b/mod.rs", "mod f;"),
            ("b/f.rs", ""),
            ("c/d.rs", ""),
            ("bin/p.rs", "mod q;"),
            ("bin/q.rs", ""),
            ("forgotten.rs", "mod nothing;"),
        ]
        .map(|(file, text)| (file.to_owned(), text.to_owned()))
        .into();
        let tree = Tree::read(&sources).unwrap();
        let files: BTreeSet<&str> = tree.modules.iter().map(|module| module.file.as_str()).collect();
        assert_eq!(files.len(), 10);
        assert!(!files.contains("forgotten.rs"));
        let lost = Sources::from([("lib.rs".to_owned(), "mod lost;".to_owned())]);
        assert!(Tree::read(&lost).err().unwrap().contains("lib.rs declares the module lost"));
    }
}
