//! What Kubernetes' components print under each fault: recorded from them, and compared with what was recorded.

mod command;
mod extension;
mod lines;
mod older;
mod play;
mod record;
mod rounds;
mod scene;
mod soon;
mod stand;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use kubepki_rehearsal::atlas::Entry;
use kubepki_rehearsal::fault::Fault;
use support::cluster::images;
use support::program::run;
use support::{design, judged};

use play::Player;
use record::Atlas;
use rounds::Round;
use scene::{SCENES, Scene};
use stand::Stand;

/// Kinds of faults that every run tries: a certificate that the other side refuses, and a pair with which nothing starts. All
/// are tried where the atlas is recorded and where `KUBEPKI_FAULTS` is `all`; otherwise that names others, and `KUBEPKI_SCENE` one
/// cluster alone.
const EVERY_RUN: &[&str] = &["expired:", "foreign-key:"];

fn file() -> PathBuf {
    design::tests_folder().join("../crates/rehearsal/src/atlas/recorded.txt")
}

#[test]
fn components_print_what_was_recorded() {
    let records = judged::records_lines();
    let named = std::env::var("KUBEPKI_FAULTS").unwrap_or_default();
    let is_newest = older::file().is_none();
    let all = named == "all" || named.is_empty() && records && is_newest;
    let wanted: Vec<&str> = match (named.as_str(), all) {
        (_, true) => vec![""],
        ("", false) => EVERY_RUN.to_vec(),
        (named, _) => named.split(',').collect(),
    };
    let choice = std::env::var("KUBEPKI_SCENE").unwrap_or_default();
    let scenes: Vec<&Scene> =
        SCENES.iter().filter(|one| if choice.is_empty() { all || one.every_run } else { one.name == choice }).collect();
    // What is recorded adds to what was: which lines a component comes to print in a few seconds is chance.
    let otherwise = older::recorded();
    let mut atlas = match (records, is_newest) {
        (true, true) => Atlas::recorded(),
        (true, false) => Atlas::of(&otherwise),
        (false, _) => Atlas::default(),
    };
    let mut differences = Vec::new();
    let mut calls = 0;
    for scene in scenes {
        let mut stand = Stand::of("atlas", scene);
        let mut player = Player::new(&mut stand, scene.connections);
        for round in rounds::rounds() {
            let ids: Vec<String> = round.faults.iter().map(Fault::id).collect();
            if wanted.iter().any(|start| ids.iter().any(|id| id.starts_with(start))) {
                let begun = Instant::now();
                let made = match records {
                    true => player.play(&round, &mut atlas),
                    false => different(&mut player, &round, &otherwise, &mut differences),
                };
                if scene.every_run && EVERY_RUN.iter().any(|start| ids.iter().any(|id| id.starts_with(start))) {
                    calls += made;
                }
                println!("{} {:?}", ids.join(" "), begun.elapsed());
            }
        }
    }
    if records {
        atlas = if is_newest { atlas } else { atlas.otherwise() };
        let kubernetes = images::version().trim_start_matches('v');
        let versions = format!("Kubernetes {kubernetes}, etcd {}, curl {}", images::etcd_version(), curl_version());
        let text = atlas.text(&versions);
        std::fs::write(older::file().unwrap_or_else(file), text).expect("the atlas can be written");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    if (all || named.is_empty()) && choice.is_empty() {
        let recorded = match (records, is_newest) {
            (true, _) => atlas,
            (false, true) => Atlas::recorded(),
            (false, false) => Atlas::of(&otherwise),
        };
        let question = if is_newest { "recorded" } else { "otherwise" };
        judged::saw("atlas", images::version(), question, &recorded.figures());
        judged::saw("atlas", images::version(), "compared", &[("calls", calls)]);
    }
}

/// The version of the curl that machines have.
fn curl_version() -> String {
    let said = run(Command::new("curl").arg("--version"), 10).good();
    said.split_whitespace().nth(1).expect("curl names its version").to_owned()
}

/// Adds how a round differs from what was recorded, and says how many calls it makes. Where it differs, it is played once more:
/// what then differs again is no chance.
fn different(player: &mut Player<'_>, round: &Round, otherwise: &[Entry], differences: &mut Vec<String>) -> usize {
    let play = |player: &mut Player<'_>| {
        let mut seen = Atlas::default();
        let calls = player.play(round, &mut seen);
        (seen.differences(otherwise), calls)
    };
    let (first, calls) = play(player);
    if !first.is_empty() {
        println!("differs, and is played once more: {}", first.join("\n"));
        player.recover();
        let (again, _) = play(player);
        differences.extend(first.into_iter().filter(|one| again.contains(one)));
    }
    calls
}
