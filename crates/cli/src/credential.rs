//! `kubepki credential`: who a certificate or a kubeconfig makes its holder, what that may do, and until when.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kubepki_core::catalog::rights::rights;
use kubepki_core::instant;
use kubepki_verification::{Certificate, Eku};

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
    let pem = match text.contains("-----BEGIN CERTIFICATE-----") {
        true => text,
        false => kubepki_rehearsal::client_certificate(&text).ok_or_else(|| {
            wrong(
                "holds neither a certificate nor client-certificate-data (a token or a file's path is not read)"
                    .to_owned(),
            )
        })?,
    };
    let certificate = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
    print(&told(&certificate, now))
}

/// What a file says; its private key is passed over and never printed.
fn text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn told(it: &Certificate, now: i64) -> String {
    let mut out = String::new();
    let mut line = |text: String| out += &(text + "\n");
    if it.is_ca {
        line(format!("{} is a CA: whoever has its key can make any identity that it is trusted for.", it.common_name));
        return out;
    }
    if !it.ekus.is_empty() && !it.ekus.contains(&Eku::ClientAuth) && !it.ekus.contains(&Eku::Any) {
        line(format!("{} is no client certificate: its extended key usage lacks clientAuth.", it.common_name));
        return out;
    }
    let none = "none but system:authenticated".to_owned();
    line(format!("user    {}", it.common_name));
    line(format!("groups  {}", if it.organizations.is_empty() { none } else { it.organizations.join(", ") }));
    let days = (it.not_after - now) / 86_400;
    let until = instant::to_rfc3339(it.not_after);
    line(match (now > it.not_after, now < it.not_before) {
        (true, _) => format!("until   {until}: expired"),
        (_, true) => format!("until   {until}; not valid before {}", instant::to_rfc3339(it.not_before)),
        _ => format!("until   {until}, {days} days left"),
    });
    line(String::new());
    line("What Kubernetes and kubeadm give it; your cluster may bind more:".to_owned());
    for row in rights(&it.common_name, &it.organizations) {
        line(format!("- {}", row.may));
        line(format!("  by {} ({})", row.by, row.source));
    }
    line(String::new());
    line(
        "Kubernetes checks no revocation: until that date it counts, unless its CA is replaced or, where RBAC"
            .to_owned(),
    );
    line("decides, its binding is deleted.".to_owned());
    out
}
