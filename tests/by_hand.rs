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
use support::export::Export;
use support::program::run;
use support::scratch::Scratch;
use support::tool;

/// P-256 throughout, RSA beside it, one CA for all, external etcd, a CA kept off the nodes.
const DESIGNS: &[&str] = &["key-ecdsa-p256", "key-mixed", "course", "ha-external-manual", "off-node", "ipv6-only"];

/// What identifies a certificate beside its key: subject, issuer, names and usages, each as a set where order is free.
fn identity(pem: &str) -> (String, String, BTreeSet<String>, BTreeSet<String>, BTreeSet<String>, Option<bool>) {
    let parsed = x509_parser::pem::parse_x509_pem(pem.as_bytes()).expect("PEM").1;
    let facts = inspect(&parsed.contents).expect("a certificate");
    let set = |all: Vec<String>| all.into_iter().collect();
    (facts.subject, facts.issuer, set(facts.sans), set(facts.key_usage), set(facts.ekus), facts.ca)
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
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() as i64;
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
        chains(&made, &scratch);
        assert!(connections(&made) > 4, "{name}: connections were tried");
        // Nothing is ever written over.
        let again = run(Command::new("sh").current_dir(scratch.path()).arg(&path), 60);
        assert!(again.code == Some(1) && again.err.contains("is there already"), "{name}: {again}");
    }
}
