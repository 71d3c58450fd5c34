//! `embed.html`, for iframes: the element, what draws and the package's core in one file. What draws stands in front, so
//! that the picture is there while the core is still on its way.

use crate::build::esbuild::{bundle, iife};
use crate::build::single_file::{block, hashes, packed};
use crate::files::{Result, read, write};
use crate::project::Project;
use std::path::Path;

/// Writes it, of the element's sources, which stand in `stage` with all that is made for them; `core` is the core's
/// WebAssembly, packed.
pub(crate) fn make(project: &Project, stage: &Path, core: &str, folder: &Path) -> Result<()> {
    let worker = stage.join("core/worker.js");
    write(&worker, iife(&mut bundle(project, &stage.join("worker.js")))?)?;
    let worker = packed(project, &[worker])?.remove(0);
    let blocks = block("worker", &worker) + &block("core", core);

    let script = iife(&mut bundle(project, &stage.join("embed.js")))?;
    let page = read(&stage.join("embed.html"))?;
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or_default();
    let hashes = hashes(project, &[("embed.js", &script), ("embed.css", style)])?;
    let policy = format!(
        "default-src 'none'; script-src '{}' 'wasm-unsafe-eval'; style-src '{}'; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types kubepki-embed",
        hashes[0], hashes[1]
    );
    let page =
        page.replace("POLICY", &policy).replace("<script></script>", &format!("<script>{script}</script>\n{blocks}"));
    write(&folder.join("embed.html"), page)
}
