//! `embed.html`, for iframes: the element, what draws and the package's core in one file. What draws stands in front, so
//! that the picture is there while the core is still on its way.

use crate::element::{bundle, iife};
use crate::library::{Bound, Library, bound};
use crate::project::{Project, Result, read, write};
use crate::single_file::{hashes, packed};
use crate::sink::Sink;
use std::path::Path;

/// The core as a frame needs it: it draws, rehearses and reads texts, but issues nothing.
const CORE: Library = Library { package: "kubepki-js", profile: "study", whole: false };

/// Writes it, of the element's sources, which stand in `stage` with all that is made for them.
pub(crate) fn make(project: &Project, sink: &Sink, stage: &Path, folder: &Path) -> Result<()> {
    let Bound { glue, wasm } = bound(project, sink, &CORE)?;
    let core = stage.join("core");
    std::fs::create_dir_all(&core).map_err(|error| format!("{}: {error}", core.display()))?;
    write(&core.join("glue.js"), glue)?;
    write(&core.join("core_bg.wasm"), wasm)?;
    write(&core.join("core.js"), read(&project.root.join("web/package/core.js"))?)?;
    // The core is told its bytes: the address beside it that it would read is none here.
    let worker = iife(bundle(project, &stage.join("worker.js")).arg("--define:import.meta.url=\"\""))?;
    write(&core.join("worker.js"), worker)?;
    let parts = ["worker.js", "core_bg.wasm"];
    let blocks = packed(project, &parts.map(|name| core.join(name)))?;
    let blocks: String = parts.iter().zip(blocks).fold(String::new(), |text, (name, bytes)| {
        text + "<script type=\"application/octet-stream\" id=\"part-" + name + "\">" + &bytes + "</script>\n"
    });

    let script = iife(&mut bundle(project, &stage.join("embed.js")))?;
    let page = read(&stage.join("embed.html"))?;
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or_default();
    let hashes = hashes(project, &[("embed.js", &script), ("embed.css", style)])?;
    let policy = format!(
        "default-src 'none'; script-src '{}' 'wasm-unsafe-eval'; style-src '{}'; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'",
        hashes[0], hashes[1]
    );
    let page =
        page.replace("POLICY", &policy).replace("<script></script>", &format!("<script>{script}</script>\n{blocks}"));
    write(&folder.join("embed.html"), page)
}
