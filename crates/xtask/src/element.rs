//! The custom element `<kube-pki>`: its shell, the script that carries its WebAssembly, and `embed.html` for iframes.

use crate::build::WASM;
use crate::imports;
use crate::measure::{Depth, measure};
use crate::paths;
use crate::project::{Project, Result, read, write};
use crate::single_file::{hashes, packed};
use crate::sink::{Sink, output};
use std::fs;
use std::path::{Path, PathBuf};

/// The most that the shell may weigh, and the shell with all that its first picture loads, in bytes under brotli.
const SHELL: u64 = 12_000;
const PICTURE: u64 = 170_000;
/// The most that the script for pages around an iframe may weigh, in the same.
const SDK: u64 = 3_000;

/// The page's style sheets that the element wears, in their order; its own stands behind the first.
const SHEETS: &[&str] = &["hierarchy.css", "lists.css", "drawn.css"];

/// Scripts, each made of a module in `web/package/element`, and what it leaves to be loaded when it is needed.
const SCRIPTS: &[(&str, &[&str])] =
    &[("element", &["./pictures.js", "./core.js"]), ("pictures", &[]), ("define", &["./element.js"]), ("sdk", &[])];

/// Where the element's files are written.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("release-files").join("element")
}

/// Builds the element; returns what it has to tell.
pub(crate) fn make(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let folder = folder(project);
    let stage = project.scratch("element")?;
    for one in [&folder, &stage] {
        let _ = fs::remove_dir_all(one);
        fs::create_dir_all(one).map_err(|error| format!("{}: {error}", one.display()))?;
    }
    let sources = project.root.join("web/package/element");
    crate::build::copy(&sources, &stage).map_err(|error| format!("{}: {error}", sources.display()))?;
    compile(project, sink, &stage)?;
    dress(project, &stage)?;
    for (name, left) in SCRIPTS {
        let from = stage.join(format!("{name}.js"));
        let mut esbuild = bundle(project, &from);
        esbuild.args(left.iter().map(|path| format!("--external:{path}"))).arg("--format=esm");
        output(esbuild.arg(format!("--outfile={}", folder.join(format!("{name}.js")).display())))?;
    }
    frame(project, &stage, &folder)?;
    let mut node = project.command("node");
    output(node.arg(sources.join("describe.mjs")).arg(&folder).arg(env!("CARGO_PKG_VERSION")))?;
    paths::refuse(project, &folder)?;
    weigh(project, &folder)
}

/// esbuild for one entry, as small as it makes it.
fn bundle(project: &Project, entry: &Path) -> std::process::Command {
    let mut esbuild = project.command("esbuild");
    // One line of licence in front: who finds the file alone knows whose it is.
    let banner = concat!("/*! KubePKI Workbench ", env!("CARGO_PKG_VERSION"), ", Apache-2.0 OR MIT */");
    esbuild.arg(entry).args(["--bundle", "--minify", "--target=es2022", "--log-level=warning", "--charset=utf8"]);
    esbuild.arg(format!("--banner:js={banner}"));
    esbuild
}

/// Compiles what draws, and packs it into a module.
fn compile(project: &Project, sink: &Sink, stage: &Path) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let mut cargo = project.command("cargo");
    cargo.args(["build", "--package", "kubepki-element", "--lib", "--target", TARGET, "--profile", "page"]);
    sink.run(cargo.envs(WASM.iter().copied()))?;
    let built = project.target.join(TARGET).join("page/kubepki_element.wasm");
    let mut bindgen = project.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", "glue"]);
    sink.run(bindgen.arg("--out-dir").arg(stage).arg(&built))?;
    let (raw, small) = (stage.join("glue_bg.wasm"), stage.join("small.wasm"));
    let mut optimize = project.command("wasm-opt");
    optimize.args(["-Oz", "--one-caller-inline-max-function-size=20", "--low-memory-unused", "--converge"]);
    sink.run(optimize.arg(&raw).arg("-o").arg(&small))?;
    let bytes = fs::read(&small).map_err(|error| format!("{}: {error}", small.display()))?;
    let glue = read(&stage.join("glue.js"))?;
    let (glue, bytes) = imports::shorten(&glue, &bytes).map_err(|why| format!("kubepki-element: {why}"))?;
    write(&stage.join("glue.js"), glue)?;
    write(&small, bytes)?;
    let packed = packed(project, &[small])?;
    write(&stage.join("packed.js"), format!("export default \"{}\";\n", packed[0]))
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

/// `embed.html`: all in one, its policy with hashes alone.
fn frame(project: &Project, stage: &Path, folder: &Path) -> Result<()> {
    let script = output(bundle(project, &stage.join("embed.js")).arg("--format=iife"))?;
    let script = script.trim_end();
    if script.contains("</script") {
        return Err("the script of embed.html would end its own element".into());
    }
    let page = read(&stage.join("embed.html"))?;
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or_default();
    let hashes = hashes(project, &[("embed.js", script), ("embed.css", style)])?;
    let policy = format!(
        "default-src 'none'; script-src '{}' 'wasm-unsafe-eval'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hashes[0], hashes[1]
    );
    let page = page.replace("POLICY", &policy).replace("<script></script>", &format!("<script>{script}</script>"));
    write(&folder.join("embed.html"), page)
}

/// What each file weighs; refuses what weighs too much.
fn weigh(project: &Project, folder: &Path) -> Result<Vec<String>> {
    let names = ["element.js", "pictures.js", "define.js", "sdk.js", "embed.html"];
    let measures = measure(project, Depth::Brotli, &names.map(|name| folder.join(name)))?;
    let of = |name: &str| names.iter().zip(&measures).find(|(one, _)| **one == name).map_or(0, |(_, one)| one.brotli);
    for (what, bytes, limit) in [
        ("the element's shell", of("element.js") + of("define.js"), SHELL),
        ("the element's first picture", of("element.js") + of("define.js") + of("pictures.js"), PICTURE),
        ("the script for pages around an iframe", of("sdk.js"), SDK),
    ] {
        if bytes > limit {
            return Err(format!("{what} weighs {bytes} bytes under brotli; it may weigh {limit}"));
        }
    }
    let each: Vec<String> = names.iter().zip(&measures).map(|(name, one)| format!("{name} {}", one.brotli)).collect();
    Ok(vec![format!("{}: bytes under brotli: {}", folder.display(), each.join(", "))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_can_be_set_from_outside_and_the_page_around_decides_between_light_and_dark() {
        let page = include_str!("../../../web/styles/tokens.css");
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
