//! `cargo xtask`: sets up tools, builds, serves, tests and measures the workbench.
//!
//! The data come first: tools are the tables of `tools.toml`, gates the rows of `gates`, response headers the
//! rows of `build/policy.rs`, size budgets the tables of `tests/budgets.toml`. The rest is a small engine over them, in `std`
//! alone.

mod build;
mod files;
mod gates;
mod products;
mod project;
mod release;
mod serve;
mod sink;
mod steps;
mod toml;
mod tools;

use crate::build::{cli, package};
use crate::files::Result;
use crate::gates::runner;
use crate::project::Project;
use crate::sink::Sink;
use crate::tools::install;
use std::process::ExitCode;

/// A command of `cargo xtask`.
struct Command {
    /// The word after `cargo xtask`.
    name: &'static str,
    /// What may follow it.
    usage: &'static str,
    /// What it does, for the list that `cargo xtask` prints.
    does: &'static str,
    /// Does it.
    run: fn(&Project, &[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command { name: "setup", usage: "", does: "install what is missing of tools.toml", run: setup },
    Command { name: "build", usage: "", does: "build the page into dist/, ready to deploy", run: build },
    Command {
        name: "serve",
        usage: "[--no-build] [--port N] [--root DIR]",
        does: "build dist/ and serve it on 127.0.0.1 with the release policy and headers",
        run: serve::command,
    },
    Command {
        name: "release",
        usage: "[--sign-with KEY.pem] | --check",
        does: "make what is given away, with sums and signature; or twice, and compare",
        run: release::command,
    },
    Command { name: "package", usage: "", does: "build the npm package alone", run: package },
    Command {
        name: "dev",
        usage: "[trunk arguments]",
        does: "rebuild and reload at each change (trunk serve)",
        run: dev,
    },
    Command {
        name: "test",
        usage: "[gate]... [--all-versions] [--record]",
        does: "run every gate, or those named",
        run: runner::command,
    },
    Command { name: "bench", usage: "[arguments]", does: "measure the page and its rivals (tests/bench)", run: bench },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().and_then(|word| COMMANDS.iter().find(|command| command.name == word));
    let Some(command) = command else {
        print_usage();
        let asked = matches!(arguments.first().map(String::as_str), None | Some("help" | "-h" | "--help"));
        return if asked { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    match Project::open().and_then(|project| (command.run)(&project, &arguments[1..])) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {}: {error}", command.name);
            ExitCode::FAILURE
        }
    }
}

fn print_usage() {
    println!("cargo xtask <command>\n");
    for command in COMMANDS {
        println!("  {:<7} {:<37} {}", command.name, command.usage, command.does);
    }
    println!("\noptions of `test`, for the gate kubernetes:\n");
    for option in gates::asked::OPTIONS {
        println!("  {:<14} {}", option.word, option.does);
    }
    println!("\ngates of `test`:\n");
    for gate in gates::GATES {
        println!("  {:<12} {}", gate.name, gate.proves);
    }
}

fn setup(project: &Project, _: &[String]) -> Result<()> {
    let wanted = |tool: &&tools::Tool| tool.needed_for != [tools::ALL_VERSIONS];
    install::install(project, &project.tools.iter().filter(wanted).collect::<Vec<_>>())
}

fn build(project: &Project, _: &[String]) -> Result<()> {
    build::command(project)?;
    println!("dist/ is ready: {}", project.dist().display());
    Ok(())
}

fn package(project: &Project, _: &[String]) -> Result<()> {
    install::install_for(project, &["build"])?;
    build::fetch(project, &Sink::Screen)?;
    for line in package::make(project, &Sink::Screen)? {
        println!("{line}");
    }
    Ok(())
}

fn dev(project: &Project, arguments: &[String]) -> Result<()> {
    install::install_for(project, &["build"])?;
    let mut trunk = project.command("trunk");
    trunk.arg("serve").args(arguments).env_remove("NO_COLOR");
    Sink::Screen.run(&mut trunk)
}

fn bench(project: &Project, arguments: &[String]) -> Result<()> {
    install::install_for(project, &["build", "bench"])?;
    build::build_all(project, &Sink::Screen)?;
    cli::kubepki(project, &Sink::Screen)?;
    let url = serve::in_background(project, &project.dist())?;
    let mut node = project.command("node");
    node.arg("tests/bench/run.mjs").args(arguments).envs(products::variables(project)).env("KUBEPKI_URL", url);
    Sink::Screen.run(&mut node)
}
