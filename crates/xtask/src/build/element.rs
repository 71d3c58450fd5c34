//! The custom element `<kube-pki>`: its shell, and the scripts that carry its WebAssembly.

use crate::build::esbuild::bundle;
use crate::build::frame;
use crate::build::library::{Bound, Library, bound};
use crate::build::single_file::packed;
use crate::files::{Result, read, write};
use crate::project::Project;
use crate::sink::{Sink, output};
use std::fs;
use std::path::Path;

/// The package's core without what issues: it draws handshakes and reads texts.
const DEEPER: Library = Library { package: "kubepki-js", profile: "study", whole: false };

/// What draws.
const PICTURES: Library = Library { package: "kubepki-element", profile: "page", whole: true };

/// The page's style sheets that the element wears, in their order; its own stands behind the first.
const SHEETS: &[&str] = &["hierarchy.css", "lists.css", "drawn.css"];

/// Scripts, each made of a module in `web/package/element`, and what it leaves to be loaded when it is needed.
const SCRIPTS: &[(&str, &[&str])] = &[
    ("element", &["./pictures.js", "./deeper.js"]),
    ("pictures", &[]),
    ("deeper", &[]),
    ("define", &["./element.js"]),
    ("sdk", &[]),
];

/// Builds the element and its iframe into the package's folder.
pub(crate) fn make(project: &Project, sink: &Sink, folder: &Path) -> Result<()> {
    let stage = project.scratch("element")?;
    let _ = fs::remove_dir_all(&stage);
    let sources = project.root.join("web/package/element");
    crate::files::copy(&sources, &stage).map_err(|error| format!("{}: {error}", sources.display()))?;
    carry(project, sink, &PICTURES, &stage)?;
    let core = stage.join("core");
    fs::create_dir_all(&core).map_err(|error| format!("{}: {error}", core.display()))?;
    write(&core.join("core.js"), read(&project.root.join("web/package/core.js"))?)?;
    let packed = carry(project, sink, &DEEPER, &core)?;
    dress(project, &stage)?;
    for (name, left) in SCRIPTS {
        let from = stage.join(format!("{name}.js"));
        let mut esbuild = bundle(project, &from);
        esbuild.args(left.iter().map(|path| format!("--external:{path}"))).arg("--format=esm");
        output(esbuild.arg(format!("--outfile={}", folder.join(format!("{name}.js")).display())))?;
    }
    frame::make(project, &stage, &packed, folder)?;
    let mut node = project.command("node");
    output(node.arg(sources.join("describe.mjs")).arg(folder).arg(env!("CARGO_PKG_VERSION")))?;
    Ok(())
}

/// Compiles a library, and puts its glue and itself, packed, into modules of a folder; returns what was packed.
fn carry(project: &Project, sink: &Sink, library: &Library, folder: &Path) -> Result<String> {
    let Bound { glue, wasm } = bound(project, sink, library)?;
    let small = folder.join("small.wasm");
    write(&folder.join("glue.js"), glue)?;
    write(&small, wasm)?;
    let packed = packed(project, &[small])?.remove(0);
    write(&folder.join("packed.js"), format!("export default \"{packed}\";\n"))?;
    Ok(packed)
}

/// Puts the style sheets into a module.
fn dress(project: &Project, stage: &Path) -> Result<()> {
    let page = project.root.join("web/styles");
    let mut text = tokens(&read(&page.join("tokens.css"))?) + &read(&stage.join("element.css"))?;
    for name in SHEETS {
        text += &read(&page.join(name))?;
    }
    let whole = stage.join("whole.css");
    write(&whole, text)?;
    let small = output(project.command("esbuild").arg(&whole).args(["--minify", "--charset=utf8"]))?;
    // A JSON text is a JavaScript text but for two line separators, which no style sheet has.
    write(&stage.join("styles.js"), format!("export default {};\n", quoted(small.trim_end())))
}

/// A text in quotes, as JavaScript has it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out + "\""
}

/// The page's tokens for the element: each may be set from outside as `--kube-pki-NAME`, and light or dark is as the page
/// around the element is.
fn tokens(page: &str) -> String {
    let mut out = String::new();
    for line in page.lines() {
        let token = line.trim().strip_prefix("--").and_then(|rest| rest.strip_suffix(';')?.split_once(": "));
        out += &match token {
            _ if line.trim() == "color-scheme: light dark;" => String::new(),
            Some((name, value)) => format!("--{name}: var(--kube-pki-{name}, {value});"),
            None => line.replace(":root", ".live"),
        };
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_can_be_set_from_outside_and_the_page_around_decides_between_light_and_dark() {
        let page = include_str!("../../../../web/styles/tokens.css");
        let own = tokens(page);
        for line in page.lines().filter(|line| line.starts_with("  --")) {
            let name = line.trim().trim_start_matches("--").split(':').next().unwrap_or_default();
            assert!(own.contains(&format!("--{name}: var(--kube-pki-{name}, ")), "{name}");
        }
        assert!(!own.contains("color-scheme: light dark") && !own.contains(":root"));
    }

    #[test]
    fn a_style_sheet_is_a_text_of_javascript() {
        assert_eq!(quoted("a{content:\"\\201c\"}\nb{}"), "\"a{content:\\\"\\\\201c\\\"}\\nb{}\"");
    }
}
