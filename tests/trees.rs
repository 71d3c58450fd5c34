//! Golden trees: what an export holds, file by file with modes, for every role, start and layout; and that it is what
//! the plan says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use kubepki_core::plan::Root;
use support::export::Export;
use support::golden;
use support::program::run;
use support::scratch::tree;

const DESIGNS: &[&str] = &[
    "single",
    "ha-stacked",
    "ha-stacked-manual",
    "ha-external",
    "ha-external-manual",
    "course",
    "course-pem",
    "course-external",
    "off-node",
    "off-node-external",
    "kubelet-cluster-ca-manual",
];

#[test]
fn every_tree_is_the_one_that_was_read() {
    for name in DESIGNS {
        let export = Export::of(name);
        let mut out = String::new();
        for path in tree(&export.folder) {
            let metadata = fs::metadata(export.folder.join(&path)).expect("it was listed");
            let _ = writeln!(out, "{:04o} {path}", metadata.permissions().mode() & 0o7777);
        }
        golden::check(&format!("trees/{name}.txt"), &out);
    }
}

/// Below `nodes/` and `offline-ca/` lies what was planned, with its modes, and nothing else.
#[test]
fn trees_are_as_planned() {
    for name in DESIGNS {
        let export = Export::of(name);
        let mut planned = BTreeSet::new();
        for file in &export.plan.files {
            let path = export.path(file);
            let metadata = fs::metadata(&path).unwrap_or_else(|error| panic!("{name}: {}: {error}", path.display()));
            assert_eq!(metadata.permissions().mode() & 0o7777, file.mode, "{name}: {}", file.path);
            planned.insert(path.strip_prefix(&export.folder).expect("it is below").to_string_lossy().into_owned());
        }
        let found: BTreeSet<String> = tree(&export.folder)
            .into_iter()
            .filter(|path| (path.starts_with("nodes/") || path.starts_with("offline-ca/")) && !path.ends_with('/'))
            .collect();
        assert_eq!(found, planned, "{name}");
        let offline = export.plan.files.iter().any(|file| file.root == Root::OfflineCa);
        assert_eq!(export.folder.join("offline-ca").is_dir(), offline, "{name}");
    }
}

/// Where CA keys are kept off the nodes, no node's tree holds the bytes of one, under any name.
#[test]
fn ca_keys_that_are_off_the_nodes_are_off_the_nodes() {
    for name in ["off-node", "off-node-external"] {
        let export = Export::of(name);
        let keys: Vec<String> = tree(&export.folder.join("offline-ca"))
            .into_iter()
            .filter(|path| path.ends_with(".key"))
            .map(|path| fs::read_to_string(export.folder.join("offline-ca").join(path)).expect("it was listed"))
            .collect();
        assert_eq!(keys.len(), 3, "{name}");
        for path in tree(&export.folder).iter().filter(|path| !path.starts_with("offline-ca/") && !path.ends_with('/'))
        {
            let text =
                String::from_utf8_lossy(&fs::read(export.folder.join(path)).expect("it was listed")).into_owned();
            assert!(!keys.iter().any(|key| text.contains(key.trim())), "{name}: {path} holds a CA key");
        }
    }
}

/// Every file is in the sums, and every sum is right, says coreutils.
#[test]
fn sums_are_right() {
    for name in DESIGNS {
        let export = Export::of(name);
        run(
            Command::new("sha256sum")
                .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
                .current_dir(&export.folder),
            30,
        )
        .good();
        let sums = fs::read_to_string(export.folder.join("SHA256SUMS")).expect("it is there");
        let summed: BTreeSet<&str> =
            sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, path)| path).collect();
        let found = tree(&export.folder);
        let files = found.iter().filter(|path| !path.ends_with('/') && *path != "SHA256SUMS");
        assert_eq!(summed, files.map(String::as_str).collect(), "{name}");
    }
}

/// Nothing public repeats a private key: README, design, inventory, manifests and scripts.
#[test]
fn texts_hold_no_secrets() {
    for name in DESIGNS {
        let export = Export::of(name);
        for path in tree(&export.folder).iter().filter(|path| !path.starts_with("nodes/") && !path.ends_with('/')) {
            if path.starts_with("offline-ca/") {
                continue;
            }
            let text = fs::read_to_string(export.folder.join(path)).expect("texts are UTF-8");
            assert!(!text.contains("PRIVATE KEY-----"), "{name}: {path}");
            assert!(!text.contains("client-key-data: LS0"), "{name}: {path}");
        }
    }
}
