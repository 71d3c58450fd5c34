//! Runs gates two at a time, each into a log of its own that is shown when the gate fails.

use crate::files::Result;
use crate::gates::asked::Asked;
use crate::gates::{Gate, Lane, chosen, told};
use crate::project::Project;
use crate::sink::Sink;
use crate::tools::ALL_VERSIONS;
use crate::tools::install;
use crate::{build, serve};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Gates at a time: cargo fills the cores by itself, and a second gate fills its pauses.
const SLOTS: usize = 2;

/// Lines of a failed gate's log that are shown.
const SHOWN: usize = 300;

/// `cargo xtask test`.
pub(crate) fn command(project: &Project, words: &[String]) -> Result<()> {
    let start = Instant::now();
    let (names, asked) = told(words)?;
    let gates = chosen(&names)?;
    let mut gate_names: Vec<&str> = gates.iter().map(|gate| gate.name).collect();
    gate_names.extend(asked.all_versions.then_some(ALL_VERSIONS));
    install::install_for(project, &gate_names)?;
    build::fetch(project, &Sink::Screen)?;
    let run = Run {
        project,
        asked,
        url: serve::in_background(project, &project.dist())?,
        streamed: (names.len() == 1).then(|| names[0].clone()),
        state: Mutex::new(State { waiting: gates, ..State::default() }),
        changed: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 0..SLOTS {
            scope.spawn(|| run.work());
        }
    });
    let outcomes = run.locked();
    let failed: Vec<&str> = outcomes.done.iter().filter(|(_, passed)| !passed).map(|(name, _)| *name).collect();
    let passed = outcomes.done.len() - failed.len();
    println!("\n{passed} passed, {} failed, {:.0} s", failed.len(), start.elapsed().as_secs_f64());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// One call of `cargo xtask test`.
struct Run<'a> {
    project: &'a Project,
    asked: Asked,
    url: String,
    /// The gate whose output goes straight to the screen: the only one that was asked for.
    streamed: Option<String>,
    state: Mutex<State>,
    changed: Condvar,
}

/// Where each gate is.
#[derive(Default)]
struct State {
    waiting: Vec<&'static Gate>,
    running: Vec<&'static Gate>,
    done: Vec<(&'static str, bool)>,
}

/// What a free slot does.
enum Next {
    Run(&'static Gate),
    /// What it needs has failed.
    Fail(&'static Gate, &'static str),
    Wait,
    End,
}

impl State {
    /// Takes the first gate that can start.
    fn next(&mut self) -> Next {
        if self.waiting.is_empty() {
            return Next::End;
        }
        let failed = |need: &&&'static str| self.done.contains(&(**need, false));
        let blocked = self.waiting.iter().position(|gate| gate.needs.iter().find(failed).is_some());
        if let Some(index) = blocked {
            let gate = self.waiting.remove(index);
            let need = gate.needs.iter().find(|need| self.done.contains(&(**need, false)));
            return Next::Fail(gate, need.copied().unwrap_or_default());
        }
        match self.waiting.iter().position(|gate| self.can_start(gate)) {
            Some(index) => {
                let gate = self.waiting.remove(index);
                self.running.push(gate);
                Next::Run(gate)
            }
            None => Next::Wait,
        }
    }

    fn can_start(&self, gate: &Gate) -> bool {
        let supplied = gate.needs.iter().all(|need| self.done.contains(&(*need, true)));
        let free = self.running.iter().all(|other| match (gate.lane, other.lane) {
            (Lane::Alone, _) | (_, Lane::Alone) => false,
            (Lane::Free, _) => true,
            (lane, other) => lane != other,
        });
        supplied && free
    }

    fn end(&mut self, gate: &'static Gate, passed: bool) {
        self.running.retain(|other| other.name != gate.name);
        self.done.push((gate.name, passed));
    }
}

impl Run<'_> {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut state = self.locked();
        loop {
            match state.next() {
                Next::End => break,
                Next::Wait => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Next::Fail(gate, need) => {
                    println!("FAIL  {:<12} not run: {need} failed", gate.name);
                    state.end(gate, false);
                }
                Next::Run(gate) => {
                    drop(state);
                    let passed = self.one(gate);
                    state = self.locked();
                    state.end(gate, passed);
                }
            }
            self.changed.notify_all();
        }
        self.changed.notify_all();
    }

    /// Runs a gate and prints what became of it.
    fn one(&self, gate: &Gate) -> bool {
        let start = Instant::now();
        println!("      {:<12} {}", gate.name, gate.proves);
        let streamed = self.streamed.as_deref() == Some(gate.name);
        let log = self.project.scratch(&format!("{}.log", gate.name));
        let result = log.clone().and_then(|log| {
            let limit = Duration::from_secs(60 * gate.limit(self.project, &self.asked));
            let sink = if streamed { Sink::Screen } else { Sink::log(&log, limit)? };
            gate.check(self.project, &sink, &self.url, &self.asked)
        });
        let seconds = start.elapsed().as_secs_f64();
        let mut report = String::new();
        match &result {
            Ok(notes) => {
                report.push_str(&format!("ok    {:<12} {seconds:.1} s\n", gate.name));
                notes.iter().for_each(|note| report.push_str(&format!("        {note}\n")));
            }
            Err(error) => {
                if let (false, Ok(log)) = (streamed, &log) {
                    report.push_str(&last_lines(log));
                }
                report.push_str(&format!("FAIL  {:<12} {seconds:.1} s: {error}\n", gate.name));
            }
        }
        // One call, so that two gates' reports do not mix.
        print!("{report}");
        result.is_ok()
    }
}

fn last_lines(log: &std::path::Path) -> String {
    let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(SHOWN);
    let cut = if from > 0 { format!("    | ({from} lines before, in {})\n", log.display()) } else { String::new() };
    cut + &lines[from..].iter().map(|line| format!("    | {line}\n")).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::GATES;

    fn gate(name: &str) -> &'static Gate {
        GATES.iter().find(|gate| gate.name == name).unwrap()
    }

    fn started(state: &mut State) -> Option<&'static str> {
        match state.next() {
            Next::Run(gate) => Some(gate.name),
            _ => None,
        }
    }

    #[test]
    fn a_lane_holds_one_gate_at_a_time() {
        let waiting = vec![gate("clippy"), gate("unit"), gate("fmt"), gate("build")];
        let mut state = State { waiting, ..State::default() };
        assert_eq!(started(&mut state), Some("clippy"));
        assert_eq!(started(&mut state), Some("fmt"));
        assert_eq!(started(&mut state), Some("build"));
        assert_eq!(started(&mut state), None);
        state.end(gate("clippy"), true);
        assert_eq!(started(&mut state), Some("unit"));
    }

    #[test]
    fn a_gate_waits_for_what_it_needs_and_runs_alone_where_it_must() {
        let waiting = vec![gate("build"), gate("cli"), gate("docs"), gate("browser")];
        let mut state = State { waiting, ..State::default() };
        for name in ["build", "docs"] {
            assert_eq!(started(&mut state), Some(name));
        }
        state.end(gate("build"), true);
        assert_eq!(started(&mut state), Some("cli"));
        state.end(gate("cli"), true);
        assert_eq!(started(&mut state), None, "docs still runs");
        state.end(gate("docs"), true);
        assert_eq!(started(&mut state), Some("browser"));
    }

    #[test]
    fn a_gate_without_what_it_needs_fails() {
        let mut state = State { waiting: vec![gate("browser")], done: vec![("build", false)], ..State::default() };
        assert!(matches!(state.next(), Next::Fail(gate, "build") if gate.name == "browser"));
        assert!(matches!(state.next(), Next::End));
    }
}
