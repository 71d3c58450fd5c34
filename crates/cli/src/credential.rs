//! `kubepki credential`: who a certificate or a kubeconfig makes its holder, what that may do, and until when.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kubepki_issuance::{Secret, SecretText};
use kubepki_study::credential::{Lack, read};

use crate::args::Credential;
use crate::clock;
use crate::failure::{Failure, why};
use crate::output::print;

/// Bytes of a file that are read: more than any kubeconfig has.
const LONGEST: u64 = 4 << 20;

pub(crate) fn run(given: &Credential) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let wrong = |what: String| Failure::Input(vec![format!("{}: error: {what}", given.file.display())]);
    let too_long = "has more than 4 MiB, which no certificate and no kubeconfig has";
    let given_text = text(&given.file).map_err(|error| wrong(format!("cannot be read: {}", why(&error))))?;
    let given_text = given_text.ok_or_else(|| wrong(too_long.to_owned()))?;
    // Paths in a kubeconfig start where it lies.
    let folder = given.file.parent().unwrap_or(Path::new(""));
    let found = read(given_text.expose(), now, &|path| {
        // Whoever wrote the kubeconfig chose the path: nothing that is no file is opened.
        let path = folder.join(path);
        path.is_file().then(|| text(&path).ok().flatten()).flatten()
    });
    let found = found.ok_or_else(|| {
        wrong("holds neither a certificate nor a kubeconfig; give one of them, a certificate as PEM".to_owned())
    })?;
    let told = found.map_err(|Lack { what, hint }| wrong(format!("{what} {hint}")))?;
    let fact = |(label, text): &(&str, String)| match label.is_empty() {
        true => text.clone(),
        false => format!("{label:7} {text}"),
    };
    let mut lines: Vec<String> = told.facts.iter().map(fact).collect();
    if !told.may.is_empty() {
        lines.extend(["", "What Kubernetes and kubeadm give it; your cluster may bind more:"].map(str::to_owned));
        lines.extend(told.may.iter().flat_map(|(may, by)| [format!("- {may}"), format!("  by {by}")]));
    }
    if !told.note.is_empty() {
        lines.extend([String::new(), told.note.to_owned()]);
    }
    print(lines)
}

/// What a file says, unless it is too long; its private key is passed over and never printed.
fn text(path: &Path) -> std::io::Result<Option<SecretText>> {
    let mut bytes = Secret::default();
    bytes.extend_from(File::open(path)?.take(LONGEST + 1))?;
    Ok((bytes.len() as u64 <= LONGEST).then(|| bytes.into_text_lossy()))
}
