//! The openssl script of the Commands view: run by a shell, it makes the same tree as an export, with the same identities,
//! and what judges exports judges it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use kubepki_core::catalog::connections::CONNECTIONS;
use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::Holding;
use kubepki_core::view::commands::script;
use kubepki_issuance::inspect::inspect;
use kubepki_rehearsal::{Stage, Verdict, dials, rehearse};
use support::clock;
use support::export::Export;
use support::program::run;
use support::scratch::Scratch;
use support::tool;

/// P-256 throughout, P-384, RSA beside P-256, one CA for all, external etcd, a CA kept off the nodes.
const DESIGNS: &[&str] =
    &["key-ecdsa-p256", "key-ecdsa-p384", "key-mixed", "course", "ha-external-manual", "off-node", "ipv6-only"];

/// What identifies a certificate beside its key and its time, each as a set where order is free.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    subject: String,
    issuer: String,
    sets: [BTreeSet<String>; 3],
    ca: Option<bool>,
    seconds: i64,
    signature: String,
}

fn identity(pem: &str) -> Identity {
    let parsed = x509_parser::pem::parse_x509_pem(pem.as_bytes()).expect("PEM").1;
    let facts = inspect(&parsed.contents).expect("a certificate");
    let sets = [facts.sans, facts.key_usage, facts.ekus].map(|all| all.into_iter().collect());
    let seconds = facts.not_after - facts.not_before;
    Identity { subject: facts.subject, issuer: facts.issuer, sets, ca: facts.ca, seconds, signature: facts.signature }
}

/// What openssl itself says of every chain: strictly, with each usage, and with one CA to believe in.
fn chains(made: &Export, scratch: &Scratch) {
    for (index, cert) in made.plan.certs.iter().enumerate().filter(|(_, cert)| cert.issuer.is_some()) {
        let certificate = scratch.write(&format!("{index}.crt"), made.certificate(index));
        let authority = scratch.write(&format!("{index}.ca.crt"), made.anchor(index));
        for (purpose, eku) in [("sslserver", Eku::ServerAuth), ("sslclient", Eku::ClientAuth)] {
            let mut command = tool::OPENSSL.command();
            command.args(["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-purpose", purpose, "-CAfile"]);
            let said = run(command.arg(&authority).arg(&certificate), 20);
            let (name, key) = (&made.design, made.plan.key_of(index));
            assert_eq!(said.code == Some(0), cert.ekus.contains(&eku), "{name}: {key} {purpose}: {said}");
        }
    }
}

/// Every connection whose files are there, tried as components would; how many there are.
fn connections(made: &Export) -> usize {
    let stage = Stage::new(&made.plan.spec);
    let now = clock::now();
    let mut tried = 0;
    for row in CONNECTIONS {
        let Ok(dial) = dials(&stage, row.id, None) else { continue };
        let paths = dial.files(&stage);
        let read = |path: &String| Some((path.clone(), fs::read(made.folder.join(path)).ok()?));
        let files: BTreeMap<String, Vec<u8>> = paths.iter().filter_map(read).collect();
        if files.len() < paths.len() {
            continue;
        }
        let it = rehearse(&stage, &dial, |path| files.get(path).map(Vec::as_slice), now).expect("all files");
        let holds = it.client.verdict == Verdict::Ok && it.server.verdict == Verdict::Ok;
        // What no RBAC binding lets in by itself is refused for that alone.
        assert!(holds || it.http_status == Some(403), "{}: {}: {it:?}", made.design, row.id);
        tried += 1;
    }
    tried
}

#[test]
fn the_script_makes_what_an_export_holds() {
    for name in DESIGNS {
        let export = Export::of(name);
        let scratch = Scratch::new("by-hand");
        let path = scratch.write("make.sh", script(&export.plan));
        run(Command::new("sh").current_dir(scratch.path()).arg(&path), 300).good();
        let folder = scratch.join(&format!("{}-pki", export.plan.spec.cluster_name));
        let made = Export { design: format!("{name} by openssl"), folder, plan: export.plan.clone() };
        for file in &made.plan.files {
            let path = made.path(file);
            let mode = fs::metadata(&path).unwrap_or_else(|error| panic!("{name}: {}: {error}", path.display()));
            assert_eq!(mode.permissions().mode() & 0o7777, file.mode, "{name}: {}", path.display());
            if matches!(file.content.holding, Holding::Certificate | Holding::Kubeconfig) {
                let held = made.held(file);
                assert_eq!(
                    identity(&held.certificate),
                    identity(&export.held(file).certificate),
                    "{name}: {}",
                    file.path
                );
            }
        }
        for file in &made.plan.files {
            // Each key in the form in which the export has it, and alone in its file.
            let key = |one: &Export| match file.content.holding {
                Holding::Kubeconfig => Some(one.held(file).key),
                Holding::PrivateKey => Some(one.text(file)),
                Holding::Certificate | Holding::PublicKey => None,
            };
            if let (Some(ours), Some(theirs)) = (key(export), key(&made)) {
                let form = |pem: &str| (pem.lines().next().map(str::to_owned), pem.matches("-----BEGIN").count());
                assert_eq!(form(&theirs), form(&ours), "{name}: {}", file.path);
                assert!(theirs.starts_with("-----BEGIN RSA ") || theirs.starts_with("-----BEGIN EC "), "{name}");
            }
        }
        let offline = fs::metadata(made.folder.join("offline-ca"));
        assert!(
            offline.is_ok_and(|it| it.permissions().mode() & 0o777 == 0o700) == name.starts_with("off-node"),
            "{name}"
        );
        chains(&made, &scratch);
        assert!(connections(&made) > 4, "{name}: connections were tried");
        // Nothing is ever written over.
        let again = run(Command::new("sh").current_dir(scratch.path()).arg(&path), 60);
        assert!(again.code == Some(1) && again.err.contains("is there already"), "{name}: {again}");
    }
}

/// What openssl says when it fails is shown, and no half of a PKI, least of all a CA's key, is left.
#[test]
fn a_script_that_fails_says_why_and_leaves_nothing() {
    let scratch = Scratch::new("by-hand-fails");
    let path = scratch.write("make.sh", script(&support::design::plan("key-ecdsa-p256")));
    let openssl = tool::OPENSSL.path();
    let failing = format!(
        "#!/bin/sh\n[ \"$1\" != ca ] || {{ echo 'no disk' >&2; exit 3; }}\nexec {} \"$@\"\n",
        openssl.display()
    );
    let program = scratch.write("bin/openssl", failing);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    let folders = std::env::var("PATH").unwrap_or_default();
    let here = scratch.join("here");
    fs::create_dir(&here).expect("a folder");
    let mut shell = Command::new("sh");
    shell.current_dir(&here).env("PATH", format!("{}:{folders}", scratch.join("bin").display())).arg(&path);
    let said = run(&mut shell, 60);
    assert!(said.code == Some(1) && said.err.contains("no disk"), "{said}");
    assert_eq!(fs::read_dir(&here).expect("a folder").count(), 0, "nothing is left");
}
