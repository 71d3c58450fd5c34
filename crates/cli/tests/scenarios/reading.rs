//! `generate --reproduce` and `verify`: exports read back, good, partial, damaged and hostile.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::Command;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::scene::Scene;

fn generated() -> Scene {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab.zip --now 2026-11-23T20:39:00Z").ended(0);
    scene
}

#[test]
fn an_export_comes_again_byte_for_byte() {
    let scene = generated();
    scene
        .run("generate --reproduce lab.zip --out again.zip")
        .ended(0)
        .said("reproduced 15 certificates and 16 keys")
        .said("Every file is the same as in the earlier export.");
    assert_eq!(scene.read("lab.zip"), scene.read("again.zip"));
    scene.run("generate --reproduce lab.zip --out folder").ended(0);
    scene.run("generate --reproduce folder --out third.zip").ended(0);
    assert_eq!(scene.read("lab.zip"), scene.read("third.zip"));
    scene.run("verify lab.zip --now 2026-12-01T00:00:00Z").ended(0).said("15 certificates and 16 keys are as designed");
}

#[test]
fn rsa_too() {
    let scene = Scene::new();
    scene.run("generate --preset single --out lab.zip").ended(0);
    scene.run("generate --reproduce lab.zip --out again.zip").ended(0);
    assert_eq!(scene.read("lab.zip"), scene.read("again.zip"));
}

#[test]
fn an_export_that_was_packed_again_is_read() {
    let scene = generated();
    let packed = Command::new("sh")
        .args(["-c", "unzip -q lab.zip && rm lab.zip && bsdtar --format=zip -cf packed.zip lab-pki"])
        .current_dir(scene.path("."))
        .status();
    assert!(packed.expect("sh runs").success());
    scene.run("verify packed.zip --now 2026-12-01T00:00:00Z").ended(0);
}

/// The files below a folder, as paths below it.
fn files(top: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(top.join(below)).expect("a folder") {
        let path = format!("{below}/{}", entry.expect("an entry").file_name().into_string().expect("a name"));
        match top.join(&path).is_dir() {
            true => found.extend(files(top, &path)),
            false => found.push(path),
        }
    }
    found
}

/// What OpenSSL reads in a certificate's file, in the inventory's order.
fn openssl(file: &Path) -> String {
    let asked = ["-subject", "-issuer", "-nameopt", "RFC2253", "-serial", "-dates", "-dateopt", "iso_8601"];
    let mut command = Command::new("openssl");
    let read = command.args(["x509", "-noout"]).args(asked).args(["-fingerprint", "-sha256", "-in"]).arg(file);
    String::from_utf8(read.output().expect("openssl runs").stdout).expect("text")
}

#[test]
fn the_inventory_knows_every_certificate_and_every_place_of_every_key() {
    let scene = generated();
    scene.run("generate --reproduce lab.zip --out lab").ended(0);
    let inventory: serde_json::Value = serde_json::from_slice(&scene.read("lab/inventory.json")).expect("JSON");
    assert_eq!(inventory["issuedAt"], "2026-11-23T20:39:00Z");
    assert_eq!(inventory["tool"]["version"], env!("CARGO_PKG_VERSION"));
    let list = |name: &str| inventory[name].as_array().expect("a list").clone();
    let (certificates, pairs) = (list("certificates"), list("keyPairs"));
    assert_eq!((certificates.len(), pairs.len()), (15, 1));
    let places = |key: &str| {
        let all = certificates.iter().chain(&pairs).flat_map(|one| one[key].as_array().expect("a list").clone());
        let mut places: Vec<String> =
            all.map(|one| one.as_str().or(one["path"].as_str()).expect("a path").to_owned()).collect();
        places.sort();
        places
    };
    let mut there = files(&scene.path("lab"), "nodes");
    there.sort();
    assert_eq!(places("files"), there);
    there.retain(|path| path.ends_with(".key") || path.ends_with(".conf"));
    assert_eq!(places("privateKeyIn"), there);
    let mut compared = 0;
    for one in &certificates {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        assert_eq!((text("key"), text("signature")), ("ECDSA-P256".to_owned(), "ECDSA-SHA256".to_owned()), "{one}");
        let paths = one["files"].as_array().expect("a list").iter().filter_map(|file| file["path"].as_str());
        for path in paths.filter(|path| path.ends_with(".crt")) {
            let said = openssl(&scene.path("lab").join(path));
            let ours = [
                format!("subject={}", text("subject")),
                format!("issuer={}", text("issuer")),
                format!("serial={}", text("serial").to_uppercase()),
                format!("notBefore={}", text("notBefore").replace('T', " ")),
                format!("notAfter={}", text("notAfter").replace('T', " ")),
                format!("sha256 Fingerprint={}", text("sha256")),
            ];
            assert_eq!(said.lines().collect::<Vec<_>>(), ours, "{path}");
            compared += 1;
        }
    }
    assert!(compared >= 10, "{compared} certificates stand in files of their own");
    let csv = String::from_utf8(scene.read("lab/inventory.csv")).expect("text");
    assert_eq!(csv.lines().count(), 17, "{csv}");
    // CAs are many places' own, so their lists are in one cell.
    assert!(csv.lines().all(|line| line.matches("\"").count() % 2 == 0), "{csv}");
}

#[test]
fn damage_is_found_and_named() {
    let scene = generated();
    scene.run("generate --reproduce lab.zip --out lab").ended(0);
    /// What was done to an export, how, and what the report begins with.
    type Damage = (&'static str, fn(&Scene), &'static str);
    let damages: [Damage; 6] = [
        (
            "a changed certificate",
            |scene| {
                let path = "bad/nodes/cp-1/etc/kubernetes/pki/apiserver.crt";
                let other = scene.read("lab/nodes/cp-1/etc/kubernetes/pki/front-proxy-client.crt");
                fs::write(scene.path(path), other).expect("written");
            },
            "apiserver@cp-1: ",
        ),
        (
            "another CA's copy",
            |scene| {
                let other = scene.read("lab/nodes/cp-1/etc/kubernetes/pki/etcd/ca.crt");
                fs::write(scene.path("bad/nodes/cp-1/etc/kubernetes/pki/front-proxy-ca.crt"), other).expect("written");
            },
            "front-proxy-ca@cluster: ",
        ),
        (
            "a missing key",
            |scene| fs::remove_file(scene.path("bad/nodes/cp-1/etc/kubernetes/pki/sa.key")).expect("removed"),
            "the private key of sa@cluster is in no file",
        ),
        (
            "a file too many",
            |scene| scene.write("bad/nodes/cp-1/etc/kubernetes/pki/notes.txt", ""),
            "notes.txt: error: is no part of the export",
        ),
        (
            "a changed text",
            |scene| scene.write("bad/README.md", "trust me"),
            "README.md: error: is not what follows from the design and the keys",
        ),
        (
            "a truncated key",
            |scene| {
                let path = "bad/nodes/cp-1/etc/kubernetes/pki/ca.key";
                let whole = scene.read(path);
                fs::write(scene.path(path), &whole[..whole.len() / 2]).expect("written");
            },
            "ca.key: ",
        ),
    ];
    for (what, damage, complaint) in damages {
        let copied = Command::new("cp").args(["-R", "lab", "bad"]).current_dir(scene.path(".")).status();
        assert!(copied.expect("cp runs").success());
        damage(&scene);
        let ran = scene.run("verify bad --now 2026-12-01T00:00:00Z");
        assert!(!ran.err.contains("BEGIN"), "{what}: {}", ran.err);
        ran.ended(3).complained(complaint);
        fs::remove_dir_all(scene.path("bad")).expect("removed");
    }
}

#[test]
fn an_edited_export_is_not_reproduced_and_nothing_is_written() {
    let scene = generated();
    scene.run("generate --reproduce lab.zip --out lab").ended(0);
    let before = scene.read("lab.zip");
    let design = String::from_utf8(scene.read("lab/design.yaml")).expect("text");
    let version = design.replace("v1.36.4", "v1.36.3");
    assert_ne!(version, design);
    for (name, text, complaint) in [
        ("README.md", "my own words", "lab/README.md: error: is not what follows from the design and the keys"),
        ("notes.txt", "", "lab/notes.txt: error: is no part of the export"),
        ("design.yaml", &*version, "lab/README.md: error: is not what follows"),
    ] {
        let there = fs::read(scene.path("lab").join(name)).ok();
        scene.write(&format!("lab/{name}"), text);
        for out in ["again.zip", "again", "lab.zip --force", "again.zip.age --passphrase-file design.yaml"] {
            let ran = scene.run(&format!("generate --reproduce lab --out {out}")).ended(3);
            let ran = ran.complained(complaint).complained("nothing was written");
            assert!(ran.out.is_empty(), "{}", ran.out);
        }
        match there {
            Some(bytes) => fs::write(scene.path("lab").join(name), bytes).expect("written"),
            None => fs::remove_file(scene.path("lab").join(name)).expect("removed"),
        }
    }
    assert_eq!(scene.names(), ["design.yaml", "lab", "lab.zip"]);
    assert_eq!(scene.read("lab.zip"), before);
    scene.run("generate --reproduce lab --out again.zip").ended(0);
}

/// A zip with these entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_as(entries, CompressionMethod::Deflated)
}

fn zip_as(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

#[test]
fn hostile_exports_are_refused_with_the_place() {
    let scene = generated();
    let whole = scene.read("lab.zip");
    // An entry that unpacks to 256 MiB, by its own account: bytes 24 to 27 of its place in the directory.
    let mut bomb = zip(&[("x-pki/inventory.json", b"")]);
    let entry = bomb.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
    bomb[entry + 27] = 0x10;
    let mut flipped = whole.clone();
    let at = whole.windows(9).position(|nine| nine == b"# lab-pki").expect("the README");
    flipped[at] ^= 1;
    let inventory = |text: &str| zip(&[("x-pki/design.yaml", b""), ("x-pki/inventory.json", text.as_bytes())]);
    let deep = "[".repeat(100_000);
    for (what, bytes, complaint) in [
        ("text", b"hello".to_vec(), "cannot be read as a zip"),
        ("nothing", Vec::new(), "cannot be read as a zip"),
        ("half of it", whole[..whole.len() / 2].to_vec(), "cannot be read as a zip"),
        ("a changed byte", flipped, "README.md: Invalid checksum"),
        ("no directory", whole[..whole.len() - 30].to_vec(), "zip"),
        ("a way out", zip(&[("../../etc/passwd", b"")]), "is no name of an export"),
        ("an absolute name", zip(&[("/etc/passwd", b"")]), "is no name of an export"),
        ("two tops", zip(&[("a/x", b""), ("b/x", b"")]), "stands beside the top folder"),
        ("no top", zip(&[("inventory.json", b"")]), "stands in no folder"),
        ("another zip", zip(&[("a/x", b"")]), "is no whole export"),
        ("a bomb", bomb, "larger than an export's ever are"),
        ("no JSON", inventory("{"), "inventory.json:1:1"),
        ("deep JSON", inventory(&deep), "inventory.json:1:"),
        ("other JSON", inventory("{}"), "missing field"),
        (
            "a newer inventory",
            inventory(
                "{\"format\":\"kubepki-inventory/v9\",\"tool\":{\"version\":\"\",\"build\":\"\"},\"issuedAt\":\"\",\"certificates\":[]}",
            ),
            "has the format \"kubepki-inventory/v9\"",
        ),
        (
            "no time",
            inventory(
                "{\"format\":\"kubepki-inventory/v1\",\"tool\":{\"version\":\"\",\"build\":\"\"},\"issuedAt\":\"soon\",\"certificates\":[]}",
            ),
            "issuedAt",
        ),
    ] {
        fs::write(scene.path("hostile.zip"), bytes).expect("written");
        for line in ["generate --reproduce hostile.zip --out again.zip", "verify hostile.zip"] {
            let ran = scene.run(line);
            assert!(ran.err.contains(complaint), "{what}: {}", ran.err);
            ran.ended(2);
        }
    }
    assert_eq!(scene.names(), ["design.yaml", "hostile.zip", "lab.zip"]);
    scene.run("verify nosuch.zip").ended(2).complained("nosuch.zip: error: ");
}

/// A zip with as many entries of 100 MiB of zeros, and what an export is known by behind them.
fn bomb(scene: &Scene, inventory: &str, count: usize) -> Vec<u8> {
    let line = "truncate -s 100M zeros && bsdtar --format=zip -cf one.zip zeros";
    let made = Command::new("sh").args(["-c", line]).current_dir(scene.path(".")).status();
    assert!(made.expect("sh runs").success());
    let mut one = ZipArchive::new(Cursor::new(scene.read("one.zip"))).expect("a zip");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..count {
        out.raw_copy_file_rename(one.by_index_raw(0).expect("the zeros"), format!("x-pki/{number}")).expect("copied");
    }
    for (name, text) in [("x-pki/design.yaml", crate::scene::DESIGN), ("x-pki/inventory.json", inventory)] {
        out.start_file(name, SimpleFileOptions::default()).expect("an entry");
        out.write_all(text.as_bytes()).expect("written");
    }
    out.finish().expect("a zip").into_inner()
}

/// Memory to run in, an eighth of what the bombs unpack to.
const LITTLE: &str = "ulimit -v 262144; exec";

#[test]
fn a_zip_that_unpacks_to_far_more_than_itself_is_refused_before_it_does() {
    let scene = Scene::new();
    let bytes = bomb(&scene, "{}", 20);
    assert!(bytes.len() < 4 << 20, "{}", bytes.len());
    fs::write(scene.path("bomb.zip"), &bytes).expect("written");
    for line in [
        "verify bomb.zip",
        "audit bomb.zip",
        "export bomb.zip --part nodes --out o.zip",
        "generate --reproduce bomb.zip --out o.zip",
    ] {
        let words: Vec<&str> = line.split_whitespace().collect();
        scene.run_under(LITTLE, &words, "").ended(2).complained("bomb.zip: error: would unpack to 2097");
    }
}

/// A directory may lie: what a file is listed with is all that is unpacked of it.
#[test]
fn a_zip_whose_directory_lies_unpacks_to_no_more_than_it_says() {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab --now 2026-11-23T20:39:00Z").ended(0);
    let inventory = String::from_utf8(scene.read("lab/inventory.json")).expect("text");
    let mut bytes = bomb(&scene, &inventory, 20);
    let real = (100_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == real).collect();
    assert!(places.len() >= 20, "{}", places.len());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    fs::write(scene.path("bomb.zip"), &bytes).expect("written");
    scene
        .run_under(LITTLE, &["verify", "bomb.zip"], "")
        .ended(2)
        .complained("bomb.zip: error: 0: File is larger than its declared uncompressed size");
}

/// What is no export is known by its inventory: nothing else is read, however much there is of it.
#[test]
fn the_inventory_is_read_before_the_rest() {
    let scene = Scene::new();
    let large = vec![0; 64 << 20];
    let mut entries = ["x-pki/a", "x-pki/b", "x-pki/c", "x-pki/d", "x-pki/e"].map(|name| (name, &large[..])).to_vec();
    entries.extend([("x-pki/design.yaml", &b""[..]), ("x-pki/inventory.json", b"{}")]);
    fs::write(scene.path("large.zip"), zip_as(&entries, CompressionMethod::Stored)).expect("written");
    scene.run_under(LITTLE, &["verify", "large.zip"], "").ended(2).complained("missing field");
}

#[test]
fn a_record_is_of_its_own_export_and_of_no_other() {
    let scene = generated();
    scene.run("generate --reproduce lab.zip --out lab").ended(0);
    let record = fs::read_to_string(scene.path("lab/ceremony.txt")).expect("the record");
    for part in ["kubepki-record/v1", "SHA-256", "CN=kube-apiserver", "Witnesses", "2026-11-23T20:39:00Z"] {
        assert!(record.contains(part), "{part}: {record}");
    }
    assert!(!record.contains("PRIVATE KEY"));
    // As it comes back: what is filled in by hand says nothing about the PKI.
    let signed = record.replace("SHA-256 ____", "SHA-256 12ab").replace("Name ____", "Name Ada");
    fs::write(scene.path("signed.txt"), signed).expect("a file");
    let at = "--now 2026-12-01T00:00:00Z";
    for name in ["lab.zip", "lab"] {
        scene
            .run(&format!("verify {name} --record signed.txt {at}"))
            .ended(0)
            .said("the ceremony record is of this export");
    }
    scene.run("generate --design design.yaml --out other.zip --now 2026-11-23T20:39:00Z").ended(0);
    scene
        .run(&format!("verify other.zip --record signed.txt {at}"))
        .ended(3)
        .complained("the record is not of this export");
    scene.run(&format!("verify lab.zip --record none.txt {at}")).ended(2).complained("none.txt");
}
