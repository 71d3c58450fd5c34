//! The openssl script of the Commands view: run by a shell, it makes the same tree as an export, with the same identities,
//! and what judges exports judges it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use kubepki_core::plan::Holding;
use kubepki_core::view::commands::script;
use kubepki_issuance::inspect::inspect;
use support::export::Export;
use support::program::run;
use support::scratch::Scratch;

/// P-256 throughout, RSA beside it, one CA for all, external etcd, a CA kept off the nodes.
const DESIGNS: &[&str] = &["key-ecdsa-p256", "key-mixed", "course", "ha-external-manual", "off-node", "ipv6-only"];

/// What identifies a certificate beside its key: subject, issuer, names and usages, each as a set where order is free.
fn identity(pem: &str) -> (String, String, BTreeSet<String>, BTreeSet<String>, BTreeSet<String>, Option<bool>) {
    let parsed = x509_parser::pem::parse_x509_pem(pem.as_bytes()).expect("PEM").1;
    let facts = inspect(&parsed.contents).expect("a certificate");
    let set = |all: Vec<String>| all.into_iter().collect();
    (facts.subject, facts.issuer, set(facts.sans), set(facts.key_usage), set(facts.ekus), facts.ca)
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
        // The export's own judge: every chain, name, usage and pair, connection by connection.
        fs::copy(export.folder.join("verify.sh"), made.folder.join("verify.sh")).expect("a copy");
        let said = run(Command::new("sh").arg(made.folder.join("verify.sh")), 120);
        assert_eq!(said.code, Some(0), "{name}: {said}");
        assert!(said.out.lines().filter(|line| line.starts_with("ok  ")).count() > 9, "{name}: {said}");
        // Nothing is ever written over.
        let again = run(Command::new("sh").current_dir(scratch.path()).arg(&path), 60);
        assert!(again.code == Some(1) && again.err.contains("is there already"), "{name}: {again}");
    }
}
