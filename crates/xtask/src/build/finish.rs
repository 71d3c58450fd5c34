//! Makes Trunk's output the page that is shipped: no inline script, the policy in its head, every hash true, and no file
//! that nothing asks for.

use crate::build::behind;
use crate::build::hashed;
use crate::build::html::{self, Tag};
use crate::build::imports;
use crate::build::measure::{Depth, measure};
use crate::build::offline;
use crate::build::policy;
use crate::build::styles;
use crate::files::{Result, files_below, read, write};
use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

/// Finishes the folder in place; returns what it has to tell.
pub(crate) fn finish(project: &Project, folder: &Path) -> Result<Vec<String>> {
    let index = folder.join("index.html");
    let page = styles::merge(project, folder, &read(&index)?)?;
    let page = shorten_imports(project, folder, &page)?;
    let (behind, hash) = behind::write_script(project, folder)?;
    let (boot, integrity) = hashed::write_script(project, folder, "boot", &boot(&page, &behind, &hash)?)?;
    let page = html::with_module_at(&page, &format!("./{boot}"), &integrity)?;
    let page = html::with_policy(&page, &policy::policy(project)?)?;
    let refused = html::refused(&page);
    if !refused.is_empty() {
        return Err(format!("the policy would refuse what index.html holds:\n  {}", refused.join("\n  ")));
    }
    let checked = check_references(project, folder, &page)?;
    let removed = remove_unneeded(folder, &page)?;
    write(&index, html::without_ignored_hashes(&page))?;
    let kept = offline::install(project, folder)?;
    let mut notes = vec![format!("index.html: policy set, start-up in {boot}, {checked} hashes checked"), kept];
    notes.extend(removed.iter().map(|path| format!("left out: {path}")));
    Ok(notes)
}

/// The start-up module: it starts the application, and says how what follows the first picture is loaded, whole or not at
/// all. That replaces `kubepkiStart` by its own.
fn boot(page: &str, behind: &str, integrity: &str) -> Result<String> {
    let (glue, wasm) = (html::linked(page, "rel", "modulepreload")?, html::linked(page, "as", "fetch")?);
    Ok(format!(
        "import start from'{glue}';\
         window.kubepkiStart=()=>fetch('./{behind}',{{integrity:'{integrity}'}}).then(a=>a.blob())\
         .then(a=>import(URL.createObjectURL(a))).then(()=>kubepkiStart());\
         start({{module_or_path:'{wasm}'}})\n"
    ))
}

/// Shortens the names of what each module imports from its glue, and states the new hashes in the page.
fn shorten_imports(project: &Project, folder: &Path, page: &str) -> Result<String> {
    let mut page = page.to_owned();
    let names = files_below(folder)?;
    for module in names.iter().filter(|name| name.ends_with("_bg.wasm")) {
        // Trunk puts a hash of its own behind each name but the workers'.
        let stem = module.trim_end_matches("_bg.wasm");
        let stem = if stem.contains('-') { stem.rsplit_once('-').map_or(stem, |(stem, _)| stem) } else { stem };
        let is_glue = |name: &&String| name.ends_with(".js") && name.starts_with(stem);
        let glue = names.iter().find(is_glue).ok_or_else(|| format!("{module} has no glue"))?;
        let paths = [folder.join(glue), folder.join(module)];
        let before = measure(project, Depth::Hash, &paths)?;
        let bytes = fs::read(&paths[1]).map_err(|error| format!("{module}: {error}"))?;
        let (text, bytes) = imports::shorten(&read(&paths[0])?, &bytes).map_err(|why| format!("{module}: {why}"))?;
        write(&paths[0], text)?;
        write(&paths[1], bytes)?;
        for (old, new) in before.iter().zip(measure(project, Depth::Hash, &paths)?) {
            page = page.replace(&old.integrity, &new.integrity);
        }
    }
    Ok(page)
}

/// Fails where the page names a file that is not there, another host, or a hash that is not the file's.
fn check_references(project: &Project, folder: &Path, page: &str) -> Result<usize> {
    let mut hashed: Vec<(PathBuf, &str)> = Vec::new();
    for tag in html::tags(page) {
        let Some(file) = loaded(&tag) else { continue };
        let path = local(folder, file).ok_or_else(|| format!("index.html loads {file}, which is not beside it"))?;
        if !path.is_file() {
            return Err(format!("index.html loads {file}, which the build did not write"));
        }
        hashed.extend(tag.attribute("integrity").map(|integrity| (path, integrity)));
    }
    let paths: Vec<PathBuf> = hashed.iter().map(|(path, _)| path.clone()).collect();
    let measures = measure(project, Depth::Hash, &paths)?;
    match hashed.iter().zip(&measures).find(|((_, claimed), measure)| *claimed != measure.integrity) {
        Some(((path, _), _)) => Err(format!("index.html states another hash than {} has", path.display())),
        None => Ok(hashed.len()),
    }
}

/// The address that a tag makes the browser load.
fn loaded<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    match tag.name.as_str() {
        "link" => tag.attribute("href"),
        "script" | "img" | "source" | "iframe" => tag.attribute("src"),
        _ => None,
    }
    .filter(|address| !address.starts_with("data:"))
}

/// The file behind an address of the page, relative as all of ours are.
fn local(folder: &Path, address: &str) -> Option<PathBuf> {
    let path = address.split(['?', '#']).next()?.trim_start_matches("./");
    let inside =
        !path.is_empty() && !path.starts_with('/') && !path.contains(':') && !path.split('/').any(|part| part == "..");
    inside.then(|| folder.join(path))
}

/// Removes Trunk's own hidden files, type declarations, and snippets of wasm-bindgen that the page does not load.
fn remove_unneeded(folder: &Path, page: &str) -> Result<Vec<String>> {
    let mut removed = Vec::new();
    for name in files_below(folder)?.into_iter().filter(|name| is_unneeded(name, page)) {
        let path = folder.join(&name);
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        // A folder that is empty now goes too; one that is not stays, as removing it fails.
        let inside = path.ancestors().skip(1).take_while(|above| *above != folder);
        inside.for_each(|above| drop(fs::remove_dir(above)));
        removed.push(name);
    }
    Ok(removed)
}

fn is_unneeded(name: &str, page: &str) -> bool {
    name.starts_with('.') || name.ends_with(".d.ts") || (name.starts_with("snippets/") && !page.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_beside_the_page() {
        let folder = Path::new("/d");
        assert_eq!(local(folder, "./a/b.js?v=1"), Some(PathBuf::from("/d/a/b.js")));
        assert_eq!(local(folder, "b.js"), Some(PathBuf::from("/d/b.js")));
        for address in ["/b.js", "https://x/b.js", "//x/b.js", "../b.js", "a/../../b.js", ""] {
            assert_eq!(local(folder, address), None, "{address}");
        }
    }

    #[test]
    fn what_nothing_loads_is_left_out() {
        let page = "<link rel=\"modulepreload\" href=\"./snippets/web-1/a.js\">";
        assert!(!is_unneeded("snippets/web-1/a.js", page));
        assert!(is_unneeded("snippets/old-1/a.js", page));
        assert!(is_unneeded("app.d.ts", page) && is_unneeded(".trunk-lock", page));
        assert!(!is_unneeded("worker.js", page), "the page names its worker at run time");
    }
}
