//! `verify.sh` on good trees and on damaged ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kubepki_core::spec::Field;
use kubepki_issuance::archive::Selection;

use crate::scratch::{Scratch, draft, issued, now, run, said};

const YEAR: i64 = 365 * 86_400;
const PKI: &str = "nodes/cp-1/etc/kubernetes/pki";

#[test]
fn good_trees_hold_in_every_shell() {
    for (preset, fields) in [
        ("single", &[][..]),
        (
            "ha-stacked",
            &[(Field::Start, "manual"), (Field::KubeletClient, "issued"), (Field::KubeletServing, "clusterCA")],
        ),
        ("ha-external", &[(Field::CaKeys, "offNode")]),
        ("course", &[(Field::Trust, "separate")]),
        ("course", &[(Field::FileNames, "pem"), (Field::ApiServerClientPairs, "serving")]),
    ] {
        let draft = draft(preset, fields);
        let pki = issued(&draft, now());
        let scratch = Scratch::new();
        let top = scratch.unpack(&pki, &draft, Selection::Whole);
        for shell in ["dash", "bash"] {
            let output = run(&top, shell, &["verify.sh"]);
            assert!(output.status.success(), "{preset} in {shell}: {}", said(&output));
            assert!(said(&output).contains("\nok  kube-apiserver → etcd  "), "{preset}: {}", said(&output));
        }
    }
}

#[test]
fn the_line_reads_as_promised() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let text = said(&run(&top, "sh", &["verify.sh"]));
    assert!(
        text.contains("\nok  kube-apiserver → etcd  apiserver-etcd-client signed by etcd-ca, clientAuth, 364 days left  (cp-1, cp-2, cp-3)\n")
            || text.contains("clientAuth, 365 days left  (cp-1, cp-2, cp-3)\n"),
        "{text}"
    );
}

#[test]
fn parts_of_an_export_hold_too() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, now());
    for selection in [Selection::WithoutCaKeys, Selection::Node(0), Selection::Node(2), Selection::Node(3)] {
        let scratch = Scratch::new();
        let top = scratch.unpack(&pki, &draft, selection);
        let output = run(&top, "sh", &["verify.sh"]);
        assert!(output.status.success(), "{selection:?}: {}", said(&output));
    }
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let one = said(&run(&top, "sh", &["verify.sh", "--node", "cp-2"]));
    assert!(one.ends_with("What was read of cp-2 holds.\n"), "{one}");
    assert_eq!(run(&top, "sh", &["verify.sh", "--node", "nobody"]).status.code(), Some(2));
    assert_eq!(run(&top, "sh", &["verify.sh", "--bogus"]).status.code(), Some(2));
}

/// Replaces a file and, so that the sum alone does not give it away, its sum.
fn replace(top: &Path, path: &str, bytes: &[u8]) {
    let file = top.join(path);
    let permissions = fs::metadata(&file).expect("a file").permissions();
    fs::write(&file, bytes).expect("written");
    fs::set_permissions(&file, permissions).expect("a mode");
    let sum = run(top, "sha256sum", &[path]);
    let sum = String::from_utf8_lossy(&sum.stdout).into_owned();
    let sums = fs::read_to_string(top.join("SHA256SUMS")).expect("sums");
    let sums: String = sums
        .lines()
        .map(|line| if line.ends_with(&format!("  {path}")) { sum.clone() } else { format!("{line}\n") })
        .collect();
    fs::write(top.join("SHA256SUMS"), sums).expect("written");
}

#[test]
fn damage_is_found_and_its_file_is_named() {
    let endpoint = (Field::ControlPlaneEndpoint, "api.prod.example:6443");
    let good = draft("single", &[endpoint]);
    let pki = issued(&good, now());
    // The same keys and other dates, names and usages: what a mistake by hand looks like.
    let other = issued(&draft("single", &[endpoint, (Field::KeysCa, "ECDSA-P384")]), now());
    let nameless = issued(&draft("single", &[]), now());
    let mut moved = good.clone();
    moved.nodes[0].addresses = vec!["10.9.9.9".to_owned()];
    let moved = issued(&moved, now());
    let expired = issued(&good, now() - 2 * YEAR);
    let early = issued(&good, now() + YEAR);

    let file = |pki: &kubepki_issuance::Pki, path: &str| -> Vec<u8> {
        let scratch = Scratch::new();
        let top = scratch.unpack(pki, &good, Selection::Whole);
        fs::read(top.join(path)).expect("a file")
    };
    type Damage<'a> = (&'a str, String, Box<dyn Fn(&Path) + 'a>, &'a str);
    let at = |path: &str| format!("{PKI}/{path}");
    let damages: Vec<Damage<'_>> = vec![
        (
            "another CA",
            at("ca.crt"),
            Box::new(|top| replace(top, &at("ca.crt"), &file(&other, &at("ca.crt")))),
            "is another CA than ca of this PKI",
        ),
        (
            "a certificate of another CA",
            at("apiserver-etcd-client.crt"),
            Box::new(|top| {
                replace(top, &at("apiserver-etcd-client.crt"), &file(&other, &at("apiserver-etcd-client.crt")))
            }),
            "is not signed by this CA",
        ),
        (
            "a swapped key",
            at("apiserver.key"),
            Box::new(|top| replace(top, &at("apiserver.key"), &file(&pki, &at("apiserver-kubelet-client.key")))),
            "is not the private key of",
        ),
        (
            "an expired certificate",
            at("apiserver.crt"),
            Box::new(|top| replace(top, &at("apiserver.crt"), &file(&expired, &at("apiserver.crt")))),
            "has expired",
        ),
        (
            "a certificate from the future",
            at("front-proxy-client.crt"),
            Box::new(|top| replace(top, &at("front-proxy-client.crt"), &file(&early, &at("front-proxy-client.crt")))),
            "is not valid yet",
        ),
        (
            "a name dropped",
            at("apiserver.crt"),
            Box::new(|top| replace(top, &at("apiserver.crt"), &file(&nameless, &at("apiserver.crt")))),
            "lacks DNS:api.prod.example",
        ),
        (
            "a peer certificate without its address",
            at("etcd/peer.crt"),
            Box::new(|top| replace(top, &at("etcd/peer.crt"), &file(&moved, &at("etcd/peer.crt")))),
            "lacks IP Address:192.168.1.10",
        ),
        (
            "the wrong usage",
            at("apiserver.crt"),
            Box::new(|top| replace(top, &at("apiserver.crt"), &file(&pki, &at("apiserver-kubelet-client.crt")))),
            "has the usages 'TLS Web Client Authentication', planned are 'TLS Web Server Authentication'",
        ),
        (
            "a truncated certificate",
            at("etcd/server.crt"),
            Box::new(|top| {
                let whole = file(&pki, &at("etcd/server.crt"));
                replace(top, &at("etcd/server.crt"), &whole[..whole.len() / 2]);
            }),
            "holds no readable certificate",
        ),
        (
            "a truncated key",
            at("etcd/server.key"),
            Box::new(|top| {
                let whole = file(&pki, &at("etcd/server.key"));
                replace(top, &at("etcd/server.key"), &whole[..whole.len() / 2]);
            }),
            "holds no readable private key",
        ),
        (
            "a key that others may read",
            at("sa.key"),
            Box::new(|top| {
                fs::set_permissions(top.join(at("sa.key")), fs::Permissions::from_mode(0o644)).expect("a mode");
            }),
            "others may read or change it; its mode should be 0600",
        ),
        (
            "a missing file",
            at("front-proxy-ca.crt"),
            Box::new(|top| fs::remove_file(top.join(at("front-proxy-ca.crt"))).expect("removed")),
            "is missing",
        ),
        (
            "a kubeconfig that trusts another CA",
            "nodes/cp-1/etc/kubernetes/scheduler.conf".to_owned(),
            Box::new(|top| {
                let path = "nodes/cp-1/etc/kubernetes/scheduler.conf";
                let line = |bytes: Vec<u8>| {
                    let text = String::from_utf8(bytes).expect("text");
                    text.lines().find(|line| line.contains("certificate-authority-data")).expect("a CA").to_owned()
                };
                let text = String::from_utf8(file(&pki, path)).expect("text");
                let text = text.replace(&line(file(&pki, path)), &line(file(&other, path)));
                replace(top, path, text.as_bytes());
            }),
            "trusts another CA than ca of this PKI",
        ),
        (
            "a public key that is not the private one's",
            at("sa.pub"),
            Box::new(|top| {
                let key = run(top, "openssl", &["pkey", "-in", &at("ca.key"), "-pubout"]);
                replace(top, &at("sa.pub"), &key.stdout);
            }),
            "is not the public key of",
        ),
        (
            "a changed file",
            "nodes/cp-1/etc/kubernetes/admin.conf".to_owned(),
            Box::new(|top| {
                let path = top.join("nodes/cp-1/etc/kubernetes/admin.conf");
                let text = fs::read_to_string(&path).expect("text");
                fs::write(&path, text.replace("api.prod.example", "evil.example")).expect("written");
            }),
            "was changed since it was made",
        ),
        (
            "two certificates in one file",
            at("etcd/ca.crt"),
            Box::new(|top| {
                let both = [file(&pki, &at("etcd/ca.crt")), file(&pki, &at("ca.crt"))].concat();
                replace(top, &at("etcd/ca.crt"), &both);
            }),
            "holds more than one certificate",
        ),
    ];
    // Each damage in one of the shells; good trees are checked in both.
    for ((what, path, damage, expected), shell) in damages.into_iter().zip(["dash", "bash"].into_iter().cycle()) {
        let scratch = Scratch::new();
        let top = scratch.unpack(&pki, &good, Selection::Whole);
        damage(&top);
        let output = run(&top, shell, &["verify.sh"]);
        let text = said(&output);
        let line = text.lines().find(|line| line.starts_with("BAD ") && line.contains(&path));
        assert_eq!(output.status.code(), Some(1), "{what}: {text}");
        assert!(line.is_some(), "{what} names no {path}: {text}");
        let named = text.lines().any(|line| line.contains(&path) && line.contains(expected));
        assert!(named, "{what}: nobody says {expected:?}: {text}");
        assert!(text.contains("mend: "), "{what}: {text}");
    }
}

#[test]
fn a_tree_may_stand_in_a_folder_with_spaces() {
    let draft = draft("single", &[]);
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let odd = scratch.path().join("with 'quote and space");
    fs::rename(&top, &odd).expect("renamed");
    let output = run(scratch.path(), "dash", &["with 'quote and space/verify.sh"]);
    assert!(output.status.success(), "{}", said(&output));
}

/// A TLS server that presents a certificate, ended when dropped.
struct Server(std::process::Child);

impl Server {
    fn start(top: &Path, address: &str, certificate: &str) -> Self {
        let key = certificate.replace(".crt", ".key");
        let args = ["s_server", "-quiet", "-accept", address, "-cert", certificate, "-key", &key];
        let mut openssl = std::process::Command::new("openssl");
        let child = openssl.args(args).current_dir(top).stderr(std::process::Stdio::null()).spawn();
        let child = child.expect("openssl starts");
        let server = Self(child);
        for _ in 0..200 {
            if std::net::TcpStream::connect(address).is_ok() {
                return server;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("nobody listens on {address}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn live_asks_the_ports_what_they_present() {
    // An address of its own, so that nothing else of this machine is asked; kubeadm would refuse one on loopback.
    let mut draft = draft("single", &[(Field::Start, "manual"), (Field::KubeletClient, "bootstrap")]);
    draft.nodes[0].addresses = vec!["127.0.0.91".to_owned()];
    let pki = issued(&draft, now());
    let scratch = Scratch::new();
    let top = scratch.unpack(&pki, &draft, Selection::Whole);
    let at = |path: &str| format!("{PKI}/{path}");
    let _etcd = Server::start(&top, "127.0.0.91:2379", &at("etcd/server.crt"));
    let _peer = Server::start(&top, "127.0.0.91:2380", &at("etcd/peer.crt"));
    let silent = run(&top, "sh", &["verify.sh", "--live"]);
    assert_eq!(silent.status.code(), Some(1));
    assert!(
        said(&silent).contains("BAD live kube-apiserver@cp-1 at 127.0.0.91:6443 shows no certificate"),
        "{}",
        said(&silent)
    );
    let wrong = Server::start(&top, "127.0.0.91:6443", &at("etcd/server.crt"));
    let other = run(&top, "dash", &["verify.sh", "--live"]);
    assert!(
        said(&other).contains("BAD live kube-apiserver@cp-1 at 127.0.0.91:6443 presents another"),
        "{}",
        said(&other)
    );
    drop(wrong);
    let _right = Server::start(&top, "127.0.0.91:6443", &at("apiserver.crt"));
    let good = run(&top, "dash", &["verify.sh", "--live"]);
    assert!(good.status.success(), "{}", said(&good));
    assert_eq!(said(&good).matches("\nok  live ").count(), 3, "{}", said(&good));
}
