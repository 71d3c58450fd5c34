//! `kubepki credential`: who a certificate or a kubeconfig makes its holder, what that may do, and until when.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kubepki_issuance::{Secret, SecretText};
use kubepki_study::credential::{credential, read};

use crate::args::Credential;
use crate::clock;
use crate::failure::{Failure, why};
use crate::output::print;

/// Bytes of a file that are read: more than any kubeconfig has.
const LONGEST: u64 = 4 << 20;

pub(crate) fn run(given: &Credential) -> Result<(), Failure> {
    let now = clock::time(given.now, "--now")?;
    let wrong = |what: String| Failure::Input(vec![format!("{}: error: {what}", given.file.display())]);
    let text = text(&given.file).map_err(|error| wrong(format!("cannot be read: {}", why(&error))))?;
    let text =
        text.ok_or_else(|| wrong("has more than 4 MiB, which no certificate and no kubeconfig has".to_owned()))?;
    let certificate = read(text.expose()).ok_or_else(|| {
        wrong(
            "holds neither a certificate nor client-certificate-data (a token or a file's path is not read)".to_owned(),
        )
    })?;
    let told = credential(&certificate.map_err(|why| wrong(why.to_string()))?, now);
    let fact = |(label, text): &(&str, String)| match label.is_empty() {
        true => text.clone(),
        false => format!("{label:7} {text}"),
    };
    let mut lines: Vec<String> = told.facts.iter().map(fact).collect();
    if !told.note.is_empty() {
        lines.extend(["", "What Kubernetes and kubeadm give it; your cluster may bind more:"].map(str::to_owned));
        lines.extend(told.may.iter().flat_map(|(may, by)| [format!("- {may}"), format!("  by {by}")]));
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
