//! What a release gives away: an artefact is a row.

use crate::build::{cli, hosts, package, single_file};
use crate::files::{self, Result};
use crate::release::commit::Release;
use crate::release::sbom;
use crate::sink::output;
use std::fs;
use std::path::Path;

/// One file of a release.
pub(crate) struct Artefact {
    /// Its name; `{version}` stands for the version.
    name: &'static str,
    /// What it is, for the release notes.
    pub(crate) is: &'static str,
    /// Writes it to a path, from what `build::build_all` has built.
    pub(crate) make: fn(&Release<'_>, &Path) -> Result<()>,
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

/// The site and the hosts' headers, in an archive whose bytes tell nothing of the machine that packed it.
fn site(release: &Release<'_>, path: &Path) -> Result<()> {
    let project = release.project;
    let top = format!("kubepki-site-{}", release.version);
    let staged = project.scratch("site")?;
    let _ = fs::remove_dir_all(&staged);
    let inside = staged.join(&top);
    let fail = |error: std::io::Error| format!("{}: {error}", inside.display());
    files::copy(&project.dist(), &inside.join("site")).map_err(fail)?;
    files::copy(&hosts::folder(project), &inside.join("hosts")).map_err(fail)?;
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
