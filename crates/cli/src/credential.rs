//! `kubepki credential`: who a certificate or a kubeconfig makes its holder, what that may do, and until when.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kubepki_study::credential::{credential, read};

use crate::args::Credential;
use crate::failure::Failure;
use crate::generate::clock;
use crate::print;

/// Bytes of a file that are read: more than any kubeconfig has.
const LONGEST: u64 = 4 << 20;

pub(crate) fn run(given: &Credential) -> Result<(), Failure> {
    let now = given.now.map_or_else(clock, Ok)?;
    let wrong = |what: String| Failure::Input(vec![format!("{}: error: {what}", given.file.display())]);
    let text = text(&given.file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let certificate = read(&text).ok_or_else(|| {
        wrong(
            "holds neither a certificate nor client-certificate-data (a token or a file's path is not read)".to_owned(),
        )
    })?;
    let told = credential(&certificate.map_err(wrong)?, now);
    let mut out: String = told
        .facts
        .iter()
        .map(|(label, text)| if label.is_empty() { format!("{text}\n") } else { format!("{label:7} {text}\n") })
        .collect();
    if !told.note.is_empty() {
        out += "\nWhat Kubernetes and kubeadm give it; your cluster may bind more:\n";
        told.may.iter().for_each(|(may, by)| out += &format!("- {may}\n  by {by}\n"));
        out += &format!("\n{}\n", told.note);
    }
    print(&out)
}

/// What a file says; its private key is passed over and never printed.
fn text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
