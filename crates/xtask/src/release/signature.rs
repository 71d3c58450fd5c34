//! Signs a release's sums with Ed25519, by OpenSSL: whoever checks needs nothing that Debian does not have, and no
//! network. The key comes from outside and is only ever named to OpenSSL.

use crate::files::{Result, read};
use crate::products;
use crate::project::Project;
use crate::sink::output;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The detached signature of `SHA256SUMS`, 64 bytes.
pub(crate) const NAME: &str = "SHA256SUMS.sig";

/// How the signature is checked, for the release notes. `release.pub` is the publisher's key.
pub(crate) const CHECK: &str =
    "openssl pkeyutl -verify -rawin -pubin -inkey release.pub -in SHA256SUMS -sigfile SHA256SUMS.sig";

/// The public half of a key, in a file; fails where there is no private key of the one kind that we sign with.
pub(crate) fn public(project: &Project, key: &Path) -> Result<PathBuf> {
    let public = project.scratch("release.pub")?;
    output(openssl(project).args(["pkey", "-pubout", "-in"]).arg(key).arg("-out").arg(&public))?;
    let described = output(openssl(project).args(["pkey", "-pubin", "-noout", "-text", "-in"]).arg(&public))?;
    match described.starts_with("ED25519") {
        true => Ok(public),
        false => Err(format!(
            "{} is no Ed25519 key; `openssl genpkey -algorithm ed25519 -out KEY.pem` makes one",
            key.display()
        )),
    }
}

/// Signs the folder's sums with a key at an absolute path, and checks the signature; returns what it has to tell.
pub(crate) fn sign(project: &Project, key: &Path, folder: &Path) -> Result<String> {
    let public = public(project, key)?;
    let mut sign = openssl(project);
    sign.args(["pkeyutl", "-sign", "-rawin", "-in", "SHA256SUMS", "-out", NAME, "-inkey"]);
    output(sign.arg(key).current_dir(folder))?;
    // The very command of the release notes, with our copy of the public key.
    let words = CHECK.split(' ').skip(1);
    let words = words.map(|word| if word == "release.pub" { public.as_os_str() } else { word.as_ref() });
    output(openssl(project).args(words).current_dir(folder))?;
    let pem = read(&public)?;
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Ok(format!("{NAME}: signed; the public key is {bare}"))
}

/// Makes a key for tests.
pub(crate) fn throw_away(project: &Project, path: &Path) -> Result<()> {
    output(openssl(project).args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(path)).map(drop)
}

/// The `openssl` of `tools.toml`, or the one that its variable names.
fn openssl(project: &Project) -> Command {
    let variables = products::variables(project);
    let named = variables.into_iter().find(|(name, _)| name == "KUBEPKI_OPENSSL").map(|(_, path)| path);
    project.command(named.unwrap_or_else(|| "openssl".into()))
}
