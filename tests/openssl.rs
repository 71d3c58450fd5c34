//! OpenSSL: every chain with its purpose and names, every key beside its certificate, every embedded pair, and every
//! certificate's text.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use kubepki_core::catalog::row::Eku;
use kubepki_core::plan::{Holding, Root};
use kubepki_core::spec::San;
use kubepki_core::view::by_hand::recipes;
use support::difference::Known;
use support::export::Export;
use support::openssl::{openssl, public_of_certificate, public_of_key};
use support::program::{Said, run};
use support::scratch::Scratch;
use support::{design, golden, tool};

/// One of each kind of key, layout, address and place of etcd.
const DESIGNS: &[&str] = &[
    "single",
    "ha-stacked",
    "ha-external-manual",
    "course",
    "course-serving",
    "ipv6-only",
    "names",
    "key-mixed",
    "off-node",
];

/// `openssl verify` with one CA and nothing else to believe in.
fn verify(certificate: &Path, authority: &Path, more: &[&str]) -> Said {
    let mut command = tool::OPENSSL.command();
    command.args(["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-CAfile"]).arg(authority);
    run(command.args(more).arg(certificate), 20)
}

#[test]
fn chains_purposes_and_names() {
    let mut known = Known::of("openssl");
    for name in DESIGNS {
        let export = Export::of(name);
        let scratch = Scratch::new("openssl-chains");
        for (index, cert) in export.plan.certs.iter().enumerate().filter(|(_, cert)| cert.subject.is_some()) {
            let key = export.plan.key_of(index);
            let certificate = scratch.write(&format!("{index}.crt"), export.certificate(index));
            let authority = scratch.write(&format!("{index}.ca.crt"), export.anchor(index));
            let mut expect = |question: &str, arguments: &[&str], holds: bool| {
                let said = verify(&certificate, &authority, arguments);
                if (said.code == Some(0)) != holds {
                    known.differs(name, &format!("{key} {question}"), &format!("{}{}", said.out, said.err));
                }
            };
            if cert.row.is_ca() {
                expect("self-signed CA", &[], true);
                continue;
            }
            for (purpose, eku) in [("sslserver", Eku::ServerAuth), ("sslclient", Eku::ClientAuth)] {
                expect(purpose, &["-purpose", purpose], cert.ekus.contains(&eku));
            }
            for san in &cert.sans {
                match san {
                    San::Dns(dns) => {
                        let host = dns.replacen('*', "any", 1);
                        expect(&host, &["-verify_hostname", &host], true);
                    }
                    San::Ip(address) => {
                        let address = address.to_string();
                        expect(&address, &["-verify_ip", &address], true);
                    }
                }
            }
            expect("a strange name", &["-verify_hostname", "strange.example"], false);
            expect("a strange address", &["-verify_ip", "203.0.113.7"], false);
        }
    }
    known.finish();
}

#[test]
fn another_ca_of_the_same_name_is_refused() {
    let (export, other) = (Export::of("ha-stacked"), Export::of("ipv6-only"));
    let scratch = Scratch::new("openssl-foreign");
    for key in ["apiserver@cp-1", "admin.conf@cp-1", "etcd-server@cp-1", "front-proxy-client@cp-1"] {
        let certificate = export.plan.find_key(key).expect("it is planned");
        let foreign = other.plan.find_key(key).expect("it is planned in both");
        let certificate = scratch.write("leaf.crt", export.certificate(certificate));
        let authority = scratch.write("ca.crt", other.anchor(foreign));
        let said = verify(&certificate, &authority, &[]).bad();
        assert!(said.contains("error"), "{key}: {said}");
    }
}

#[test]
fn every_key_fits_what_lies_beside_it() {
    for name in DESIGNS {
        let export = Export::of(name);
        let scratch = Scratch::new("openssl-keys");
        for file in &export.plan.files {
            let path = export.path(file);
            match file.content.holding {
                Holding::PrivateKey => {
                    let here = |holding| {
                        let same = |other: &&kubepki_core::plan::PlannedFile| other.root == file.root;
                        export.files(file.content.cert, holding).find(same).map(|other| export.path(other))
                    };
                    let public = match (here(Holding::Certificate), here(Holding::PublicKey)) {
                        (Some(certificate), _) => public_of_certificate(&certificate),
                        (None, Some(public)) => fs::read_to_string(public).expect("it was listed"),
                        (None, None) => panic!("{name}: {} lies alone", file.path),
                    };
                    assert_eq!(public_of_key(&path), public, "{name}: {}", file.path);
                    assert_eq!(first_line(&path), heading(export, file.content.cert), "{name}: {}", file.path);
                }
                Holding::Kubeconfig => {
                    let kubeconfig = export.kubeconfig(file);
                    let key = scratch.write("key", &kubeconfig.key);
                    let certificate = scratch.write("crt", &kubeconfig.certificate);
                    assert_eq!(public_of_key(&key), public_of_certificate(&certificate), "{name}: {}", file.path);
                    assert_eq!(first_line(&key), heading(export, file.content.cert), "{name}: {}", file.path);
                }
                Holding::Certificate => assert_eq!(first_line(&path), "-----BEGIN CERTIFICATE-----", "{}", file.path),
                Holding::PublicKey => assert_eq!(first_line(&path), "-----BEGIN PUBLIC KEY-----", "{}", file.path),
            }
        }
    }
}

fn first_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().next().unwrap_or_default().to_owned()
}

/// What kubeadm's keys begin with (client-go util/keyutil/key.go: MarshalPrivateKeyToPEM).
fn heading(export: &Export, cert: usize) -> &'static str {
    match export.plan.certs[cert].key.is_rsa() {
        true => "-----BEGIN RSA PRIVATE KEY-----",
        false => "-----BEGIN EC PRIVATE KEY-----",
    }
}

/// The same CA everywhere, byte by byte; and the same service-account key on all control planes.
#[test]
fn copies_are_the_same_bytes() {
    for name in DESIGNS {
        let export = Export::of(name);
        for (index, cert) in export.plan.certs.iter().enumerate().filter(|(_, cert)| cert.node.is_none()) {
            for holding in [Holding::Certificate, Holding::PrivateKey, Holding::PublicKey] {
                let texts: Vec<String> = export.files(index, holding).map(|file| export.text(file)).collect();
                assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {} {}", cert.row.id, holding.word());
            }
        }
        let nodes = export.plan.files.iter().filter(|file| matches!(file.root, Root::Node(_)));
        for file in nodes.filter(|file| file.content.holding == Holding::Kubeconfig) {
            let ca = export.plan.certs[file.content.cert].issuer.expect("a kubeconfig's certificate has an issuer");
            assert_eq!(export.kubeconfig(file).authority, export.certificate(ca), "{name}: {}", file.path);
        }
    }
}

/// The text of every certificate, without what is random: numbers, keys and signatures. Made for a fixed time, so that
/// dates are part of it.
#[test]
fn texts() {
    for name in ["single", "course", "key-ecdsa-p384", "names"] {
        let scratch = Scratch::new("openssl-text");
        let folder = scratch.join("export");
        let mut command = Command::new(tool::kubepki());
        command.arg("generate").arg("--design").arg(design::file(name)).arg("--out").arg(&folder);
        run(command.args(["--now", "2026-12-01T12:00:00Z"]), 60).good();
        let export = Export { design: name.to_owned(), folder, plan: design::plan(name) };
        let mut out = String::new();
        for (index, _) in export.plan.certs.iter().enumerate().filter(|(_, cert)| cert.subject.is_some()) {
            let certificate = scratch.write("crt", export.certificate(index)).to_string_lossy().into_owned();
            let options = ["-certopt", "no_serial,no_pubkey,no_sigdump", "-nameopt", "RFC2253"];
            let text = openssl(&[&["x509", "-noout", "-text", "-in", &certificate], &options[..]].concat()).good();
            let _ = writeln!(out, "{}", export.plan.key_of(index));
            for line in text.lines().skip(2).map(|line| line.trim_end().strip_prefix("    ").unwrap_or(line)) {
                let _ = writeln!(out, "{}", masked(line));
            }
        }
        golden::check(&format!("openssl/{name}.txt"), &out);
    }
}

/// Key identifiers are as random as keys; that leaves name their CA's is checked by the chains above.
fn masked(line: &str) -> String {
    let bare = line.trim_start();
    let identifier = bare.strip_prefix("keyid:").unwrap_or(bare);
    let hex = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match identifier.split(':').count() == 20 && identifier.split(':').all(hex) {
        true => format!("{}(20 octets)", &line[..line.len() - bare.len()]),
        false => line.to_owned(),
    }
}

/// What the inspector says to do by hand makes certificates that say the same as the exported ones.
#[test]
fn recipes_make_what_they_say() {
    for name in ["key-ecdsa-p256", "course", "ipv6-only"] {
        let export = Export::of(name);
        let scratch = Scratch::new("recipes");
        for (index, cert) in export.plan.certs.iter().enumerate() {
            let recipe = &recipes(&export.plan, index)[0];
            assert_eq!(recipe.tool, "openssl");
            let mut shell = Command::new("sh");
            run(shell.current_dir(scratch.path()).args(["-ec", &recipe.text]), 60).good();
            let Some(subject) = &cert.subject else { continue };
            let made = recipe.text.rsplit(' ').next().expect("it ends in the file that it makes");
            let text = openssl(&["x509", "-noout", "-text", "-in", &scratch.join(made).to_string_lossy()]).good();
            let id = export.plan.key_of(index);
            let exported = export.certificate(index);
            let wanted = scratch.write("wanted.crt", exported);
            let wanted = openssl(&["x509", "-noout", "-text", "-in", &wanted.to_string_lossy()]).good();
            // Key identifiers differ with the keys, the order is openssl's own, and the days are counted from now.
            let said = |text: &str| -> BTreeSet<String> {
                let (_, extensions) = text.split_once("X509v3 extensions:").expect("extensions");
                let lines = extensions.lines().map(str::trim).take_while(|line| !line.starts_with("Signature"));
                lines.filter(|line| !is_identifier(line)).map(str::to_owned).collect()
            };
            assert_eq!(said(&text), said(&wanted), "{name}: {id}\n{}", recipe.text);
            assert!(text.contains(&format!("CN = {}", subject.common_name)), "{name}: {id}: {text}");
        }
    }
}

/// Octets of a key identifier.
fn is_identifier(line: &str) -> bool {
    line.len() > 40 && line.bytes().all(|one| one.is_ascii_hexdigit() || one == b':')
}
