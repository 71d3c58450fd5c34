//! One HTML file that is the whole page: for machines without a network, opened from a folder or a stick. It is made of
//! the finished `dist/`, so that it does what the site does, and its policy lets it fetch nothing at all.

use crate::build::behind;
use crate::build::html::{self, Tag};
use crate::build::policy;
use crate::files::{Result, read, write};
use crate::project::Project;
use crate::sink::{Sink, output};
use std::path::{Path, PathBuf};

/// The most that the file may weigh, in bytes.
const LIMIT: usize = 1_436_000;

/// What stands before the style sheet is inflated: the page's words for who waits too long stay out of sight.
const EARLY: &str = ".late{opacity:0}";

/// Makes the file from `dist/`; returns what it has to tell.
pub(crate) fn make(project: &Project, _: &Sink) -> Result<Vec<String>> {
    let dist = project.dist();
    let page = read(&dist.join("index.html"))?;
    let addresses = |is: fn(&Tag<'_>) -> bool, name: &str| -> Vec<String> {
        let tags = html::tags(&page).into_iter().filter(is);
        tags.filter_map(|tag| tag.attribute(name).map(|address| address.trim_start_matches("./").to_owned())).collect()
    };
    let one = |what: &str, mut all: Vec<String>| match all.len() {
        1 => Ok(all.remove(0)),
        some => Err(format!("index.html loads {some} of what it should load one: {what}")),
    };
    let style = one("style sheets", addresses(|tag| tag.attribute("rel") == Some("stylesheet"), "href"))?;
    let glue = one("modules", addresses(|tag| tag.attribute("rel") == Some("modulepreload"), "href"))?;
    let wasm = one("WebAssembly", addresses(|tag| tag.attribute("as") == Some("fetch"), "href"))?;

    let script = script(&read(&dist.join(glue))?, &wasm)? + &behind::of_single_file(project)?;
    let mut parts = vec![("style.css".to_owned(), style), (wasm.clone(), wasm)];
    parts.push(("bootstrap.js".to_owned(), "bootstrap.js".to_owned()));
    // Without the fallback for pages that have no WebCrypto: what is opened from a file has it.
    for name in ["worker", "study", "sealing"] {
        parts.extend([format!("{name}.js"), format!("{name}_bg.wasm")].map(|file| (file.clone(), file)));
    }
    let packed = packed(project, &parts.iter().map(|(_, file)| dist.join(file)).collect::<Vec<_>>())?;
    let hashes = hashes(project, &[("single.js", &script), ("single.css", EARLY)])?;
    let policy = policy_of(&policy::policy(project)?, &hashes[0], &hashes[1])?;

    let blocks: String = parts.iter().zip(packed).map(|((name, _), bytes)| block(name, &bytes)).collect();
    let file = assemble(&page, &policy, EARLY, &blocks, &script)?;
    let path = path(project);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write(&path, &file)?;
    if file.len() > LIMIT {
        return Err(format!("{} has {} bytes; it may have {LIMIT}", path.display(), file.len()));
    }
    Ok(vec![format!("{}: {} of {LIMIT} bytes", path.display(), file.len())])
}

/// Where the file is written.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.target.join("release-files").join(format!("kubepki-workbench-{}.html", env!("CARGO_PKG_VERSION")))
}

/// The one script: the data blocks' reader, the page's glue, and its start.
fn script(glue: &str, wasm: &str) -> Result<String> {
    // wasm-bindgen's glue ends with `export{initSync,__wbg_init as default};`.
    let (glue, exported) = glue.rsplit_once("export{").ok_or("the page's glue exports nothing")?;
    let names = exported.split('}').next().unwrap_or_default();
    let start = names.split(',').find_map(|name| name.trim().strip_suffix(" as default"));
    let start = start.ok_or("the page's glue has no default export")?;
    if glue.contains("</script") {
        return Err("the page's glue would end its own script element".into());
    }
    let begin = format!("{start}({{module_or_path:await(await kubepkiPart('{wasm}')).arrayBuffer()}});\n");
    Ok(format!("{}{glue}\nawait {begin}", include_str!("single_file.js")))
}

/// The site's policy without an address in it: what is inline is known by its hash.
fn policy_of(site: &str, script: &str, style: &str) -> Result<String> {
    let directives = site.split("; ").map(|directive| match directive.split(' ').next() {
        Some("script-src") => directive.replace("'self'", &format!("'{script}'")),
        Some("style-src") => directive.replace("'self'", &format!("'{style}'")),
        Some("connect-src") => "connect-src 'none'".to_owned(),
        _ => directive.replace("'self' ", ""),
    });
    let policy = directives.collect::<Vec<_>>().join("; ");
    match policy.contains("'self'") {
        true => Err(format!("the single file has no origin of its own, but its policy names it: {policy}")),
        false => Ok(policy),
    }
}

/// The page with everything in it.
fn assemble(page: &str, policy: &str, style: &str, blocks: &str, script: &str) -> Result<String> {
    let loads = |tag: &Tag<'_>| match tag.name.as_str() {
        "link" => tag.attribute("href").is_some_and(|address| !address.starts_with("data:")),
        "script" => true,
        "meta" => tag.attribute("http-equiv").is_some() || tag.attribute("charset").is_some(),
        _ => false,
    };
    let mut bare = String::new();
    let mut at = 0;
    for tag in html::tags(page).into_iter().filter(loads) {
        bare += &page[at..tag.range.start];
        at = tag.range.end;
        if tag.name == "script" {
            at = tag.text.end + "</script>".len();
        }
    }
    bare += &page[at..];
    let head = format!(
        "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<style>{style}</style>\n"
    );
    let begin = html::tags(&bare).into_iter().find(|tag| matches!(tag.name.as_str(), "head" | "html"));
    let begin = begin.ok_or("the page has no <html>")?.range.end;
    let end = bare.rfind("</body>").ok_or("the page has no </body>")?;
    let (first, rest) = bare.split_at(begin);
    let (middle, last) = rest.split_at(end - begin);
    Ok(format!("{first}{head}{middle}\n{blocks}<script type=\"module\">{script}</script>\n{last}"))
}

/// A part of a page as a data block: bytes that [`packed`] made, for a script to find by their name.
pub(crate) fn block(name: &str, bytes: &str) -> String {
    format!("<script type=\"application/octet-stream\" id=\"part-{name}\">{bytes}</script>\n")
}

/// Hashes of texts, as a policy has them.
pub(crate) fn hashes(project: &Project, texts: &[(&str, &str)]) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for (name, text) in texts {
        let path = project.scratch(name)?;
        write(&path, text)?;
        paths.push(path);
    }
    pack(project, "sha256", &paths)
}

/// Files under gzip, by Zopfli, in base64: it takes five percent less than what every other writer of gzip makes.
pub(crate) fn packed(project: &Project, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut packed = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let path = project.scratch(&format!("part-{index}"))?;
        std::fs::copy(file, &path).map_err(|error| format!("{}: {error}", file.display()))?;
        output(project.command("zopfli").arg(&path))?;
        packed.push(path.with_extension("gz"));
    }
    pack(project, "base64", &packed)
}

/// What `pack.mjs` prints of files, a line each.
pub(crate) fn pack(project: &Project, what: &str, paths: &[impl AsRef<Path>]) -> Result<Vec<String>> {
    let mut node = project.command("node");
    node.args(["--input-type=module", "--eval", include_str!("pack.mjs"), "--", what]);
    node.args(paths.iter().map(AsRef::as_ref));
    let lines: Vec<String> = output(&mut node)?.lines().map(str::to_owned).collect();
    if lines.len() == paths.len() { Ok(lines) } else { Err("node printed something else than it was asked for".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_has_no_address_and_no_license_for_what_is_inline() {
        let site = policy::parse(include_str!("../../../../web/policy.txt")).unwrap();
        let policy = policy_of(&site, "sha256-a", "sha256-b").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'sha256-a' 'wasm-unsafe-eval'",
            "style-src 'sha256-b'",
            "connect-src 'none'",
        ] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        for absent in ["'self'", "unsafe-inline", "'unsafe-eval'", "http"] {
            assert!(!policy.contains(absent), "{absent}: {policy}");
        }
    }

    #[test]
    fn the_start_is_the_glues_default_export() {
        let text = script("function __wbg_init(e){}export{initSync,__wbg_init as default};", "a_bg.wasm").unwrap();
        assert!(text.contains("await __wbg_init({module_or_path:await(await kubepkiPart('a_bg.wasm'))"), "{text}");
        assert!(!text.contains("export{"));
        assert!(script("let a=1;", "a").is_err());
    }

    #[test]
    fn nothing_of_the_page_is_loaded_any_more() {
        let page = "<!doctype html><html lang=en><meta http-equiv=\"Content-Security-Policy\" content=\"x\"><meta charset=utf-8>\
            <link href=data:, rel=icon><link rel=\"stylesheet\" href=\"./a.css\"><script type=\"module\" src=\"./b.js\"></script>\
            <title>T</title></head><body><p>x</p></body></html>";
        let file = assemble(page, "P", "p{}", "<b>", "s()").unwrap();
        assert!(
            file.contains("<title>T</title>") && file.contains("<style>p{}</style>") && file.contains("content=\"P\"")
        );
        assert!(!file.contains("a.css") && !file.contains("b.js") && file.matches("charset").count() == 1, "{file}");
        assert!(file.ends_with("<b><script type=\"module\">s()</script>\n</body></html>"), "{file}");
    }
}
