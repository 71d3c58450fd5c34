//! The other programs that judge, and their versions: what README calls them. Of those that this project pins the version is the
//! pinned one; of those that come with a machine it is what the last run that recorded found there.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::design::tests_folder;

/// Where a program's version is from.
enum Version {
    /// `tools.toml` pins it.
    Tool(&'static str),
    /// `Cargo.lock` pins it.
    Crate(&'static str),
    /// `tests/package/package.json` pins it.
    Package(&'static str),
    /// The program says it: names that it goes by, and how it is asked.
    Said(&'static [&'static str], &'static str),
}

use Version::{Crate, Package, Said, Tool};

/// Programs by the names that they have in README's rows.
const PROGRAMS: &[(&str, Version)] = &[
    ("openssl", Said(&["openssl"], "version")),
    ("go", Tool("go")),
    ("rustls-webpki", Crate("rustls-webpki")),
    ("etcd", Said(&["etcd"], "--version")),
    ("kubectl", Tool("kubectl")),
    ("kubernetes-validate", Tool("kubernetes-validate")),
    ("chromium", Said(&["chromium", "chromium-browser"], "--version")),
    ("firefox", Said(&["firefox-esr", "firefox"], "--version")),
    ("nginx", Said(&["nginx"], "-v")),
    ("node", Said(&["node"], "--version")),
    ("typescript", Package("typescript")),
    ("vite", Package("vite")),
    ("esbuild", Package("esbuild")),
];

/// The first cells of README's rows of them. No row begins as another does.
pub const LABELS: &[&str] = &[
    "OpenSSL {openssl}",
    "Go {go} `crypto/x509`, `crypto/tls`",
    "rustls-webpki {rustls-webpki}",
    "etcd and etcdctl {etcd}",
    "kubectl {kubectl}",
    "kubernetes-validate {kubernetes-validate}",
    "Chromium {chromium}",
    "nginx {nginx}",
    "TypeScript {typescript}, Vite {vite}, esbuild {esbuild}, Node {node}",
    "Firefox ESR {firefox} and Chromium {chromium}",
];

/// A label with versions in the place of the names.
///
/// # Panics
/// Where a version is neither pinned nor recorded.
pub fn filled(label: &str, recorded: &BTreeMap<String, String>) -> String {
    PROGRAMS.iter().fold(label.to_owned(), |label, (name, from)| {
        let place = format!("{{{name}}}");
        if !label.contains(&place) {
            return label;
        }
        let version = from.pinned().or_else(|| recorded.get(*name).cloned());
        label.replace(&place, &version.unwrap_or_else(|| panic!("nobody recorded the version of {name}")))
    })
}

/// The versions that programs of this machine say; of those that are not here, what was recorded.
pub fn said(mut recorded: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let said = PROGRAMS.iter().filter_map(|(name, from)| Some(((*name).to_owned(), from.said()?)));
    recorded.extend(said);
    recorded
}

impl Version {
    fn pinned(&self) -> Option<String> {
        let read = |path: &str| fs::read_to_string(tests_folder().join(path)).expect("it is committed");
        let version = match self {
            Tool(name) => {
                let tools: toml::Table = read("../tools.toml").parse().expect("it is TOML");
                tools[*name]["version"].as_str().map(str::to_owned)
            }
            Crate(name) => Some(locked(&read("../Cargo.lock"), name)),
            Package(name) => {
                let package: serde_json::Value = read("package/package.json").parse().expect("it is JSON");
                package["devDependencies"][name].as_str().map(str::to_owned)
            }
            Said(..) => return None,
        };
        Some(version.expect("what judges is pinned"))
    }

    /// The first word that begins as versions do, of a program that is there.
    fn said(&self) -> Option<String> {
        let Said(names, argument) = self else { return None };
        let out = names.iter().find_map(|name| Command::new(name).arg(argument).output().ok())?;
        let text = [out.stdout, out.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let words = text.split([' ', '\n', '/']).map(|word| word.trim_start_matches('v'));
        let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit()) && word.contains('.');
        words.into_iter().find(is_version).map(str::to_owned)
    }
}

fn locked(lock: &str, name: &str) -> String {
    let lock: toml::Table = lock.parse().expect("it is TOML");
    let packages = lock["package"].as_array().expect("it lists packages");
    let version = packages.iter().find(|package| package["name"].as_str() == Some(name));
    let version = version.and_then(|package| package["version"].as_str());
    version.unwrap_or_else(|| panic!("Cargo.lock has no {name}")).to_owned()
}
