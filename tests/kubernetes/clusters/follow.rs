//! Follows the README of an export literally: block by block, on the machines that it names, each check waited for.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;

use support::program::Said;
use support::runbook::{On, Step, steps};

use crate::network;
use crate::stage::Stage;

/// Values that steps printed, by their names.
type Printed = BTreeMap<String, String>;

/// Does every step. The network plugin is there before; kube-proxy and CoreDNS come last, where the README says that they are not
/// in the export.
pub(crate) fn all(stage: &Stage) {
    let mut printed = Printed::new();
    let steps = steps(&stage.readme());
    stage.count("machines", stage.cluster.machines.len());
    stage.count("steps", steps.len());
    for step in steps {
        if let Some(name) = &step.takes {
            assert!(printed.contains_key(name), "step {} takes {name}, which nothing printed", step.number);
        }
        follow(stage, &step, &mut printed);
    }
    if stage.scenario.network {
        network::serve(stage);
    }
}

/// A script after the variables that earlier steps gave a value.
fn script(printed: &Printed, script: &str) -> String {
    let values: String = printed.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    values + script
}

/// Does one step: its commands, then its check.
fn follow(stage: &Stage, step: &Step, printed: &mut Printed) {
    let good = |said: Said, what: &str| {
        let place = format!("step {} of README.md ({}), {what}", step.number, step.title);
        assert!(said.code == Some(0), "{place}: {said}");
        said.out
    };
    let on = |machine: &String, script: &str, what: &str| {
        let machine = stage.cluster.machine(machine);
        let mut login = machine.command(&["sh", "-l", "-c", "cd ~ && exec sh -eu"]);
        good(support::program::run_with(&mut login, script.as_bytes(), 600), &format!("{what} on {}", machine.name))
    };
    let commands = script(printed, &step.commands);
    // What a step prints has its name from here on, for its own check too.
    let mut keep = |said: &[String]| {
        if let Some(name) = &step.prints {
            let [said] = said else { panic!("step {} prints {name} on several machines", step.number) };
            printed.insert(name.clone(), said.trim_end_matches('\n').to_owned());
        }
        script(printed, &step.check)
    };
    match &step.on {
        On::Here => {
            let said = good(stage.here(&commands), "commands");
            good(stage.here(&keep(&[said])), &step.shows);
        }
        On::Turn(machines) => {
            let check = keep(&[]);
            for machine in machines {
                on(machine, &commands, "commands");
                on(machine, &check, &step.shows);
            }
        }
        On::Each(machines) => {
            let each = |script: &str, what: &str| -> Vec<String> {
                thread::scope(|scope| {
                    let start = |machine| scope.spawn(move || on(machine, script, what));
                    let running: Vec<_> = machines.iter().map(start).collect();
                    running.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
                })
            };
            let said = each(&commands, "commands");
            each(&keep(&said), &step.shows);
        }
    }
}
