//! `cargo xtask release`: everything that is given away, in one folder, with the sums and the signature that prove it.
//! What is given away are the rows of `artefacts`.

pub(crate) mod artefacts;
pub(crate) mod commit;
pub(crate) mod deny;
pub(crate) mod notes;
pub(crate) mod sbom;
pub(crate) mod signature;
pub(crate) mod sums;
pub(crate) mod twice;

use crate::build::{self, paths};
use crate::files::{self, Result, write};
use crate::products;
use crate::project::Project;
use crate::release::artefacts::ARTEFACTS;
use crate::release::commit::{Commit, Release, folder};
use crate::release::sums::sums;
use crate::sink::Sink;
use crate::tools::install;
use std::fs;
use std::path::Path;

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
    let tests = files::files_below(&project.root.join("tests/release"))?;
    let tests = tests.iter().filter(|name| name.ends_with(".test.mjs") && !name.contains('/'));
    node.args(["--test", "--test-reporter=spec"]).args(tests.map(|name| format!("tests/release/{name}")));
    node.envs(products::variables(project)).env("KUBEPKI_RELEASE_TIME", commit.time.to_string());
    sink.run(node.env("KUBEPKI_RELEASE", &folder).env("KUBEPKI_RELEASE_KEY", &key))?;
    Ok(notes)
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
