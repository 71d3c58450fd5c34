//! The npm package: what stands in `web/package`, with the WebAssembly that it calls, packed as npm packs.

use crate::build::element;
use crate::build::library::{Bound, Library, bound};
use crate::build::measure::{Depth, measure};
use crate::build::paths;
use crate::files::{Result, copy, files_below, read, write};
use crate::project::Project;
use crate::sink::{Sink, output};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What programs call. It issues as the worker does, and what else it does is small beside that.
const CORE: Library = Library { package: "kubepki-js", profile: "worker", whole: true };

/// What goes into the package from the top of the checkout.
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// The version that the package has, as everything here.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the package is put together.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("release-files").join("npm")
}

/// Where it is packed.
pub(crate) fn tarball(project: &Project) -> PathBuf {
    project.target.join("release-files").join(format!("kubepki-{VERSION}.tgz"))
}

/// Builds, assembles and packs it; returns what it has to tell.
pub(crate) fn make(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    let folder = folder(project);
    let _ = fs::remove_dir_all(&folder);
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    copy(&project.root.join("web/package"), &folder).map_err(fail)?;
    // Of the element its sources stand there: what is made of them is part of the package.
    fs::remove_dir_all(folder.join("element")).map_err(fail)?;
    element::make(project, sink, &folder)?;
    for name in LICENCES {
        fs::copy(project.root.join(name), folder.join(name)).map_err(fail)?;
    }
    if !read(&folder.join("package.json"))?.contains(&format!("\"version\": \"{VERSION}\"")) {
        return Err(format!("web/package/package.json has another version than {VERSION}, which all crates have"));
    }
    let Bound { glue, wasm } = bound(project, sink, &CORE)?;
    write(&folder.join("glue.js"), glue)?;
    write(&folder.join("core_bg.wasm"), wasm)?;
    let mut node = project.command("node");
    output(node.arg(project.root.join("web/package/element/integrity.mjs")).arg(&folder))?;
    paths::refuse(project, &folder)?;
    open(&folder)?;
    pack(project, &folder)?;
    tell(project, &folder)
}

/// Gives every file the same mode, which npm keeps: whoever builds may have another umask.
fn open(folder: &Path) -> Result<()> {
    for name in files_below(folder)? {
        let path = folder.join(name);
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(&path, mode).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Packs the folder. npm gives every file the same time and owner, so that equal files make an equal tarball.
fn pack(project: &Project, folder: &Path) -> Result<()> {
    let packed = tarball(project);
    let _ = fs::remove_file(&packed);
    let mut npm = project.command("npm");
    npm.args(["pack", "--ignore-scripts", "--silent", "--offline", "--pack-destination"]);
    output(npm.arg(packed.parent().unwrap_or(folder)).current_dir(folder))?;
    if packed.is_file() { Ok(()) } else { Err(format!("npm did not write {}", packed.display())) }
}

/// Whether a file of the package is one that a browser may load.
pub(crate) fn is_loaded(name: &str) -> bool {
    [".html", ".js", ".wasm"].iter().any(|end| name.ends_with(end))
}

/// What each file that a browser loads weighs.
fn tell(project: &Project, folder: &Path) -> Result<Vec<String>> {
    let names: Vec<String> = files_below(folder)?.into_iter().filter(|name| is_loaded(name)).collect();
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    let measures = measure(project, Depth::Brotli, &paths)?;
    let all = names.iter().zip(&measures);
    let each: Vec<String> = all.map(|(name, one)| format!("{name} {} ({} raw)", one.brotli, one.raw)).collect();
    Ok(vec![format!("{}: bytes under brotli: {}", tarball(project).display(), each.join(", "))])
}
