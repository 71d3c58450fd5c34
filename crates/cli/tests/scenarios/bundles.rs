//! Every node's bundle in one call, and what can be done with parts where the keys of CAs are not.

use std::fs;

use crate::scene::Scene;

/// The lab's export, as a zip.
fn exported() -> Scene {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab.zip").ended(0);
    scene
}

fn names(scene: &Scene, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(scene.path(folder)).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn all_bundles_come_in_one_call_and_each_is_verified_alone() {
    let scene = exported();
    scene.run("export --part bundles --out bundles lab.zip").ended(0);
    let bundles = names(&scene, "bundles");
    assert!(!bundles.is_empty() && bundles.iter().all(|name| name.ends_with(".zip")), "{bundles:?}");
    for name in &bundles {
        scene.run(&format!("verify bundles/{name}")).ended(0).said("every file is the one that was packed");
        let node = name.trim_start_matches("lab-pki-").trim_end_matches(".zip");
        scene.run(&format!("export --part node:{node} --out one-{node}.zip lab.zip")).ended(0);
        assert_eq!(scene.read(&format!("bundles/{name}")), scene.read(&format!("one-{node}.zip")), "{name}");
    }
    scene.run("export --part bundles --out bundles lab.zip").ended(1).complained("bundles: exists already");
    scene.run("export --part bundles --out all.zip lab.zip").ended(2).complained("written into a folder");
}

#[test]
fn the_part_without_ca_keys_is_verified_and_split_further() {
    let scene = exported();
    scene.run("export --part nodes --out nodes.zip lab.zip").ended(0);
    scene.run("verify nodes.zip").ended(0).said("are as designed");
    scene.run("export --part bundles --out bundles nodes.zip").ended(0);
    for name in names(&scene, "bundles") {
        scene.run(&format!("verify bundles/{name}")).ended(0);
    }
    scene
        .run("export --part ca-keys --out keys.zip nodes.zip")
        .ended(2)
        .complained("leaves out the private keys of CAs");
}

#[test]
fn each_bundle_is_encrypted_to_its_own_node() {
    let scene = exported();
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let nodes: Vec<String> = {
        scene.run("export --part bundles --out open lab.zip").ended(0);
        let open = names(&scene, "open");
        open.iter().map(|name| name.trim_start_matches("lab-pki-").trim_end_matches(".zip").to_owned()).collect()
    };
    let each: Vec<String> = nodes.iter().map(|node| format!("--encrypt-node {node}={recipient}")).collect();
    scene.run(&format!("export --part bundles {} --out locked lab.zip", each.join(" "))).ended(0);
    for name in names(&scene, "locked") {
        assert!(name.ends_with(".zip.age"), "{name}");
        assert!(scene.read(&format!("locked/{name}")).starts_with(b"age-encryption.org/v1"), "{name}");
    }
    let unknown = format!("export --part bundles --encrypt-node nobody={recipient} --out no lab.zip");
    scene.run(&unknown).ended(2).complained("there is no node \"nobody\"");
    assert!(!scene.path("no").exists());
}
