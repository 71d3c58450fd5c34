//! The openssl command line: as a judge, and for making what must be refused.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Said, run};
use crate::scratch::Scratch;
use crate::tool::OPENSSL;

/// Runs openssl with these arguments.
pub fn openssl<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Said {
    run(OPENSSL.command().args(arguments), 60)
}

/// A certificate to be made: whatever a test wants to be wrong with it.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    /// Subject, as `/O=system:nodes/CN=x`.
    pub subject: &'a str,
    /// Extensions, as lines of an openssl configuration.
    pub extensions: &'a str,
    /// First and last moment, as `YYYYMMDDHHMMSSZ`; nothing for the next thirty days.
    pub dates: Option<(&'a str, &'a str)>,
}

impl Recipe<'_> {
    /// Makes a P-256 key and a certificate of it, signed by a CA. Gives the paths of both.
    pub fn sign(&self, scratch: &Scratch, name: &str, ca: &Path, ca_key: &Path) -> (PathBuf, PathBuf) {
        let [key, request, certificate] = ["key", "csr", "crt"].map(|end| scratch.join(&format!("{name}.{end}")));
        let extensions = scratch.write(&format!("{name}.ext"), self.extensions);
        make_key(&key);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        openssl(&["req", "-new", "-key", &text(&key), "-subj", self.subject, "-out", &text(&request)]).good();
        match self.dates {
            None => {
                let (ca, ca_key, ext) = (text(ca), text(ca_key), text(&extensions));
                let arguments = ["x509", "-req", "-days", "30", "-CAcreateserial", "-CA", &ca, "-CAkey", &ca_key];
                let rest = ["-in", &text(&request), "-extfile", &ext, "-out", &text(&certificate)];
                let serial = text(&scratch.join(&format!("{name}.srl")));
                openssl(&[&arguments[..], &rest[..], &["-CAserial", &serial]].concat()).good();
            }
            // `openssl x509` cannot set dates before 3.4; `openssl ca` can.
            Some((first, last)) => {
                let database = scratch.write(&format!("{name}.db"), "");
                scratch.write(&format!("{name}.db.attr"), "unique_subject = no\n");
                let serial = scratch.write(&format!("{name}.serial"), "1234\n");
                let configuration = format!(
                    "[ca]\ndefault_ca=d\n[d]\ndatabase={}\nserial={}\nnew_certs_dir={}\ndefault_md=sha256\n\
                     policy=p\n[p]\ncommonName=optional\norganizationName=optional\n",
                    database.display(),
                    serial.display(),
                    scratch.path().display()
                );
                let configuration = text(&scratch.write(&format!("{name}.cnf"), configuration));
                let (ca, ca_key, ext) = (text(ca), text(ca_key), text(&extensions));
                openssl(&[
                    "ca",
                    "-batch",
                    "-notext",
                    "-preserveDN",
                    "-config",
                    &configuration,
                    "-cert",
                    &ca,
                    "-keyfile",
                    &ca_key,
                    "-startdate",
                    first,
                    "-enddate",
                    last,
                    "-extfile",
                    &ext,
                    "-in",
                    &text(&request),
                    "-out",
                    &text(&certificate),
                ])
                .good();
            }
        }
        (certificate, key)
    }
}

/// Makes a self-signed P-256 CA. Gives the paths of certificate and key.
pub fn authority(scratch: &Scratch, name: &str, common_name: &str) -> (PathBuf, PathBuf) {
    let [key, certificate] = ["key", "crt"].map(|end| scratch.join(&format!("{name}.{end}")));
    make_key(&key);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        &text(&key),
        "-days",
        "30",
        "-subj",
        &format!("/CN={common_name}"),
        "-addext",
        "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign",
        "-out",
        &text(&certificate),
    ])
    .good();
    (certificate, key)
}

fn make_key(path: &Path) {
    let arguments = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out"];
    openssl(&[&arguments[..], &[&path.to_string_lossy()]].concat()).good();
}

/// The public key of a private key, PEM.
pub fn public_of_key(path: &Path) -> String {
    openssl(&["pkey", "-pubout", "-in", &path.to_string_lossy()]).good()
}

/// The public key of a certificate, PEM.
pub fn public_of_certificate(path: &Path) -> String {
    openssl(&["x509", "-noout", "-pubkey", "-in", &path.to_string_lossy()]).good()
}

/// Replaces a file's content and keeps its mode.
pub fn replace(path: &Path, by: &Path) {
    let bytes = fs::read(by).unwrap_or_else(|error| panic!("{}: {error}", by.display()));
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
