//! The commit that a release is of, and where its files go.

use crate::files::Result;
use crate::project::Project;
use crate::sink::{Sink, output};
use std::path::PathBuf;

/// What a release is of.
pub(crate) struct Commit {
    /// In full; empty outside a git checkout.
    pub(crate) id: String,
    /// When it was made, in seconds since 1970 UTC.
    pub(crate) time: u64,
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

    /// A release of it.
    pub(crate) fn release<'a>(&self, project: &'a Project, sink: &'a Sink) -> Release<'a> {
        let build = if self.changed { String::new() } else { self.id.chars().take(16).collect() };
        Release { project, sink, version: env!("CARGO_PKG_VERSION"), time: self.time, build }
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

/// Where `cargo xtask release` puts its files.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("release-files").join(format!("kubepki-{}", env!("CARGO_PKG_VERSION")))
}
