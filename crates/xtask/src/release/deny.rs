//! cargo-deny over the lock file: licences, second versions, where crates come from, and known vulnerabilities. The rules
//! and their exceptions are in `deny.toml`. All but the vulnerabilities needs no network.

use crate::build::paths;
use crate::files::Result;
use crate::project::Project;
use crate::sink::{Sink, output};
use std::path::PathBuf;

/// Seconds for the database of advisories: some 10 MB, and a name that is not found must not take minutes.
const PATIENCE: &str = "120";

/// An exception that nothing needs any more is an error too: it would let in what comes next under its name.
const STALE: &[&str] = &[
    "--deny=unmatched-skip",
    "--deny=license-exception-not-encountered",
    "--deny=license-not-encountered",
    "--deny=advisory-not-detected",
];

/// What can be checked anywhere.
pub(crate) fn offline(project: &Project, sink: &Sink) -> Result<()> {
    let mut deny = project.command(program(project)?);
    sink.run(deny.args(["--locked", "--offline", "check"]).args(STALE).args(["licenses", "bans", "sources"]))
}

/// Known vulnerabilities, by the newest database that can be had; returns which that was. Without any there is nothing
/// to check with, which the returned line says.
pub(crate) fn advisories(project: &Project, sink: &Sink) -> Result<String> {
    let mut fetch = project.command("timeout");
    fetch.arg(PATIENCE).arg(program(project)?).args(["--locked", "fetch", "db"]);
    let fetched = output(&mut fetch);
    let Some(date) = database(project)? else {
        let why = fetched.err().unwrap_or_else(|| "cargo-deny left none behind".to_owned());
        return Ok(format!("advisories: NOT CHECKED, their database cannot be had: {}", why.trim()));
    };
    let mut deny = project.command(program(project)?);
    sink.run(deny.args(["--locked", "--offline", "check"]).args(STALE).arg("advisories"))?;
    Ok(match fetched {
        Ok(_) => format!("advisories: none that deny.toml does not answer, as of {date}"),
        Err(_) => format!("advisories: none as of {date}; NOT CHECKED since: newer ones cannot be had"),
    })
}

/// The day of the newest advisory database that cargo-deny keeps, if it has one.
fn database(project: &Project) -> Result<Option<String>> {
    let Ok(folders) = std::fs::read_dir(paths::cargo_home()?.join("advisory-dbs")) else { return Ok(None) };
    let day = |folder: PathBuf| {
        let mut git = project.command("git");
        output(git.arg("-C").arg(folder).args(["log", "-1", "--format=%cs"])).ok().map(|day| day.trim().to_owned())
    };
    Ok(folders.filter_map(|folder| day(folder.ok()?.path())).max())
}

/// The `cargo-deny` of `tools.toml`.
fn program(project: &Project) -> Result<PathBuf> {
    let tool = project.tools.iter().find(|tool| tool.name == "cargo-deny");
    tool.and_then(|tool| tool.program(&project.cache)).ok_or_else(|| "tools.toml has no cargo-deny".to_owned())
}
