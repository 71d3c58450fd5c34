//! The command `kubepki` as it is released: one static file that runs on any x86-64 Linux. Gates and benchmarks run this
//! same file, so that what they judge is what is given away.
//!
//! musl, not glibc: its code comes with the pinned toolchain and under MIT, so that two machines link the same library;
//! it was measured as fast as glibc here, and 800 KB smaller. Debian's `musl-gcc` compiles AWS-LC's C against it.

use crate::build::paths;
use crate::files::Result;
use crate::project::Project;
use crate::sink::{Sink, output};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What it is built for. `tools.toml` has the toolchain bring it.
pub(crate) const TARGET: &str = "x86_64-unknown-linux-musl";

/// Whether this machine can build and run it.
const HERE: bool = cfg!(all(target_arch = "x86_64", target_os = "linux"));

/// Where the build puts it; on other machines, where their own does.
pub(crate) fn path(project: &Project) -> PathBuf {
    let folder = if HERE { project.target.join(TARGET) } else { project.target.clone() };
    folder.join("release/kubepki")
}

/// Builds it for gates and benchmarks, on other machines in their own fashion.
pub(crate) fn kubepki(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    if HERE {
        build(project, sink, "")?;
    } else {
        sink.run(project.command("cargo").args(["build", "--release", "--package", "kubepki-cli"]))?;
    }
    Ok(Vec::new())
}

/// Builds the released file. `name` tells this build from others of the version, in ceremony records; it may be empty.
pub(crate) fn build(project: &Project, sink: &Sink, name: &str) -> Result<PathBuf> {
    if !HERE {
        return Err(format!("the command for {TARGET} is built on x86-64 Linux"));
    }
    let mut cargo = project.command("cargo");
    cargo.args(["build", "--release", "--package", "kubepki-cli", "--target", TARGET]);
    if project.ci {
        cargo.arg("--locked");
    }
    let renamed = renamed(project)?;
    let rustc =
        renamed.iter().fold(OsString::from("-Ctarget-feature=+crt-static\x1f-Cstrip=symbols"), |mut all, one| {
            all.push("\x1f--remap-path-prefix=");
            all.push(one);
            all
        });
    // C is compiled where cargo unpacked it, and from nowhere else.
    let unpacked = renamed.iter().filter(|one| one.as_encoded_bytes().ends_with(b"=/crates"));
    let cc = unpacked.fold(OsString::new(), |mut all, one| {
        all.push(" -ffile-prefix-map=");
        all.push(one);
        all
    });
    // They reach what is built for the target alone: build scripts and macros stay as every other build has them.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rustc).env_remove("RUSTFLAGS");
    cargo.env("CC_x86_64_unknown_linux_musl", "musl-gcc").env("CFLAGS_x86_64_unknown_linux_musl", cc);
    if !name.is_empty() {
        cargo.env("KUBEPKI_BUILD", name);
    }
    sink.run(&mut cargo)?;
    Ok(path(project))
}

/// Folders of this machine, each with the name that the file has instead, as `FROM=TO`: what panics say is the same
/// wherever it was built. Of those that match a path the last counts.
fn renamed(project: &Project) -> Result<Vec<OsString>> {
    let version = output(project.command("rustc").arg("-vV"))?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    let commit = commit.ok_or_else(|| format!("rustc names no commit: {version}"))?;
    let sysroot = output(project.command("rustc").args(["--print", "sysroot"]))?;
    let mut all = vec![
        (project.root.clone(), "/kubepki".to_owned()),
        (project.target.clone(), "/kubepki/target".to_owned()),
        // As the toolchain's own libraries name it.
        (Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), format!("/rustc/{commit}")),
    ];
    // One folder for each registry or mirror of one; its name is a hash of where that is.
    let registries = paths::cargo_home()?.join("registry/src");
    for folder in std::fs::read_dir(&registries).map_err(|error| format!("{}: {error}", registries.display()))? {
        all.push((folder.map_err(|error| error.to_string())?.path(), "/crates".to_owned()));
    }
    all.sort();
    let joined = all.into_iter().map(|(from, to)| {
        let mut joined = from.into_os_string();
        joined.push("=");
        joined.push(to);
        joined
    });
    Ok(joined.collect())
}
