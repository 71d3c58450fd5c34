//! The zip, judged by `unzip` and `bsdtar`.

use std::fs;

use kubepki_core::spec::Field;
use kubepki_issuance::Secret;
use kubepki_issuance::archive::{Selection, ZipWriter};

use crate::scratch::{Scratch, draft, issued, mode, run, said, zip_bytes};

/// 2026-11-23 20:39:01 UTC.
const NOW: i64 = 1_795_466_341;

#[test]
fn the_same_pki_gives_the_same_zip() {
    let draft = draft("ha-stacked", &[]);
    let [one, other] = [issued(&draft, NOW), issued(&draft, NOW)].map(|pki| zip_bytes(&pki, &draft, Selection::Whole));
    assert_eq!(one, other);
}

#[test]
fn both_unpack_it_with_the_planned_modes_and_the_issue_time() {
    let draft = draft("ha-stacked", &[(Field::CaKeys, "offNode")]);
    let pki = issued(&draft, NOW);
    for (program, args) in [("unzip", &["-q", "all.zip"][..]), ("bsdtar", &["-xpf", "all.zip"][..])] {
        let scratch = Scratch::new();
        fs::write(scratch.path().join("all.zip"), zip_bytes(&pki, &draft, Selection::Whole)).expect("written");
        let output = run(scratch.path(), program, args);
        assert!(output.status.success(), "{program}: {}", said(&output));
        let top = scratch.path().join("prod-eu-pki");
        for (path, expected) in [
            ("install.sh", 0o755),
            ("README.md", 0o644),
            ("nodes/cp-1/etc/kubernetes/pki", 0o755),
            ("nodes/cp-1/etc/kubernetes/pki/ca.crt", 0o644),
            ("nodes/cp-1/etc/kubernetes/pki/sa.key", 0o600),
            ("nodes/cp-1/etc/kubernetes/pki/sa.pub", 0o600),
            ("nodes/cp-1/etc/kubernetes/admin.conf", 0o600),
            ("nodes/w-1", 0o755),
            ("offline-ca", 0o700),
            ("offline-ca/etcd", 0o700),
            ("offline-ca/etcd/ca.key", 0o600),
        ] {
            assert_eq!(mode(&top.join(path)), expected, "{program}: {path}");
        }
        for file in &pki.plan.files {
            let kubepki_core::plan::Root::Node(node) = file.root else { continue };
            let path = top.join(format!("nodes/{}{}", pki.plan.spec.nodes[node].name, file.path));
            assert_eq!(mode(&path), file.mode, "{program}: {}", path.display());
        }
        let changed = fs::metadata(top.join("README.md")).and_then(|file| file.modified()).expect("a time");
        let seconds = changed.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        assert_eq!(seconds as i64, NOW, "{program}");
        let sums = run(&top, "sha256sum", &["--quiet", "-c", "SHA256SUMS"]);
        assert!(sums.status.success(), "{}", said(&sums));
    }
}

#[test]
fn more_entries_than_sixteen_bits_can_count() {
    let scratch = Scratch::new();
    let mut zip = ZipWriter::new(NOW);
    let mut out = Secret::default();
    zip.folder("many/", 0o755, &mut out);
    for number in 0..66_000 {
        zip.file(&format!("many/{number:05}"), 0o600, &[b'x'; 3], &mut out);
    }
    zip.finish(&mut out);
    fs::write(scratch.path().join("many.zip"), out.expose()).expect("written");
    let test = run(scratch.path(), "unzip", &["-tqq", "many.zip"]);
    assert!(test.status.success(), "{}", said(&test));
    let list = run(scratch.path(), "bsdtar", &["-tf", "many.zip"]);
    assert!(list.status.success(), "{}", said(&list));
    assert_eq!(String::from_utf8_lossy(&list.stdout).lines().count(), 66_001);
    let last = run(scratch.path(), "unzip", &["-p", "many.zip", "many/65999"]);
    assert_eq!(last.stdout, b"xxx");
}

#[test]
fn selections_hold_what_they_say() {
    let draft = draft("ha-stacked", &[]);
    let pki = issued(&draft, NOW);
    let files = |selection| -> Vec<String> {
        kubepki_issuance::archive::entries(&pki, crate::scratch::meta(&draft), selection)
            .filter(|entry| entry.bytes.is_some())
            .map(|entry| entry.path)
            .collect()
    };
    let without = files(Selection::WithoutCaKeys);
    assert!(!without.iter().any(|path| path.ends_with("ca.key")), "{without:?}");
    assert!(without.contains(&"nodes/cp-1/etc/kubernetes/pki/sa.key".to_owned()));
    assert_eq!(
        files(Selection::CaKeys),
        [
            "README.md",
            "offline-ca/ca.crt",
            "offline-ca/ca.key",
            "offline-ca/etcd/ca.crt",
            "offline-ca/etcd/ca.key",
            "offline-ca/front-proxy-ca.crt",
            "offline-ca/front-proxy-ca.key",
            "SHA256SUMS"
        ]
    );
    let node = files(Selection::Node(1));
    assert!(node.iter().all(|path| !path.contains("/cp-1/") && !path.contains("w-1")), "{node:?}");
    assert!(node.contains(&"nodes/cp-2/etc/kubernetes/pki/apiserver.crt".to_owned()));
    assert_eq!(
        files(Selection::Whole).len(),
        pki.plan.files.len() + without.len() - without.iter().filter(|path| path.starts_with("nodes/")).count()
    );
}

#[test]
fn nothing_but_key_files_and_kubeconfigs_holds_a_private_key() {
    let draft = draft("course", &[]);
    let pki = issued(&draft, NOW);
    for entry in kubepki_issuance::archive::entries(&pki, crate::scratch::meta(&draft), Selection::Whole) {
        let Some(bytes) = entry.bytes else { continue };
        let text = String::from_utf8_lossy(bytes.expose()).into_owned();
        let secret = text.contains("PRIVATE KEY") || text.contains("client-key-data: ");
        let named = entry.path.ends_with(".key") || entry.path.contains("kubeconfig");
        assert!(!secret || (named && entry.mode == 0o600), "{}", entry.path);
    }
}
