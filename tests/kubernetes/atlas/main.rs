//! What Kubernetes' components print under each fault: recorded from them, and compared with what was recorded.

mod lines;
mod play;
mod record;
mod rounds;
mod stand;

use std::path::PathBuf;
use std::time::Instant;

use kubepki_core::Draft;
use kubepki_core::spec::Field;
use kubepki_rehearsal::fault::Fault;
use support::cluster::images;
use support::design;

use play::Player;
use record::Atlas;
use stand::Stand;

/// A cluster on which faults are tried, and the connections that are looked at there.
struct Scene {
    design: &'static str,
    connections: &'static [&'static str],
    /// Whether every run tries it, or only one that records or names it.
    every_run: bool,
}

const SCENES: &[Scene] = &[
    Scene {
        design: "kubelet-cluster-ca-manual",
        connections: &[
            "etcdctl->etcd",
            "kube-apiserver->etcd",
            "kube-controller-manager->kube-apiserver",
            "kube-scheduler->kube-apiserver",
            "kubelet->kube-apiserver",
            "kubectl->kube-apiserver",
            "super-admin->kube-apiserver",
            "pod->kube-apiserver",
            "kube-apiserver->kubelet",
        ],
        every_run: true,
    },
    Scene { design: "course", connections: &["kube-proxy->kube-apiserver"], every_run: false },
];

/// Kinds of faults that every run tries: a certificate that the other side refuses, and a pair with which nothing starts. All
/// are tried where the atlas is recorded, `KUBEPKI_FAULTS` names others, and `KUBEPKI_SCENE` one cluster alone.
const EVERY_RUN: &[&str] = &["expired:", "foreign-key:"];

/// The first node of a design, alone.
fn one_node(name: &str) -> Draft {
    let mut draft = design::draft(name);
    draft.set_text(Field::KubernetesVersion, images::version());
    draft.nodes.truncate(1);
    draft.set_text(Field::ControlPlaneEndpoint, "");
    draft
}

fn file() -> PathBuf {
    design::tests_folder().join("../crates/rehearsal/src/atlas/recorded.txt")
}

#[test]
fn components_print_what_was_recorded() {
    let records = std::env::var_os("KUBEPKI_RECORD").is_some();
    let named = std::env::var("KUBEPKI_FAULTS").unwrap_or_default();
    let wanted: Vec<&str> = match (named.as_str(), records) {
        ("", true) => vec![""],
        ("", false) => EVERY_RUN.to_vec(),
        (named, _) => named.split(',').collect(),
    };
    let scene = std::env::var("KUBEPKI_SCENE").unwrap_or_default();
    let scenes: Vec<&Scene> = SCENES
        .iter()
        .filter(|one| if scene.is_empty() { records || one.every_run } else { one.design == scene })
        .collect();
    let mut atlas = Atlas::default();
    for scene in &scenes {
        let mut stand = Stand::of("atlas", &one_node(scene.design));
        let mut player = Player::new(&mut stand, scene.connections);
        for round in rounds::rounds() {
            let ids: Vec<String> = round.faults.iter().map(Fault::id).collect();
            if wanted.iter().any(|start| ids.iter().any(|id| id.starts_with(start))) {
                let begun = Instant::now();
                player.play(&round, &mut atlas);
                println!("{} {:?}", ids.join(" "), begun.elapsed());
            }
        }
    }
    let text = atlas.text(&images::version());
    if records {
        // What was recorded of connections that were not looked at stays.
        let before = std::fs::read_to_string(file()).expect("the atlas can be read");
        let looked_at = |block: &&str| {
            let connection = block.split(": ").next().unwrap_or_default();
            scenes.iter().any(|scene| scene.connections.contains(&connection))
        };
        let kept = before.split("\n# ").skip(1).filter(|block| !looked_at(block));
        let kept: String = kept.map(|block| format!("\n# {}\n", block.trim_end())).collect();
        std::fs::write(file(), text + &kept).expect("the atlas can be written");
        return;
    }
    let differences = atlas.differs_from(kubepki_rehearsal::atlas::entries());
    assert!(differences.is_empty(), "{}\n\n{text}", differences.join("\n"));
}
