//! Scenarios: which design becomes a cluster, and what the cluster is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use kubepki_core::Draft;
use kubepki_core::spec::{EtcdMode, Field, LayoutId, Start};
use serde::Deserialize;
use support::cluster::images;
use support::design::{self, tests_folder};
use support::judged;

use crate::asks;
use crate::stage::Stage;

/// Names the scenarios to run, with commas between them, or is `all`; without it those of every run are.
const CHOICE: &str = "KUBEPKI_CLUSTERS";

/// One row of `scenarios.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) name: String,
    /// A design of `tests/designs/`.
    pub(crate) design: String,
    /// Whether its components are started by hand, whatever the design says.
    #[serde(default)]
    by_hand: bool,
    /// Whether every run has it, or only one that asks for all.
    #[serde(default)]
    pub(crate) usual: bool,
    /// Whether its machines have a network plugin, so that nodes are to become Ready.
    #[serde(default)]
    pub(crate) network: bool,
    /// What is asked of the cluster before what every cluster is asked, and behind that; names of [`asks::ASKS`].
    #[serde(default)]
    first: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    /// All that is asked of it, in order.
    #[serde(skip)]
    pub(crate) asks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    asks: Vec<String>,
    asks_with_network: Vec<String>,
    scenario: Vec<Scenario>,
}

impl Scenario {
    /// The design, of the version that the components have.
    pub(crate) fn draft(&self) -> Draft {
        let mut draft = design::draft(&self.design);
        draft.set_text(Field::KubernetesVersion, images::version());
        if self.by_hand {
            draft.set_text(Field::Start, Start::Manual.word());
        }
        draft
    }
}

fn all() -> Vec<Scenario> {
    let path: PathBuf = tests_folder().join("kubernetes/clusters/scenarios.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for scenario in &mut table.scenario {
        let with_network = if scenario.network { &table.asks_with_network[..] } else { &[] };
        scenario.asks = [&scenario.first, &table.asks, with_network, &scenario.also].concat();
        for ask in &scenario.asks {
            assert!(asks::find(ask).is_some(), "{}: there is no {ask} to be asked", scenario.name);
        }
    }
    table.scenario
}

/// Those that this run has.
pub(crate) fn chosen() -> Vec<Scenario> {
    let choice = std::env::var(CHOICE).unwrap_or_default();
    let names: Vec<&str> = choice.split(',').filter(|name| !name.is_empty()).collect();
    let mut all = all();
    for name in names.iter().filter(|name| **name != "all") {
        assert!(all.iter().any(|scenario| scenario.name == *name), "{CHOICE}: no scenario is called {name}");
    }
    all.retain(|scenario| match names[..] {
        [] => scenario.usual,
        ["all"] => true,
        _ => names.contains(&scenario.name.as_str()),
    });
    all
}

/// Runs scenarios, so many at the same time, and gives the report of each that failed.
pub(crate) fn run_all(scenarios: &[Scenario], at_once: usize) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(report) = run(scenario) {
                        failed.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(report);
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Builds the cluster and asks it everything that the scenario says.
fn run(scenario: &Scenario) -> Result<(), String> {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| Stage::of(scenario)));
    let stage = outcome.map_err(|panic| format!("{}: no cluster: {}", scenario.name, text(&*panic)))?;
    let made = begun.elapsed().as_secs();
    let mut failed = Vec::new();
    // What a question finds wrong keeps no other from being asked.
    let mut ask = |what: &str, question: &dyn Fn(&Stage)| {
        let begun = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| question(&stage))) {
            Ok(()) => println!("{}: {what}: {:.1} s", scenario.name, begun.elapsed().as_secs_f32()),
            Err(panic) => failed.push(format!("{}: {what}: {}", scenario.name, text(&*panic))),
        }
        failed.is_empty()
    };
    let mut holds = ask("README.md is followed", &crate::follow::all);
    if holds {
        for name in &scenario.asks {
            holds = ask(name, &asks::find(name).expect("it was looked for").1);
        }
    }
    if holds {
        ask("as much is compared as was recorded", &|stage| {
            judged::saw("clusters", images::version(), &scenario.name, &stage.counted());
        });
    }
    println!("{}: machines after {made} s, done after {} s", scenario.name, begun.elapsed().as_secs());
    if failed.is_empty() { Ok(()) } else { Err(format!("{}\n{}", failed.join("\n"), stage.cluster.logs())) }
}

/// What a panic said.
fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked")
}

/// An ordinary run leaves no way to start a cluster and no layout out.
pub(crate) fn every_start_and_layout_is_usual() {
    let usual: Vec<_> = all().into_iter().filter(|scenario| scenario.usual).collect();
    let specs: Vec<_> = usual.iter().map(|scenario| design::spec(&scenario.draft())).collect();
    let has = |start, layout, etcd| {
        specs.iter().any(|spec| spec.start == start && spec.layout == layout && spec.etcd_mode == etcd)
    };
    for etcd in [EtcdMode::Stacked, EtcdMode::External] {
        assert!(has(Start::Kubeadm, LayoutId::Kubeadm, etcd), "kubeadm with {etcd:?} etcd");
    }
    assert!(has(Start::Manual, LayoutId::Kubeadm, EtcdMode::Stacked), "kubeadm's layout by hand");
    assert!(has(Start::Manual, LayoutId::Course, EtcdMode::Stacked), "the layout of courses");
    assert!(usual.iter().any(|scenario| scenario.network), "a network plugin");
    // With services and names in some run, if not in every.
    let networks = all().into_iter().filter(|scenario| scenario.network);
    let networks: Vec<_> = networks.map(|scenario| design::spec(&scenario.draft())).collect();
    for (start, layout) in
        [(Start::Kubeadm, LayoutId::Kubeadm), (Start::Manual, LayoutId::Kubeadm), (Start::Manual, LayoutId::Course)]
    {
        let has = networks.iter().any(|spec| spec.start == start && spec.layout == layout);
        assert!(has, "a network plugin with {start:?} and {layout:?}");
    }
}
