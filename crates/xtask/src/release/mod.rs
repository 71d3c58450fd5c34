//! `cargo xtask release`: everything that is given away, in one folder, with the sums and the signature that prove it.
//! An artefact is a row.

pub(crate) mod deny;
pub(crate) mod notes;
pub(crate) mod sbom;
pub(crate) mod signature;
pub(crate) mod twice;

use crate::build::{self, cli, hosts, measure, package, paths, single_file};
use crate::project::{Project, Result, write};
use crate::sink::{Sink, output};
use crate::tools::install;
use std::fs;
use std::path::{Path, PathBuf};

/// One file of a release.
pub(crate) struct Artefact {
    /// Its name; `{version}` stands for the version.
    name: &'static str,
    /// What it is, for the release notes.
    pub(crate) is: &'static str,
    /// Writes it to a path, from what `build::build_all` has built.
    make: fn(&Release<'_>, &Path) -> Result<()>,
}

pub(crate) const ARTEFACTS: &[Artefact] = &[
    Artefact {
        name: "kubepki-site-{version}.tar.gz",
        is: "the site for a static host, and the headers that it wants there",
        make: site,
    },
    Artefact {
        name: "kubepki-workbench-{version}.html",
        is: "the whole site in one file, for a machine without a network",
        make: |release, path| copy(&single_file::path(release.project), path),
    },
    Artefact {
        name: "kubepki-{version}.tgz",
        is: "the npm package `kubepki`, for programs",
        make: |release, path| copy(&package::tarball(release.project), path),
    },
    Artefact {
        name: "kubepki-{version}-x86_64-linux",
        is: "the command `kubepki`, static, for any x86-64 Linux",
        make: |release, path| copy(&cli::build(release.project, release.sink, &release.build)?, path),
    },
    Artefact {
        name: "kubepki-{version}.cdx.json",
        is: "what all of it is made of: a bill of materials, CycloneDX 1.6",
        make: sbom::make,
    },
];

impl Artefact {
    /// Its name in a release of this version.
    pub(crate) fn named(&self, version: &str) -> String {
        self.name.replace("{version}", version)
    }
}

/// A release in the making.
pub(crate) struct Release<'a> {
    pub(crate) project: &'a Project,
    pub(crate) sink: &'a Sink,
    pub(crate) version: &'static str,
    /// When its commit was made, in seconds since 1970 UTC: the only time that stands in an artefact.
    pub(crate) time: u64,
    /// What ceremony records call the build of the command: its commit, or nothing where it has none.
    pub(crate) build: String,
}

/// `cargo xtask release`.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Result<()> {
    let mut key = None;
    let mut check = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--check" => check = true,
            "--sign-with" => {
                let file = words.next().ok_or("--sign-with wants the file of a key")?;
                key = Some(std::path::absolute(file).map_err(|error| format!("{file}: {error}"))?);
            }
            other => return Err(format!("unknown argument `{other}`; there are --check and --sign-with KEY.pem")),
        }
    }
    install::install_for(project, &["build", "release"])?;
    match (check, key) {
        (true, Some(_)) => Err("--check makes nothing to give away: leave --sign-with out".to_owned()),
        (true, None) => twice::check(project),
        (false, key) => {
            // A key that cannot sign should not be found out after minutes of building.
            key.iter().try_for_each(|key| signature::public(project, key).map(drop))?;
            let commit = Commit::of(project)?;
            let build = build::build_all(project, &Sink::Screen)?;
            let made = make(&commit.release(project, &Sink::Screen), &folder(project), key.as_deref())?;
            build.iter().chain(&made).for_each(|line| println!("{line}"));
            match commit.changed {
                true => println!("NOT OF A COMMIT: this checkout has changes, so nobody else can make these files"),
                false => println!("of commit {}", commit.id),
            }
            Ok(())
        }
    }
}

/// The gate: a release signed with a key that is thrown away, and held to what SECURITY.md says of releases.
pub(crate) fn gate(project: &Project, sink: &Sink) -> Result<Vec<String>> {
    deny::offline(project, sink)?;
    let key = project.scratch("throw-away.pem")?;
    signature::throw_away(project, &key)?;
    let folder = project.scratch("release")?;
    // No name for the build: it would change with every commit, and the command be linked again each time.
    // And where there is no git, or no commit, any time will do: nothing of this is given away.
    let commit = Commit::of(project).unwrap_or(Commit { id: String::new(), time: 1_800_000_000, changed: true });
    let release = Release { build: String::new(), ..commit.release(project, sink) };
    let notes = make(&release, &folder, Some(&key))?;
    let mut node = project.command("node");
    // By name: what Node takes a folder for differs between its versions.
    let tests = measure::files_below(&project.root.join("tests/release"))?;
    let tests = tests.iter().filter(|name| name.ends_with(".test.mjs") && !name.contains('/'));
    node.args(["--test", "--test-reporter=spec"]).args(tests.map(|name| format!("tests/release/{name}")));
    node.envs(project.gate_variables()).env("KUBEPKI_RELEASE_TIME", commit.time.to_string());
    sink.run(node.env("KUBEPKI_RELEASE", &folder).env("KUBEPKI_RELEASE_KEY", &key))?;
    Ok(notes)
}

/// Where `cargo xtask release` puts its files.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("release-files").join(format!("kubepki-{}", env!("CARGO_PKG_VERSION")))
}

/// Fills the folder, which holds nothing else afterwards; returns what it has to tell.
fn make(release: &Release<'_>, folder: &Path, key: Option<&Path>) -> Result<Vec<String>> {
    let Release { project, version, .. } = *release;
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(fail)?;
    }
    fs::create_dir_all(folder).map_err(fail)?;
    for artefact in ARTEFACTS {
        let name = artefact.named(version);
        (artefact.make)(release, &folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
    }
    paths::refuse(project, folder)?;
    write(&folder.join(notes::NAME), notes::text(release, folder, key.is_some())?)?;
    write(&folder.join("SHA256SUMS"), sums(project, folder)?)?;
    let signed = match key {
        Some(key) => signature::sign(project, key, folder)?,
        None => "no signature: --sign-with KEY.pem makes one, with an Ed25519 key".to_owned(),
    };
    Ok(vec![format!("{}: {} artefacts", folder.display(), ARTEFACTS.len()), signed])
}

/// The SHA-256 of every file in a folder, as `sha256sum` prints and checks it.
pub(crate) fn sums(project: &Project, folder: &Path) -> Result<String> {
    let names = measure::files_below(folder)?;
    output(project.command("sha256sum").arg("--").args(names).current_dir(folder))
}

/// The site and the hosts' headers, in an archive whose bytes tell nothing of the machine that packed it.
fn site(release: &Release<'_>, path: &Path) -> Result<()> {
    let project = release.project;
    let top = format!("kubepki-site-{}", release.version);
    let staged = project.scratch("site")?;
    let _ = fs::remove_dir_all(&staged);
    let inside = staged.join(&top);
    let fail = |error: std::io::Error| format!("{}: {error}", inside.display());
    build::copy(&project.dist(), &inside.join("site")).map_err(fail)?;
    build::copy(&hosts::folder(project), &inside.join("hosts")).map_err(fail)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&project.root.join(licence), &inside.join(licence))?;
    }
    let packed = staged.join("site.tar");
    let mut tar = project.command("tar");
    tar.args(["--sort=name", "--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"]);
    tar.arg(format!("--mtime=@{}", release.time)).arg("-cf").arg(&packed).arg("-C").arg(&staged).arg(&top);
    output(tar.env("LC_ALL", "C"))?;
    output(project.command("gzip").args(["-9", "-n", "-f"]).arg(&packed))?;
    copy(&staged.join("site.tar.gz"), path)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}

/// What a release is of.
pub(crate) struct Commit {
    /// In full; empty outside a git checkout.
    pub(crate) id: String,
    /// When it was made, in seconds since 1970 UTC.
    time: u64,
    /// Whether the checkout holds what the commit does not.
    pub(crate) changed: bool,
}

impl Commit {
    /// The checkout's commit. Source that was unpacked from an archive has none: its time then is `SOURCE_DATE_EPOCH`.
    pub(crate) fn of(project: &Project) -> Result<Commit> {
        let git = |arguments: &[&str]| output(project.command("git").args(arguments));
        let Ok(said) = git(&["log", "-1", "--format=%H %ct"]) else {
            let time = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
            let time = time.ok_or("this is no git checkout: set SOURCE_DATE_EPOCH to the time of what you release")?;
            return Ok(Commit { id: String::new(), time, changed: true });
        };
        let (id, time) = said.trim().split_once(' ').ok_or("git tells no commit")?;
        let time = time.parse().map_err(|_| format!("git tells no time: {said}"))?;
        Ok(Commit { id: id.to_owned(), time, changed: !git(&["status", "--porcelain"])?.is_empty() })
    }

    fn release<'a>(&self, project: &'a Project, sink: &'a Sink) -> Release<'a> {
        let build = if self.changed { String::new() } else { self.id.chars().take(16).collect() };
        Release { project, sink, version: env!("CARGO_PKG_VERSION"), time: self.time, build }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_artefact_has_a_name_of_its_own_with_the_version_in_it() {
        for (index, artefact) in ARTEFACTS.iter().enumerate() {
            let name = artefact.named("1.2.3");
            assert!(name.contains("1.2.3") && !name.contains(['{', '/', ' ']), "{name}");
            assert!(!ARTEFACTS[..index].iter().any(|other| other.named("1.2.3") == name), "{name} twice");
            assert!(!artefact.is.is_empty());
        }
    }
}
