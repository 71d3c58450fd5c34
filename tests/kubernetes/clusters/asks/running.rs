//! The flags with which components really run, beside those of the plan and what a benchmark's checks say of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use kubepki_core::catalog::cis::Asks;
use kubepki_core::catalog::flags::Place;
use kubepki_core::plan::{FlagValue, Root};
use kubepki_core::view::cis::{State, checks};
use serde_json::Value;
use support::cluster::Machine;

use crate::stage::Stage;

/// Of each flag of a component that runs on a machine, its value.
///
/// # Panics
/// When no such process is there.
#[track_caller]
pub(crate) fn flags(machine: &Machine, component: &str) -> BTreeMap<String, String> {
    let process = machine.process_of(component).unwrap_or_else(|| panic!("{}: no {component} runs", machine.name));
    let said = machine.read(&format!("/proc/{process}/cmdline")).replace('\0', "\n");
    let flags = said.lines().filter_map(|line| line.strip_prefix("--")?.split_once('='));
    flags.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The configuration that a node's kubelet runs with, as it says itself.
fn kubelet(stage: &Stage, node: &str) -> Value {
    let said = stage.kubectl(&format!("get --raw /api/v1/nodes/{node}/proxy/configz")).good();
    let said: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    said["kubeletconfig"].clone()
}

/// What a flag or field really is, by its name.
type Values<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The pair that a kubelet makes for itself.
const OWN_PAIR: &str = "/var/lib/kubelet/pki/kubelet.";

/// A field of a configuration by its path with dots, as a flag would say it.
fn field(config: &Value, path: &str) -> Option<String> {
    let Some(value) = path.split('.').try_fold(config, |value, key| value.get(key)) else {
        // A port that is 0 is left out of what it says.
        return path.ends_with("Port").then(|| "0".to_owned());
    };
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

/// What a flag or field of a component on a node really is.
fn value(stage: &Stage, node: usize, component: &str, name: &str) -> Option<String> {
    let planned = stage.export.plan.flags.iter().find(|flag| flag.row.component == component && flag.row.name == name);
    // What no plan sets is a field where it is one of several words.
    let is_field = planned.map_or(name.contains('.'), |flag| matches!(flag.row.place, Place::KubeletConfig));
    let set = planned.is_some_and(|flag| matches!(flag.value, FlagValue::Set(_)));
    match is_field {
        // Where its configuration names no pair, the kubelet makes one of its own and names that.
        true => field(&kubelet(stage, &stage.spec().nodes[node].name), name)
            .filter(|value| set || !value.starts_with(OWN_PAIR)),
        false => flags(&stage.cluster.machines[node], component).get(name).cloned(),
    }
}

/// The flag that a step of README.md adds to the API servers once they run, with its value: one that they cannot start with.
fn added_later(stage: &Stage) -> Option<(String, String)> {
    let readme = stage.readme();
    let (_, added) = readme.split_once(" sed 's|^    - --kubelet-client-certificate=|    - --")?;
    let (name, value) = added.split_once("\\n&|")?.0.split_once('=')?;
    Some((name.to_owned(), value.to_owned()))
}

/// Every flag of the plan is one of the process that runs, and none runs that the plan says to be left out.
pub(crate) fn components_run_as_planned(stage: &Stage) {
    let mut of_kubelets = BTreeMap::new();
    let mut of_processes = BTreeMap::new();
    let mut different = Vec::new();
    let later = added_later(stage);
    for flag in &stage.export.plan.flags {
        let (node, component, name) = (flag.node, flag.row.component, flag.row.name);
        let (planned, machine) = (&stage.spec().nodes[node], &stage.cluster.machines[node]);
        if component == "kube-proxy" {
            continue;
        }
        let config = matches!(flag.row.place, Place::KubeletConfig);
        let real = match config {
            true => field(of_kubelets.entry(node).or_insert_with(|| kubelet(stage, &planned.name)), name),
            false => {
                of_processes.entry((node, component)).or_insert_with(|| flags(machine, component)).get(name).cloned()
            }
        };
        let wanted = match &flag.value {
            FlagValue::Set(value) => Some(value.clone()),
            FlagValue::NotSet => later
                .as_ref()
                .filter(|(added, _)| component == "kube-apiserver" && added == name)
                .map(|(_, value)| value.clone()),
        };
        // kubeadm names etcd's members in the order that etcd has them, which is that of their random numbers.
        let members = |list: Option<String>| -> Option<BTreeSet<String>> {
            (name == "initial-cluster").then(|| list.unwrap_or_default().split(',').map(str::to_owned).collect())
        };
        if members(real.clone()).is_some_and(|real| Some(real) == members(wanted.clone())) {
            continue;
        }
        // A kubelet names its defaults too, and kubeadm gives the controller manager an empty pair to sign with where it has
        // no key of the CA (kubeadm: app/phases/controlplane/manifests.go).
        let left_out = wanted.is_none() && (config || real.as_deref() == Some(""));
        if real != wanted && !left_out {
            different.push(format!("{} {component} {name}: planned {wanted:?}, runs {real:?}", planned.name));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    stage.count("flags", stage.export.plan.flags.len());
}

/// A check of the benchmark that the plan passes or fails is passed or failed by what runs.
pub(crate) fn the_benchmark_holds(stage: &Stage) {
    let plan = &stage.export.plan;
    let mut wrong = Vec::new();
    let later = added_later(stage);
    for checked in checks(plan) {
        let nodes = |component: &str| -> Vec<usize> {
            let of = |flag: &&kubepki_core::plan::PlannedFlag| flag.row.component == component;
            let mut nodes: Vec<usize> = plan.flags.iter().filter(of).map(|flag| flag.node).collect();
            nodes.dedup();
            nodes
        };
        let all = |component: &str, holds: &dyn Fn(Values<'_>) -> bool| {
            nodes(component).into_iter().all(|node| holds(&|name| value(stage, node, component, name)))
        };
        let listed =
            |value: Option<String>, wanted: &str| value.is_some_and(|value| value.split(',').any(|one| one == wanted));
        let holds = match &checked.row.asks {
            Asks::Set(component, names) => {
                all(component, &|of| names.iter().all(|name| of(name).is_some_and(|value| !value.is_empty())))
            }
            Asks::Has(component, name, wanted) => all(component, &|of| listed(of(name), wanted)),
            Asks::Not(component, name, "") => all(component, &|of| of(name).is_none()),
            Asks::Not(component, name, unwanted) => all(component, &|of| !listed(of(name), unwanted)),
            Asks::Mode(_, most) => files(stage, &checked.read, |meta| meta.permissions().mode() & 0o7777 & !most == 0),
            Asks::Owner(_) => files(stage, &checked.read, |meta| (meta.uid(), meta.gid()) == (0, 0)),
            Asks::OwnEtcdCa | Asks::Ciphers(..) | Asks::Look(_) | Asks::DataFolder => continue,
        };
        // What is said is said of the start; README.md mends it afterwards.
        let is_mended = |names: &[&str]| later.as_ref().is_some_and(|(added, _)| names.contains(&added.as_str()));
        let mended = matches!(&checked.row.asks, Asks::Set("kube-apiserver", names) if is_mended(names));
        let said = match checked.state {
            State::Pass => true,
            State::Fail => mended,
            State::Manual | State::Own | State::NotApplicable => continue,
        };
        if holds != said {
            wrong.push(format!(
                "{} ({}): {:?}, but what runs: {holds}",
                checked.row.id, checked.row.title, checked.state
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether files of the plan are on their machines as they should be; one that the README has taken away is none.
fn files(stage: &Stage, read: &[kubepki_core::view::Selection], holds: impl Fn(&fs::Metadata) -> bool) -> bool {
    read.iter().all(|selection| {
        let kubepki_core::view::Selection::File(index) = selection else { return true };
        let file = &stage.export.plan.files[*index];
        let Root::Node(node) = file.root else { return true };
        fs::metadata(stage.cluster.machines[node].path(&file.path)).map_or(true, |meta| holds(&meta))
    })
}
