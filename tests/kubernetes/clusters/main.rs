//! Whole clusters from exports, of Kubernetes' own components on machines of namespaces: each is built by following the README of
//! its export literally, and then asked. `scenarios.toml` says which, and what they are asked.

mod asks;
mod follow;
mod network;
mod scenario;
mod stage;

/// Clusters that run at the same time: as many as this computer has room and processors for.
const AT_ONCE: usize = 2;

#[test]
fn every_export_becomes_the_cluster_that_it_promises() {
    let failed = scenario::run_all(&scenario::chosen(), AT_ONCE);
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn the_scenarios_of_every_run_have_each_start_and_layout() {
    scenario::every_start_and_layout_is_usual();
}
