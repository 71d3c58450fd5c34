//! The zip: read by other programs with the modes that a node needs, the same as the folder, and the same bytes again
//! from what it holds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::design;
use support::export::Export;
use support::openssl::openssl;
use support::program::{Said, run};
use support::scratch::{Scratch, tree};
use support::tool::{BSDTAR, UNZIP, kubepki};

fn generate(arguments: &[&str], out: &Path) -> Said {
    run(Command::new(kubepki()).arg("generate").args(arguments).arg("--out").arg(out), 120)
}

/// A zip of a design.
fn zip(name: &str, scratch: &Scratch) -> PathBuf {
    let zip = scratch.join(&format!("{name}.zip"));
    generate(&["--design", &design::file(name).to_string_lossy()], &zip).good();
    zip
}

#[test]
fn the_same_bytes_again() {
    let scratch = Scratch::new("reproduce");
    for name in ["single", "ha-stacked", "key-mixed", "course-pem", "off-node"] {
        let first = zip(name, &scratch);
        let again = scratch.join(&format!("{name}-again.zip"));
        generate(&["--reproduce", &first.to_string_lossy()], &again).good();
        assert_eq!(fs::read(&first).expect("made"), fs::read(&again).expect("made"), "{name}");
        // And from what it was unpacked to.
        let unpacked = scratch.join(name);
        run(UNZIP.command().arg("-q").arg(&first).arg("-d").arg(&unpacked), 60).good();
        let top =
            fs::read_dir(&unpacked).expect("unpacked").next().expect("one top folder").expect("it is listed").path();
        let once_more = scratch.join(&format!("{name}-once-more.zip"));
        generate(&["--reproduce", &top.to_string_lossy()], &once_more).good();
        assert_eq!(fs::read(&first).expect("made"), fs::read(&once_more).expect("made"), "{name} from a folder");
    }
}

/// Other keys and serial numbers each time: nothing random is fixed.
#[test]
fn two_exports_share_no_key() {
    let scratch = Scratch::new("twice");
    let (one, other) = (scratch.join("one"), scratch.join("other"));
    for folder in [&one, &other] {
        let file = design::file("ha-stacked");
        generate(&["--design", &file.to_string_lossy(), "--now", "2026-12-01T12:00:00Z"], folder).good();
    }
    let secret = |path: &String| path.ends_with(".key") || path.ends_with(".crt") || path.ends_with(".conf");
    let mut compared = 0;
    for path in tree(&one).iter().filter(|path| secret(path)) {
        let read = |folder: &Path| fs::read(folder.join(path)).expect("both have it");
        assert_ne!(read(&one), read(&other), "{path}");
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

/// Reproducing something that was changed says which file, with the status of a failed check.
#[test]
fn a_changed_export_is_named() {
    let scratch = Scratch::new("changed");
    let folder = scratch.join("export");
    support::scratch::copy(&Export::of("ha-stacked").folder, &folder);
    let path = folder.join("nodes/cp-1/etc/kubernetes/pki/apiserver.crt");
    fs::copy(folder.join("nodes/cp-1/etc/kubernetes/pki/ca.crt"), &path).expect("ours");
    let said = generate(&["--reproduce", &folder.to_string_lossy()], &scratch.join("again"));
    assert_eq!(said.code, Some(3), "{said}");
    assert!(said.err.contains("nodes/cp-1/etc/kubernetes/pki/apiserver.crt"), "{said}");
}

#[test]
fn unzip_and_bsdtar_give_the_modes_of_a_node() {
    let scratch = Scratch::new("unpack");
    let zip = zip("off-node-manual", &scratch);
    run(UNZIP.command().args(["-tq"]).arg(&zip), 60).good();
    let (one, other) = (scratch.join("unzip"), scratch.join("bsdtar"));
    fs::create_dir(&other).expect("ours");
    run(UNZIP.command().arg("-q").arg(&zip).arg("-d").arg(&one), 60).good();
    run(BSDTAR.command().arg("-xpf").arg(&zip).arg("-C").arg(&other), 60).good();
    assert_eq!(tree(&one), tree(&other));
    let plan = design::plan("off-node-manual");
    let top = format!("{}-pki/", plan.spec.cluster_name);
    assert!(tree(&one).iter().all(|path| path.starts_with(&top)), "everything lies in one top folder");
    for path in tree(&one) {
        let mode = |folder: &Path| fs::metadata(folder.join(&path)).expect("listed").permissions().mode() & 0o7777;
        assert_eq!(mode(&one), mode(&other), "{path}");
    }
    // The zip and the folder of one design hold the same names and modes.
    let export = Export::of("off-node-manual");
    let inside = one.join(&top);
    assert_eq!(tree(&inside), tree(&export.folder));
    for path in tree(&inside) {
        let mode = |folder: &Path| fs::metadata(folder.join(&path)).expect("listed").permissions().mode() & 0o7777;
        assert_eq!(mode(&inside), mode(&export.folder), "{path}");
    }
}

/// The inventory says of each certificate what openssl says, and names every place of every key.
#[test]
fn the_inventory_is_true() {
    for name in ["ha-stacked", "course", "off-node"] {
        let export = Export::of(name);
        let text = fs::read_to_string(export.folder.join("inventory.json")).expect("it is there");
        let inventory: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let certificates = inventory["certificates"].as_array().expect("a list");
        assert_eq!(certificates.len(), export.plan.certificate_count(), "{name}");
        let scratch = Scratch::new("inventory");
        for one in certificates {
            let id = one["id"].as_str().expect("an id");
            let cert = export.plan.find_key(id).unwrap_or_else(|| panic!("{name}: {id}"));
            let path = scratch.write("crt", export.certificate(cert)).to_string_lossy().into_owned();
            let asked = ["-serial", "-fingerprint", "-sha256", "-subject", "-issuer", "-startdate", "-enddate"];
            let options = ["-nameopt", "RFC2253", "-dateopt", "iso_8601"];
            let said = openssl(&[&["x509", "-noout", "-in", &path], &asked[..], &options[..]].concat()).good();
            let line = |name: &str| {
                let found = said.lines().find_map(|line| line.strip_prefix(name));
                found.unwrap_or_else(|| panic!("{said}")).trim().to_owned()
            };
            let text = |key: &str| one[key].as_str().unwrap_or_else(|| panic!("{name}: {id}: {key}")).to_owned();
            let digits = |hex: String| hex.trim_start_matches('0').to_lowercase();
            assert_eq!(digits(text("serial")), digits(line("serial=")), "{name}: {id}");
            assert_eq!(text("sha256"), line("sha256 Fingerprint="), "{name}: {id}");
            assert_eq!(
                text("notBefore").replace(['T', 'Z'], " ").trim(),
                line("notBefore=").trim_end_matches('Z'),
                "{id}"
            );
            assert_eq!(
                text("notAfter").replace(['T', 'Z'], " ").trim(),
                line("notAfter=").trim_end_matches('Z'),
                "{id}"
            );
            let keys: Vec<&str> =
                one["privateKeyIn"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
            let planned =
                export.plan.files.iter().filter(|file| file.content.cert == cert && file.content.holding.is_secret());
            let planned: Vec<String> = planned
                .map(|file| {
                    export.path(file).strip_prefix(&export.folder).expect("below").to_string_lossy().into_owned()
                })
                .collect();
            assert_eq!(keys, planned, "{name}: {id}");
        }
    }
}

/// `--force` keeps what was there under another name and replaces nothing else.
#[test]
fn earlier_exports_are_kept() {
    let scratch = Scratch::new("force");
    let file = design::file("key-ecdsa-p256").to_string_lossy().into_owned();
    let zip = scratch.join("a.zip");
    generate(&["--design", &file], &zip).good();
    let first = fs::read(&zip).expect("made");
    let said = generate(&["--design", &file], &zip);
    assert_eq!(said.code, Some(1), "it exists already: {said}");
    assert_eq!(fs::read(&zip).expect("still there"), first);
    generate(&["--design", &file, "--force"], &zip).good();
    assert_ne!(fs::read(&zip).expect("made"), first);
    assert_eq!(fs::read(scratch.join("a.zip.old-1")).expect("kept"), first);
    generate(&["--design", &file, "--force"], &zip).good();
    assert!(scratch.join("a.zip.old-2").is_file());
    // What kubepki did not write is not replaced.
    let other = scratch.write("b.zip", "mine");
    assert_eq!(generate(&["--design", &file, "--force"], &other).code, Some(1));
    assert_eq!(fs::read_to_string(other).expect("still there"), "mine");
    let left: Vec<String> = tree(scratch.path()).into_iter().filter(|path| path.contains(".kubepki-")).collect();
    assert!(left.is_empty(), "{left:?}");
}
