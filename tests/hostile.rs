//! Hostile and broken input on the command line: refused with the limit and the place, quickly, and nothing is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use support::export::Export;
use support::program::{Said, run, run_with};
use support::scratch::{Scratch, tree};
use support::tool::{VALIDATE, kubepki};
use support::{design, golden, pathological};

/// No hang; how long it really takes is a matter of benchmarks.
const PATIENCE: Duration = Duration::from_secs(5);

const GOOD: &str = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nkubernetesVersion: v1.37.1\n\
    keys: {ca: ECDSA-P256, leaf: ECDSA-P256}\n\
    nodes:\n- name: cp-1\n  addresses: [192.168.1.10]\n  roles: [control-plane]\n";

/// Runs `generate` on a design file; asserts that it was refused and nothing was written. Gives what it said.
#[track_caller]
fn refused(what: &str, scratch: &Scratch, file: &Path) -> String {
    let before = tree(scratch.path());
    let out = scratch.join("out");
    let said = run(Command::new(kubepki()).args(["generate", "--design"]).arg(file).arg("--out").arg(&out), 20);
    judged(what, &said);
    assert_eq!(tree(scratch.path()), before, "{what}: something was written");
    said.err
}

#[track_caller]
fn judged(what: &str, said: &Said) {
    let Said { code, out, err, took, .. } = said;
    let short: String = err.chars().take(2_000).collect();
    assert_eq!(*code, Some(2), "{what}: {out}{short}");
    assert!(*took < PATIENCE, "{what}: it took {took:?}");
    assert!(!err.contains("panicked"), "{what}: {short}");
    assert!(err.contains("error"), "{what}: {short}");
    assert!(err.len() < 1_000_000, "{what}: {} bytes were said", err.len());
    assert!(out.is_empty(), "{what}: {out}");
}

#[test]
fn texts_that_are_too_much() {
    let scratch = Scratch::new("too-much");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a megabyte of comment", format!("{GOOD}# {}\n", "x".repeat(1 << 20)).into_bytes(), "1 MiB"),
        ("a megabyte of one word", format!("clusterName: {}\n", "x".repeat(1 << 20)).into_bytes(), "1 MiB"),
        ("block collections 100 deep", deep_block(100).into_bytes(), "64"),
        ("flow collections 100 deep", format!("{GOOD}x: {}{}\n", "[".repeat(100), "]".repeat(100)).into_bytes(), "64"),
        ("flow collections 100,000 deep", format!("x: {}", "[".repeat(100_000)).into_bytes(), "64"),
        ("mappings 50,000 deep", format!("x: {}", "{a: ".repeat(50_000)).into_bytes(), "64"),
        ("an alias bomb", alias_bomb().into_bytes(), ""),
        ("an alias of itself", b"a: &a [*a]\n".to_vec(), ""),
        ("bytes that are no UTF-8", b"clusterName: \xff\xfe\xc0\x80\n".to_vec(), "UTF-8"),
        ("UTF-16", utf_16(GOOD), "UTF-8"),
        ("NUL bytes", b"clusterName: a\0b\n".to_vec(), ""),
        ("nothing", Vec::new(), ""),
        ("blanks", b"  \n\n# only a comment\n".to_vec(), ""),
        ("a list", b"- a\n- b\n".to_vec(), ""),
        ("a word", b"hello\n".to_vec(), ""),
        ("no YAML", b"a: [1, 2\nb: }{\n".to_vec(), ""),
        ("tabs", b"a:\n\tb: c\n".to_vec(), ""),
        ("20,000 nodes", many_nodes(20_000).into_bytes(), "10000"),
        ("a list of 5,000 names", many_names(5_000).into_bytes(), "1000"),
        ("5,000 documents", "---\na: b\n".repeat(5_000).into_bytes(), ""),
        ("50,000 keys", (0..50_000).map(|number| format!("k{number}: 1\n")).collect::<String>().into_bytes(), ""),
        ("a key of 100,000 letters", format!("{}: 1\n", "k".repeat(100_000)).into_bytes(), ""),
        (
            "a tag of a language",
            format!("{GOOD}clusterName: !!python/object/apply:os.system [\"true\"]\n").into_bytes(),
            "",
        ),
    ];
    for (what, bytes, limit) in cases {
        let file = scratch.write("design.yaml", bytes);
        let said = refused(what, &scratch, &file);
        let head: String = said.chars().take(3_000).collect();
        assert!(said.contains(limit), "{what}: it should name {limit}: {head}");
    }
}

fn deep_block(levels: usize) -> String {
    (0..levels).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n") + &" ".repeat(levels) + "b: c\n"
}

/// Nine levels of nine references each: four hundred million values if written out.
fn alias_bomb() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let references = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{references}]\n");
    }
    text + "clusterName: *a8\n"
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn many_nodes(count: usize) -> String {
    let node = |number: usize| {
        format!("- {{name: n{number}, addresses: [10.{}.{}.1], roles: [worker]}}\n", number / 250, number % 250)
    };
    let head = GOOD.split("nodes:").next().unwrap_or_default();
    format!("{head}nodes:\n{}", (0..count).map(node).collect::<String>())
}

fn many_names(count: usize) -> String {
    format!(
        "{GOOD}apiServer:\n  certSANs:\n{}",
        (0..count).map(|number| format!("  - a{number}.example\n")).collect::<String>()
    )
}

/// Each broken in one place: what is said, whole, so that place, field, message and hint are read once.
#[test]
fn broken_designs_are_answered_in_place() {
    let scratch = Scratch::new("broken");
    let change = |from: &str, to: &str| GOOD.replace(from, to);
    let add = |lines: &str| format!("{GOOD}{lines}");
    let cases: Vec<(&str, String)> = vec![
        ("an unknown key", add("clustername: a\n")),
        ("a key twice", add("kind: ClusterDesign\n")),
        ("another kind", change("ClusterDesign", "Pod")),
        ("another version of the design", change("v1alpha1", "v9")),
        ("a Kubernetes that is too old", change("v1.37.1", "v1.27.0")),
        ("a Kubernetes to come", change("v1.37.1", "v1.99.0")),
        ("no Kubernetes", change("v1.37.1", "banana")),
        ("a service CIDR without mask", add("networking: {serviceSubnets: [10.96.0.0]}\n")),
        ("a service CIDR of the whole world", add("networking: {serviceSubnets: [0.0.0.0/0]}\n")),
        ("a service CIDR of one address", add("networking: {serviceSubnets: [10.96.0.1/32]}\n")),
        ("an IPv6 service CIDR that is too large", add("networking: {serviceSubnets: [\"fd00::/64\"]}\n")),
        ("three service CIDRs", add("networking: {serviceSubnets: [10.96.0.0/16, \"fd00::/112\", 10.97.0.0/16]}\n")),
        ("two service CIDRs of one family", add("networking: {serviceSubnets: [10.96.0.0/16, 10.97.0.0/16]}\n")),
        ("an absurd mask", add("networking: {serviceSubnets: [10.96.0.0/4294967297]}\n")),
        ("an address beyond IPv4", change("192.168.1.10", "192.168.1.999")),
        ("a name instead of an address", change("192.168.1.10", "cp-1.example")),
        ("two nodes of one name", add("- {name: CP-1, addresses: [192.168.1.11], roles: [worker]}\n")),
        ("two nodes at one address", add("- {name: cp-2, addresses: [192.168.1.10], roles: [worker]}\n")),
        ("a node without role", change("[control-plane]", "[]")),
        ("a role that is none", change("[control-plane]", "[boss]")),
        ("no control plane", change("[control-plane]", "[worker]")),
        ("an etcd host with stacked etcd", add("- {name: etcd-1, addresses: [192.168.1.20], roles: [etcd]}\n")),
        ("external etcd without a host", add("etcd: {mode: external}\n")),
        ("an algorithm that is none", change("ca: ECDSA-P256", "ca: ED25519")),
        (
            "an algorithm that this kubeadm does not know",
            change("v1.37.1", "v1.33.0").replace("ECDSA-P256", "ECDSA-P384"),
        ),
        ("a name in capitals", add("apiServer: {certSANs: [API.example.com]}\n")),
        ("a wildcard in the middle", add("apiServer: {certSANs: [\"api.*.example.com\"]}\n")),
        ("an endpoint with a scheme", add("controlPlaneEndpoint: https://api.example.com:6443\n")),
        ("port 0", add("apiServer: {bindPort: 0}\n")),
        ("port 70000", add("apiServer: {bindPort: 70000}\n")),
        ("a life of a year in years", add("validity: {leaf: 1y}\n")),
        ("a life of ten thousand years", add("validity: {ca: 3650000d}\n")),
        ("a life of nothing", add("validity: {leaf: 0s}\n")),
        ("a suite that is insecure", add("hardening: {cipherSuites: [TLS_RSA_WITH_RC4_128_SHA]}\n")),
        ("a list where a text is meant", add("clusterName: [a, b]\n")),
        ("a text where a list is meant", add("apiServer: {certSANs: a.example}\n")),
        ("a path as the cluster's name", add("clusterName: ../../etc\n")),
        ("the course layout by kubeadm", add("layout: course\n")),
        ("one CA in the kubeadm layout", add("trust: single\n")),
        (
            "five things at once",
            change("v1.37.1", "v1.1.1").replace("192.168.1.10", "nowhere") + "dns: a\nstart: never\ncaKeys: lost\n",
        ),
    ];
    let mut out = String::new();
    for (what, text) in cases {
        let file = scratch.write("design.yaml", text);
        let said = refused(what, &scratch, &file);
        out += &format!("{what}\n");
        for line in said.lines() {
            out += &format!("    {}\n", line.replace(&*file.to_string_lossy(), "design.yaml"));
        }
        assert!(said.contains("design.yaml"), "{what}: the file is named: {said}");
    }
    golden::check("broken-designs.txt", &out);
}

/// kubeadm YAML with what it may hold, and with what it may not.
#[test]
fn broken_kubeadm_files_are_answered_in_place() {
    let scratch = Scratch::new("broken-kubeadm");
    let init = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration: {name: cp-1}\n\
        localAPIEndpoint: {advertiseAddress: 192.168.1.10}\n---\n\
        apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.37.1\nencryptionAlgorithm: ECDSA-P256\n";
    let out = scratch.join("good");
    let good = scratch.write("kubeadm.yaml", init);
    run(Command::new(kubepki()).args(["generate", "--design"]).arg(&good).arg("--out").arg(&out), 30).good();
    fs::remove_dir_all(&out).expect("ours");
    let mut told = String::new();
    for (what, text) in [
        ("a service subnet that does not parse", format!("{init}networking: {{serviceSubnet: 10.96.0.0/99}}\n")),
        ("a service subnet that is too large", format!("{init}networking: {{serviceSubnet: 10.0.0.0/8}}\n")),
        ("an endpoint in capitals", format!("{init}controlPlaneEndpoint: API.example.com\n")),
        ("a name in capitals", format!("{init}etcd: {{local: {{serverCertSANs: [MyHost]}}}}\n")),
        ("a folder that is not absolute", format!("{init}certificatesDir: pki\n")),
        ("an algorithm that is none", init.replace("ECDSA-P256", "ECDSA-P521")),
        ("a life in days", format!("{init}certificateValidityPeriod: 365d\n")),
        ("an API that is gone", init.replace("v1beta4", "v1beta1")),
        ("a field of another kind", format!("{init}networking: [a]\n")),
        ("no address", init.replace("192.168.1.10", "here")),
    ] {
        let file = scratch.write("kubeadm.yaml", text);
        let said = refused(what, &scratch, &file);
        told += &format!("{what}\n");
        for line in said.lines() {
            told += &format!("    {}\n", line.replace(&*file.to_string_lossy(), "kubeadm.yaml"));
        }
    }
    golden::check("broken-kubeadm.txt", &told);
}

#[test]
fn files_that_are_no_files() {
    let scratch = Scratch::new("no-files");
    for (what, file) in [
        ("a folder", scratch.path().to_owned()),
        ("nothing", scratch.join("absent.yaml")),
        ("no end", PathBuf::from("/dev/zero")),
        ("an empty device", PathBuf::from("/dev/null")),
    ] {
        refused(what, &scratch, &file);
    }
    // Standard input is bounded as well.
    let endless = vec![b'#'; 3 << 20];
    let out = scratch.join("out");
    let said = run_with(Command::new(kubepki()).args(["generate", "--design", "-", "--out"]).arg(&out), &endless, 20);
    judged("three megabytes on standard input", &said);
    assert!(!out.exists());
}

#[test]
fn usage_that_is_none() {
    let scratch = Scratch::new("usage");
    let out = scratch.join("out").to_string_lossy().into_owned();
    let good = design::file("key-ecdsa-p256").to_string_lossy().into_owned();
    for arguments in [
        &["generate"][..],
        &["generate", "--design", &good],
        &["generate", "--preset", "nothing", "--out", &out],
        &["generate", "--preset", "single", "--design", &good, "--out", &out],
        &["generate", "--preset", "single", "--node", "a", "--out", &out],
        &["generate", "--preset", "single", "--node", "a=b", "--out", &out],
        &["generate", "--preset", "single", "--node", "a=10.0.0.1/boss", "--out", &out],
        &["generate", "--preset", "single", "--now", "yesterday", "--out", &out],
        &["show", "nothing", "--preset", "single"],
        &["plan", "--preset", "single", "--format", "toml"],
        &["nonsense"],
        &[],
    ] {
        let said = run(Command::new(kubepki()).args(arguments), 20);
        assert_eq!(said.code, Some(2), "{arguments:?}: {said}");
        assert!(tree(scratch.path()).is_empty(), "{arguments:?}");
    }
}

/// Zips that were made to harm whoever reads them, all from one good export.
#[test]
fn hostile_zips() {
    let scratch = Scratch::new("zips");
    let good = scratch.join("good.zip");
    let file = design::file("key-ecdsa-p256");
    run(Command::new(kubepki()).args(["generate", "--design"]).arg(file).arg("--out").arg(&good), 60).good();
    let folder = scratch.join("zips");
    fs::create_dir(&folder).expect("ours");
    let script = design::tests_folder().join("judge/hostile_zips.py");
    let made = run(VALIDATE.command().arg(script).arg(&good).arg(&folder), 60).good();
    let before = tree(scratch.path());
    let names: Vec<&str> = made.lines().collect();
    assert!(names.len() > 14, "{made}");
    for name in names {
        let out = scratch.join("out.zip");
        let zip = folder.join(name);
        let said = run(Command::new(kubepki()).args(["generate", "--reproduce"]).arg(&zip).arg("--out").arg(&out), 60);
        judged(name, &said);
        assert!(said.err.contains(name), "{name}: the file is named: {}", said.err);
        assert_eq!(tree(scratch.path()), before, "{name}: something was written");
    }
}

/// Folders that are no exports, or hold what an export does not.
#[test]
fn hostile_folders() {
    let scratch = Scratch::new("folders");
    let export = Export::of("key-ecdsa-p256");
    let out = scratch.join("out");
    let judge = |what: &str, folder: &Path| {
        let said =
            run(Command::new(kubepki()).args(["generate", "--reproduce"]).arg(folder).arg("--out").arg(&out), 20);
        judged(what, &said);
        assert!(!out.exists(), "{what}");
    };
    let empty = scratch.join("empty");
    fs::create_dir(&empty).expect("ours");
    judge("an empty folder", &empty);
    let linked = scratch.join("linked");
    support::scratch::copy(&export.folder, &linked);
    fs::remove_file(linked.join("nodes/cp-1/etc/kubernetes/pki/ca.key")).expect("ours");
    std::os::unix::fs::symlink("/etc/passwd", linked.join("nodes/cp-1/etc/kubernetes/pki/ca.key")).expect("ours");
    judge("a symbolic link for a key", &linked);
    let looped = scratch.join("looped");
    support::scratch::copy(&export.folder, &looped);
    std::os::unix::fs::symlink("..", looped.join("nodes/loop")).expect("ours");
    judge("a folder in itself", &looped);
    judge("the machine's devices", Path::new("/dev"));
}

/// Texts and certificates that were made to keep a reader busy, as large as the command reads any.
#[test]
fn pathological_credentials_are_answered_soon() {
    let scratch = Scratch::new("credentials");
    let ask = |what: &str, text: &str| {
        let file = scratch.write("credential.pem", text);
        let said = run(Command::new(kubepki()).arg("credential").arg(file), 60);
        assert!(said.took < PATIENCE, "{what}: it took {:?}", said.took);
        assert_eq!(said.code, Some(2), "{what}: {said}");
        said.err
    };
    for one in pathological::texts(4 << 20) {
        ask(one.name, &one.text[..one.text.floor_char_boundary(4 << 20)]);
    }
    let said = ask("more than the command reads", &"A".repeat((4 << 20) + 1));
    assert!(said.contains("has more than 4 MiB"), "{said}");
    for one in pathological::certificates(1 << 20) {
        let said = ask(one.name, &pathological::pem("CERTIFICATE", &one.der));
        let size = format!("{} bytes", one.der.len());
        for part in ["credential.pem: error: ", &size, "65536 (64 KiB)", "can keep whoever reads it busy"] {
            assert!(said.contains(part), "{}: it should say {part:?}: {said}", one.name);
        }
    }
    // What is just short enough is read.
    for one in pathological::certificates(30_000) {
        let file = scratch.write("credential.pem", pathological::pem("CERTIFICATE", &one.der));
        let said = run(Command::new(kubepki()).arg("credential").arg(file), 60);
        assert!(said.took < PATIENCE, "{}: it took {:?}", one.name, said.took);
        assert_eq!(said.code, Some(if one.is_read { 0 } else { 2 }), "{}: {said}", one.name);
    }
}

/// Texts that are PEM of a certificate, and of one that is too long.
const TOO_LONG: &[&str] = &["one line of base64", "lines of base64", "base64 of one character a line"];

/// The text whose headers end at the first line of what follows, so that encoding/pem takes the block behind it for its own.
const TAKES_ALONG: &str = "headers that run over the END line";

/// The same in the place of what both sides of a connection load.
#[test]
fn pathological_trust_is_answered_soon() {
    let scratch = Scratch::new("trust");
    let folder = scratch.join("cluster");
    let source = design::file("key-ecdsa-p256");
    run(Command::new(kubepki()).args(["break", "--design"]).arg(source).arg("--out").arg(&folder), 60).good();
    let ca = folder.join("nodes/cp-1/etc/kubernetes/pki/ca.crt");
    let sound = fs::read_to_string(&ca).expect("it was just written");
    let connect = |what: &str, text: &str| {
        fs::write(&ca, text).expect("ours");
        let mut command = Command::new(kubepki());
        command.args(["handshake", "--from", "kube-scheduler", "--to", "kube-apiserver", "--pki"]).arg(&folder);
        let said = run(&mut command, 60);
        assert!(said.took < PATIENCE, "{what}: it took {:?}", said.took);
        said
    };
    connect("a sound CA", &sound).good();
    for one in pathological::texts(4 << 20) {
        let said = connect(one.name, &(one.text + "\n" + &sound));
        if TOO_LONG.contains(&one.name) {
            assert_eq!(said.code, Some(2), "{}: {said}", one.name);
            assert!(said.err.contains("ca.crt: error: the certificate is"), "{}: {said}", one.name);
        } else {
            // What is no certificate is passed over, and the sound CA behind it is found wherever Go finds it.
            let code = if one.name == TAKES_ALONG { 3 } else { 0 };
            assert_eq!(said.code, Some(code), "{}: {said}", one.name);
        }
    }
    for one in pathological::certificates(1 << 20) {
        let said = connect(one.name, &(pathological::pem("CERTIFICATE", &one.der) + &sound));
        assert_eq!(said.code, Some(2), "{}: {said}", one.name);
        assert!(said.err.contains("ca.crt: error: the certificate is"), "{}: {said}", one.name);
    }
}

/// The page is tried with the same texts: what writes them there is held to what writes them here.
#[test]
fn the_browser_is_given_the_same_texts() {
    let script = design::tests_folder().join("browser/support/pathological.mjs");
    for size in [100, 20_000] {
        let theirs = run(Command::new("node").arg(&script).arg(size.to_string()), 60).good();
        let texts = pathological::texts(size).into_iter().map(|one| format!("{}\n{}\n", one.name, one.text));
        let certificates = pathological::certificates(size)
            .into_iter()
            .map(|one| format!("{} {}\n{}", one.name, one.is_read, pathological::pem("CERTIFICATE", &one.der)));
        let ours: String = texts.chain(certificates).collect();
        let at = ours.bytes().zip(theirs.bytes()).position(|(one, other)| one != other);
        let around = |text: &str| {
            at.map(|at| text[text.floor_char_boundary(at.saturating_sub(200))..].chars().take(300).collect::<String>())
        };
        assert!(ours == theirs, "they differ at {at:?}:\n{:?}\n{:?}", around(&ours), around(&theirs));
    }
}
