//! Installs what is missing of the tools, side by side: the toolchain and what it builds, npm's, and Debian's with
//! Python's after them. A tool counts as installed by a stamp that is written last, so an interrupted install starts
//! again; a lock in the cache keeps two checkouts from installing the same tool at once.

use crate::files::{Result, read, write};
use crate::project::{Project, is_root};
use crate::sink::{Sink, output};
use crate::tools::go;
use crate::tools::{Source, Tool, on_path};
use std::fs::{self, File};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Builds of tools on a slow machine take minutes; none takes this long.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// The oldest Node.js that runs the npm tools.
const NODE: u32 = 20;

/// Installs what `build` or these gates need.
pub(crate) fn install_for(project: &Project, names: &[&str]) -> Result<()> {
    let tools: Vec<&Tool> = project.tools.iter().filter(|tool| tool.serves(names)).collect();
    install(project, &tools)
}

/// Installs those of the tools that are missing.
pub(crate) fn install(project: &Project, tools: &[&Tool]) -> Result<()> {
    let tools: Vec<&Tool> = tools.iter().copied().filter(|tool| !is_present(project, tool)).collect();
    if tools.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    println!("missing: {}", names.join(", "));
    for folder in ["tools", "log", "build"] {
        fs::create_dir_all(project.cache.join(folder))
            .map_err(|error| format!("{}: {error}", project.cache.display()))?;
    }
    let from = |sources: &[Source]| -> Vec<&Tool> {
        tools.iter().copied().filter(|tool| sources.contains(&tool.source)).collect()
    };
    let (rustup, cargo) = (from(&[Source::Rustup]), from(&[Source::Cargo]));
    let (npm, apt, pypi) = (from(&[Source::Npm, Source::Lock]), from(&[Source::Apt]), from(&[Source::Pypi]));
    let go = from(&[Source::Go]);
    thread::scope(|scope| {
        let lanes = [
            scope.spawn(|| each(&rustup, |tool| timed(project, tool)).and_then(|()| together(project, &cargo))),
            scope.spawn(|| node_is_there(&npm).and_then(|()| each(&npm, |tool| timed(project, tool)))),
            scope.spawn(|| {
                install_apt(project, &apt)?;
                each(&pypi, |tool| timed(project, tool))?;
                each(&go, |tool| timed(project, tool))
            }),
        ];
        joined(lanes)
    })
}

fn each(tools: &[&Tool], install: impl Fn(&Tool) -> Result<()>) -> Result<()> {
    tools.iter().try_for_each(|tool| install(tool))
}

fn together(project: &Project, tools: &[&Tool]) -> Result<()> {
    thread::scope(|scope| {
        let all: Vec<_> = tools.iter().map(|tool| scope.spawn(|| timed(project, tool))).collect();
        joined(all)
    })
}

/// Waits for all, so that what succeeds stays installed, then reports every failure.
fn joined<'scope>(lanes: impl IntoIterator<Item = thread::ScopedJoinHandle<'scope, Result<()>>>) -> Result<()> {
    let results = lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err("an install panicked".to_owned())));
    let failures: Vec<String> = results.filter_map(Result::err).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Whether the tool is installed whole, in its pinned version.
fn is_present(project: &Project, tool: &Tool) -> bool {
    let program = tool.program(&project.cache).filter(|program| program.is_file());
    match tool.source {
        Source::Rustup => toolchain_has_all(tool),
        Source::Lock => lock_is_installed(project, tool),
        Source::Apt if !tool.probe.is_empty() => output(Command::new(&tool.probe[0]).args(&tool.probe[1..])).is_ok(),
        Source::Apt => program.is_some(),
        Source::Go => {
            let built = read(&tool.stamp(&project.cache)).ok();
            program.is_some() && built.is_some() && built == go::sources(project, tool).ok()
        }
        Source::Cargo | Source::Npm | Source::Pypi if tool.stamp(&project.cache).is_file() => program.is_some(),
        // cargo puts the program in place last: one that answers is whole, stamp or no stamp.
        Source::Cargo => program.is_some_and(|program| {
            output(Command::new(program).arg("--version")).is_ok_and(|answer| answer.contains(&tool.version))
        }),
        Source::Npm | Source::Pypi => false,
    }
}

fn toolchain_has_all(tool: &Tool) -> bool {
    let list = output(Command::new("rustup").args(["component", "list", "--installed", "--toolchain", &tool.version]));
    let Ok(list) = list else { return false };
    let parts = tool.components.iter().cloned().chain(tool.targets.iter().map(|target| format!("rust-std-{target}")));
    parts.into_iter().all(|part| list.lines().any(|line| line.starts_with(&part)))
}

/// The record of which lock file `node_modules` was installed from.
const LOCK_RECORD: &str = "node_modules/.installed-lock.json";

fn lock_is_installed(project: &Project, tool: &Tool) -> bool {
    let folder = project.root.join(&tool.dir);
    let installed = read(&folder.join(LOCK_RECORD));
    installed.is_ok() && installed == read(&folder.join("package-lock.json"))
}

fn node_is_there(tools: &[&Tool]) -> Result<()> {
    if tools.is_empty() {
        return Ok(());
    }
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE && on_path("npm").is_some() => Ok(()),
        Some(major) if major >= NODE => {
            Err("npm is missing: it comes with Node.js, or as Debian's package npm".to_owned())
        }
        _ => Err(format!(
            "Node.js {NODE} or newer is needed; this machine has {}",
            if version.is_empty() { "none" } else { version.trim() }
        )),
    }
}

/// Installs one tool, says so before and after, and shows the log of a failure.
fn timed(project: &Project, tool: &Tool) -> Result<()> {
    let lock_path = project.cache.join("tools").join(format!(".{}-{}.lock", tool.name, tool.version));
    let lock = File::create(&lock_path).map_err(|error| format!("{}: {error}", lock_path.display()))?;
    if lock.try_lock().is_err() {
        println!("  {}: another install is at work, waiting for it", tool.name);
        lock.lock().map_err(|error| format!("{}: {error}", lock_path.display()))?;
    }
    if is_present(project, tool) {
        return Ok(());
    }
    let start = Instant::now();
    println!("  {} {}: installing", tool.name, tool.version);
    let log_path = project.cache.join("log").join(format!("{}.log", tool.name));
    let sink = Sink::log(&log_path, LIMIT)?;
    let result = match tool.source {
        Source::Rustup => install_toolchain(project, tool, &sink),
        Source::Cargo => install_crate(project, tool, &sink),
        Source::Npm => install_npm(project, tool, &sink),
        Source::Pypi => install_pypi(project, tool, &sink),
        Source::Lock => install_lock(project, tool, &sink),
        Source::Go => go::install(project, tool, &sink),
        Source::Apt => Ok(()),
    };
    match result {
        Ok(()) => {
            println!("  {} {}: installed, {:.0} s", tool.name, tool.version, start.elapsed().as_secs_f64());
            Ok(())
        }
        Err(error) => Err(format!("{}: {error}\n{}", tool.name, tail(&log_path))),
    }
}

fn tail(log: &std::path::Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

fn install_toolchain(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    if on_path("rustup").is_none() {
        return Err("rustup is missing; it installs Rust toolchains".to_owned());
    }
    let mut rustup = project.command("rustup");
    rustup.args(["toolchain", "install", &tool.version, "--profile", "minimal", "--no-self-update"]);
    rustup.args(tool.targets.iter().flat_map(|target| ["-t", target]));
    rustup.args(tool.components.iter().flat_map(|component| ["-c", component]));
    sink.run(rustup.env_remove("RUSTUP_TOOLCHAIN"))
}

/// Built for a short build: the tools run for seconds, and link-time optimisation would take minutes.
fn install_crate(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    let build = tool.build_folder(&project.cache);
    let mut cargo = project.command("cargo");
    cargo.args(["install", &tool.packages[0], "--version", &tool.version]).args(&tool.args);
    cargo.arg("--root").arg(tool.folder(&project.cache)).env("CARGO_TARGET_DIR", &build);
    for (setting, value) in [("LTO", "off"), ("OPT_LEVEL", "1"), ("CODEGEN_UNITS", "16"), ("DEBUG", "false")] {
        cargo.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    // The cache is no part of the project: its settings are not for tools.
    sink.run(cargo.current_dir(&project.cache))?;
    let _ = fs::remove_dir_all(build);
    stamp(project, tool)
}

fn install_npm(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    let folder = tool.emptied(&project.cache)?;
    let mut npm = project.command("npm");
    npm.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(&folder).arg(format!("{}@{}", tool.packages[0], tool.version));
    sink.run(&mut npm)?;
    stamp(project, tool)
}

fn install_pypi(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    let folder = tool.emptied(&project.cache)?;
    sink.run(project.command("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = project.command(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "5"]);
    sink.run(pip.arg(format!("{}=={}", tool.packages[0], tool.version)))?;
    stamp(project, tool)
}

fn install_lock(project: &Project, tool: &Tool, sink: &Sink) -> Result<()> {
    let folder = project.root.join(&tool.dir);
    let lock = read(&folder.join("package-lock.json"))?;
    let mut npm = project.command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    sink.run(npm.current_dir(&folder))?;
    write(&folder.join(LOCK_RECORD), lock)
}

fn stamp(project: &Project, tool: &Tool) -> Result<()> {
    write(&tool.stamp(&project.cache), &tool.version)
}

/// Debian's packages, all in one go: as root, else a sentence that says what to install.
fn install_apt(project: &Project, tools: &[&Tool]) -> Result<()> {
    if tools.is_empty() {
        return Ok(());
    }
    if !is_root() || on_path("apt-get").is_none() {
        let first: Vec<&str> = tools.iter().map(|tool| tool.packages[0].as_str()).collect();
        return Err(format!(
            "install these first, then run this again:\n\n    sudo apt-get install {}\n",
            first.join(" ")
        ));
    }
    let start = Instant::now();
    let log_path = project.cache.join("log/apt.log");
    let sink = Sink::log(&log_path, LIMIT)?;
    let apt = |arguments: &[&str]| {
        let mut apt = project.command("apt-get");
        apt.args(["-y", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        // RUNLEVEL=1 keeps packages from starting their services: etcd is started by the tests alone.
        apt.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        sink.run(&mut apt).map_err(|error| format!("{error}\n{}", tail(&log_path)))
    };
    println!("  apt: looking up packages");
    apt(&["update"])?;
    let packages: Vec<&str> = tools.iter().map(|tool| offered(tool)).collect();
    println!("  apt: installing {}", packages.join(" "));
    apt(&[&["install", "--no-install-recommends"], packages.as_slice()].concat())?;
    println!("  apt: installed, {:.0} s", start.elapsed().as_secs_f64());
    match tools.iter().find(|tool| !is_present(project, tool)) {
        Some(tool) => Err(format!("apt installed {} and yet {:?} is not to be found", offered(tool), tool.bin)),
        None => Ok(()),
    }
}

/// The first of a tool's packages that this release of Debian or Ubuntu has.
fn offered(tool: &Tool) -> &str {
    let has = |package: &&String| output(Command::new("apt-cache").args(["show", package])).is_ok();
    tool.packages.iter().find(has).unwrap_or(&tool.packages[0])
}
