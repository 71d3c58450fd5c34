//! The `kubepki` command: plan, generate, show and check the PKI of a Kubernetes cluster.
//!
//! The same core as the page, with the same answers. Files, clock and randomness enter here and nowhere else.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod args;
mod atlas;
mod audit;
mod bundles;
mod clock;
mod credential;
mod design;
mod draft;
mod explain;
mod export;
mod failure;
mod generate;
mod interrupt;
mod keys;
mod opened;
mod output;
mod packed;
mod parts;
mod progress;
#[cfg(test)]
mod recommended;
mod rehearsal;
mod report;
mod sealed;
mod show;
mod target;
mod verify;
mod views;

use std::process::ExitCode;

use args::Command;
use failure::Failure;

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(code) => return code,
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ended(failure),
    }
}

/// Says on standard error why it was not done, and how the process ends.
fn ended(failure: Failure) -> ExitCode {
    let (lines, code) = match failure {
        Failure::Undone(line) => (vec![format!("kubepki: {line}")], 1),
        Failure::Input(lines) => (lines, 2),
        Failure::Check(lines) => (lines, 3),
    };
    output::say(lines);
    ExitCode::from(code)
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Generate(given) => generate::run(&given),
        Command::Plan(given) => report::run(&given),
        Command::Show(given) => show::run(&given),
        Command::Verify(given) => verify::run(&given),
        Command::Audit(given) => audit::run(&given),
        Command::Export(given) => parts::run(&given),
        Command::Encrypt(given) => sealed::encrypt(&given),
        Command::Decrypt(given) => sealed::decrypt(&given),
        Command::Faults(given) => rehearsal::faults(&given),
        Command::Break(given) => rehearsal::break_(&given),
        Command::Handshake(given) => rehearsal::handshake(&given),
        Command::Credential(given) => credential::run(&given),
        Command::Explain(given) => explain::run(&given),
        Command::Presets(given) => show::presets(given.name.as_deref()),
        Command::Schema => output::print_json(&kubepki_core::snippet::schema()),
    }
}
