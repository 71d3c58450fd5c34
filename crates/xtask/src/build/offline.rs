//! What makes the site installable and lets it work without a network: manifest, icons, and the service worker with its
//! list of files, from `web/install`.

use crate::build::behind;
use crate::build::measure::{Depth, measure};
use crate::build::single_file::pack;
use crate::files::{Result, files_below, read, write};
use crate::project::Project;
use std::path::{Path, PathBuf};

/// What says how the site is called and looks when it is installed.
const MANIFEST: &str = "manifest.webmanifest";
/// The icons that it names, and their types.
const ICONS: &[(&str, &str)] = &[
    ("icon.svg", "image/svg+xml"),
    ("icon-192.png", "image/png"),
    ("icon-512.png", "image/png"),
    ("icon-maskable-512.png", "image/png"),
];
/// The service worker: its name never changes, so that a browser finds the next one.
const WORKER: &str = "sw.js";

/// Puts all of it beside a page that is finished; returns what it has to tell.
pub(crate) fn install(project: &Project, folder: &Path) -> Result<String> {
    let source = |name: &str| project.root.join("web/install").join(name);
    let icons: Vec<PathBuf> = ICONS.iter().map(|(name, _)| source(name)).collect();
    let manifest = with_icons(&read(&source(MANIFEST))?, &pack(project, "base64", &icons)?)?;
    write(&folder.join(MANIFEST), manifest)?;
    let mut names = files_below(folder)?;
    names.retain(|name| is_kept(name));
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    let measures = measure(project, Depth::Hash, &paths)?;
    let rows: Vec<(String, &str)> = names
        .iter()
        .zip(&measures)
        .map(|(name, one)| (address(name, &one.integrity), one.integrity.as_str()))
        .collect();
    let build = build_name(&rows);
    write(&folder.join(WORKER), filled(&behind::bare(&read(&source(WORKER))?), &build, &rows)?)?;
    Ok(format!("{WORKER}: keeps {} files of build {build}", rows.len()))
}

/// The manifest with its icons inside, for the page that shows it is locked: browsers could fetch none.
fn with_icons(manifest: &str, icons: &[String]) -> Result<String> {
    ICONS.iter().zip(icons).try_fold(manifest.to_owned(), |text, ((name, kind), icon)| {
        let address = format!("\"{name}\"");
        match text.matches(&address).count() {
            1 => Ok(text.replace(&address, &format!("\"data:{kind};base64,{icon}\""))),
            found => Err(format!("web/install/{MANIFEST} names {name} {found} times instead of once")),
        }
    })
}

/// Whether a file is kept: all but the service worker, which the browser keeps itself, and RSA in Rust, which no page asks
/// for that can have a service worker.
fn is_kept(name: &str) -> bool {
    name != WORKER && !matches!(name, "rsa.js" | "rsa_bg.wasm")
}

/// The address that the page asks for a file under. Hosts redirect `index.html` to its folder, and a redirected answer
/// opens no page.
fn address(name: &str, integrity: &str) -> String {
    match name {
        "index.html" => "./".to_owned(),
        part if behind::is_part(part) => behind::address(part, integrity),
        _ => format!("./{name}"),
    }
}

/// A name for a build, which changes when any of its files does. FNV-1a: telling builds apart is all that is asked of it.
fn build_name(rows: &[(String, &str)]) -> String {
    let bytes = rows.iter().flat_map(|(address, hash)| address.bytes().chain(hash.bytes()));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// The service worker's text with its build and its list.
fn filled(text: &str, build: &str, rows: &[(String, &str)]) -> Result<String> {
    let (name, list) = ("BUILD = ''", "FILES = {}");
    if text.matches(name).count() != 1 || text.matches(list).count() != 1 {
        return Err("web/install/sw.js has no place for its build and its list, or more than one".into());
    }
    let lines: Vec<String> = rows.iter().map(|(address, hash)| format!("'{address}':'{hash}'")).collect();
    let filled = text.replace(name, &format!("BUILD = '{build}'"));
    Ok(filled.replace(list, &format!("FILES = {{\n{}\n}}", lines.join(",\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_lists_each_file_by_the_address_that_the_page_asks_for() {
        let text = behind::bare(include_str!("../../../../web/install/sw.js"));
        let names = ["a-1.js", "index.html", "worker.js"];
        let hash = "sha384-0123456789abcdefXYZ";
        let rows: Vec<(String, &str)> = names.iter().map(|name| (address(name, hash), hash)).collect();
        let text = filled(&text, "1a", &rows).unwrap();
        for part in ["BUILD = '1a'", "'./a-1.js':'sha384-", "'./':'sha384-", "'./worker.js?0123456789abcdef':'sha384-"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        // It never hurries a change by itself, and names no other host.
        assert!(!text.contains("clients.claim") && text.matches("skipWaiting").count() == 1 && !text.contains("http"));
        assert!(filled("", "1a", &[]).is_err());
    }

    #[test]
    fn the_manifest_has_every_icon_inside() {
        let icons: Vec<String> = ICONS.iter().map(|(name, _)| format!("={name}=")).collect();
        let text = with_icons(include_str!("../../../../web/install/manifest.webmanifest"), &icons).unwrap();
        assert!(text.contains("\"data:image/png;base64,=icon-512.png=\", \"sizes\": \"512x512\""), "{text}");
        assert_eq!(text.matches("\"src\": \"data:").count(), ICONS.len());
        assert!(with_icons("{}", &icons).is_err());
    }

    #[test]
    fn all_is_kept_but_what_nobody_asks_for() {
        assert!(is_kept("index.html") && is_kept("study_bg.wasm") && is_kept(MANIFEST));
        assert!(!is_kept("sw.js") && !is_kept("rsa.js"));
    }

    #[test]
    fn a_build_has_another_name_when_a_file_changes() {
        let one = build_name(&[("./".to_owned(), "sha384-a")]);
        assert_eq!(one.len(), 16);
        assert_ne!(one, build_name(&[("./".to_owned(), "sha384-b")]));
    }
}
