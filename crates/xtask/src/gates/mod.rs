//! The gates of `cargo xtask test`: a gate is a row.

pub(crate) mod asked;
pub(crate) mod budgets;
pub(crate) mod circles;
pub(crate) mod kubernetes;
pub(crate) mod lines;
pub(crate) mod runner;

use crate::build;
use crate::build::cli;
use crate::files::Result;
use crate::gates::asked::{Asked, OPTIONS};
use crate::gates::lines::run_lines;
use crate::project::Project;
use crate::release;
use crate::sink::Sink;

/// Something that must hold before a change is good.
pub(crate) struct Gate {
    /// What `cargo xtask test <name>` and `for` in `tools.toml` call it.
    pub(crate) name: &'static str,
    /// What it proves.
    pub(crate) proves: &'static str,
    /// The gates whose products it uses: they run first, and it fails where they do.
    pub(crate) needs: &'static [&'static str],
    /// What it keeps from running at the same time.
    pub(crate) lane: Lane,
    /// Minutes after which it is killed: several times what a slow machine needs.
    pub(crate) minutes: u64,
    pub(crate) step: Step,
}

/// Gates of one lane run one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Runs beside anything.
    Free,
    /// Holds cargo's lock on what is built for debugging.
    Debug,
    /// Holds cargo's lock on what is built for release.
    Release,
    /// Measures time, or wants every core: nothing runs beside it.
    Alone,
}

/// What a gate does.
pub(crate) enum Step {
    /// Runs command lines, split at blanks, in a folder of the checkout, with some variables set.
    Run { lines: &'static [&'static str], folder: &'static str, variables: &'static [(&'static str, &'static str)] },
    /// Calls a function of ours, which returns figures to print.
    Call(fn(&Project, &Sink) -> Result<Vec<String>>),
    /// The same of one that is told what was asked for beside the gates.
    Asked(fn(&Project, &Sink, &Asked) -> Result<Vec<String>>),
}

/// The gates that are named, and what is asked for beside them.
pub(crate) fn told(words: &[String]) -> Result<(Vec<String>, Asked)> {
    let (options, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(|word| word.starts_with('-'));
    let mut asked = Asked::default();
    for word in options {
        let option = OPTIONS.iter().find(|option| option.word == word);
        let known = || OPTIONS.iter().map(|option| option.word).collect::<Vec<_>>().join(", ");
        (option.ok_or_else(|| format!("test has no option {word}; there are {}", known()))?.set)(&mut asked);
    }
    let takes = |gate: &&Gate| {
        matches!(gate.step, Step::Asked(_)) && (names.is_empty() || names.contains(&gate.name.to_owned()))
    };
    match asked != Asked::default() && !GATES.iter().any(|gate| takes(&gate)) {
        true => Err("the options are for the gate kubernetes, which is not among those named".to_owned()),
        false => Ok((names, asked)),
    }
}

/// Command lines at the top of the checkout.
const fn run(lines: &'static [&'static str]) -> Step {
    Step::Run { lines, folder: ".", variables: &[] }
}

/// In the order in which they start, two at a time: long ones early, those that others wait for earliest.
pub(crate) const GATES: &[Gate] = &[
    Gate {
        name: "fmt",
        proves: "the code is formatted",
        needs: &[],
        lane: Lane::Free,
        minutes: 5,
        step: run(&["cargo fmt --all --check"]),
    },
    Gate {
        name: "circles",
        proves: "no two files of a crate import each other, but where tests/circles.toml says that they still do",
        needs: &[],
        lane: Lane::Free,
        minutes: 5,
        step: Step::Call(circles::check),
    },
    Gate {
        name: "build",
        proves: "dist/, the single file and the npm package build, and hold nothing that their policies refuse",
        needs: &[],
        lane: Lane::Release,
        minutes: 30,
        step: Step::Call(build::build_all),
    },
    Gate {
        name: "clippy",
        proves: "no warning in any crate, natively",
        needs: &[],
        lane: Lane::Debug,
        minutes: 20,
        step: run(&["cargo clippy --workspace --all-targets -- -D warnings"]),
    },
    Gate {
        name: "unit",
        proves: "unit and golden tests pass",
        needs: &[],
        lane: Lane::Debug,
        minutes: 20,
        step: run(&["cargo test --workspace --exclude kubepki-tests"]),
    },
    Gate {
        name: "cli",
        proves: "the kubepki command builds, static, as it is released",
        needs: &[],
        lane: Lane::Release,
        minutes: 20,
        step: Step::Call(cli::kubepki),
    },
    Gate {
        name: "clippy-wasm",
        proves: "no warning in what runs in the browser, on wasm32",
        needs: &[],
        lane: Lane::Debug,
        minutes: 20,
        step: run(&[
            "cargo clippy --package kubepki-web --package kubepki-worker --package kubepki-core --package kubepki-issuance \
             --features kubepki-worker/bench,kubepki-worker/study,kubepki-worker/sealing,kubepki-worker/rsa-fallback \
             --target wasm32-unknown-unknown -- -D warnings",
            "cargo clippy --package kubepki-worker --features worker,study,sealing,rsa-fallback --target wasm32-unknown-unknown \
             --tests -- -D warnings",
            "cargo clippy --package kubepki-js --package kubepki-element --target wasm32-unknown-unknown -- -D warnings",
        ]),
    },
    Gate {
        name: "wasm",
        proves: "the worker's tests pass in headless Chromium",
        needs: &[],
        lane: Lane::Debug,
        minutes: 20,
        step: Step::Run {
            lines: &[
                "cargo test --package kubepki-worker --features worker,study,sealing,rsa-fallback --target wasm32-unknown-unknown",
            ],
            folder: ".",
            variables: &[
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner"),
                ("WASM_BINDGEN_TEST_TIMEOUT", "180"),
            ],
        },
    },
    Gate {
        name: "judges",
        proves: "OpenSSL, Go, etcd, kubectl and others accept what kubepki makes",
        needs: &["cli"],
        lane: Lane::Debug,
        minutes: 20,
        step: run(&["cargo test --package kubepki-tests"]),
    },
    Gate {
        name: "kubernetes",
        proves: "kubeadm makes what kubepki makes, exports become clusters, and components print what was recorded",
        needs: &["cli"],
        lane: Lane::Debug,
        minutes: 30,
        step: Step::Asked(kubernetes::check),
    },
    Gate {
        name: "docs",
        proves: "the documentation builds, private items too",
        needs: &[],
        lane: Lane::Debug,
        minutes: 20,
        step: Step::Run {
            lines: &["cargo doc --workspace --no-deps --document-private-items"],
            folder: ".",
            variables: &[("RUSTDOCFLAGS", "-D warnings")],
        },
    },
    Gate {
        name: "budgets",
        proves: "the page weighs no more than tests/budgets.toml allows",
        needs: &["build"],
        lane: Lane::Free,
        minutes: 5,
        step: Step::Call(budgets::check),
    },
    Gate {
        name: "package",
        proves: "others can use the npm package: TypeScript, Vite, esbuild, Node, its README's examples",
        needs: &["build"],
        lane: Lane::Free,
        minutes: 10,
        step: Step::Run { lines: &["node --test --test-concurrency=2"], folder: "tests/package", variables: &[] },
    },
    Gate {
        name: "release",
        proves: "a release is whole, signed, static, and made of what its bill of materials says",
        needs: &["build", "cli"],
        lane: Lane::Release,
        minutes: 10,
        step: Step::Call(release::gate),
    },
    Gate {
        name: "browser",
        proves: "the page does in Chromium what it is for",
        needs: &["build", "cli"],
        lane: Lane::Alone,
        minutes: 30,
        step: Step::Run {
            lines: &["node node_modules/@playwright/test/cli.js test"],
            folder: "tests/browser",
            variables: &[],
        },
    },
];

impl Gate {
    /// Minutes after which it is killed: as many times its own as it has versions to ask.
    pub(crate) fn limit(&self, project: &Project, asked: &Asked) -> u64 {
        match self.step {
            Step::Asked(_) => self.minutes * kubernetes::versions(project, asked).count() as u64,
            Step::Call(_) | Step::Run { .. } => self.minutes,
        }
    }

    /// Runs it; `url` is where the finished page is served.
    pub(crate) fn check(&self, project: &Project, sink: &Sink, url: &str, asked: &Asked) -> Result<Vec<String>> {
        match &self.step {
            Step::Asked(call) => call(project, sink, asked),
            Step::Call(call) => call(project, sink),
            Step::Run { lines, folder, variables } => {
                let variables = [&[("KUBEPKI_URL", url)], *variables].concat();
                run_lines(project, sink, lines, folder, &variables)
            }
        }
    }
}

/// The named gates and those that they need, in the order of the table; all where none is named.
pub(crate) fn chosen(names: &[String]) -> Result<Vec<&'static Gate>> {
    if let Some(unknown) = names.iter().find(|name| !GATES.iter().any(|gate| gate.name == name.as_str())) {
        let known: Vec<&str> = GATES.iter().map(|gate| gate.name).collect();
        return Err(format!("no gate is called {unknown}; there are {}", known.join(", ")));
    }
    let named = |gate: &Gate| names.is_empty() || names.iter().any(|name| name == gate.name);
    let needed = |gate: &Gate| GATES.iter().any(|other| named(other) && other.needs.contains(&gate.name));
    Ok(GATES.iter().filter(|gate| named(gate) || needed(gate)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::ALL_VERSIONS;

    #[test]
    fn the_table_is_sound() {
        for (index, gate) in GATES.iter().enumerate() {
            let before = &GATES[..index];
            assert!(!before.iter().any(|other| other.name == gate.name), "{} twice", gate.name);
            for need in gate.needs {
                let needed = before.iter().find(|other| other.name == *need);
                let needed = needed.unwrap_or_else(|| panic!("{} needs {need}, which is not before it", gate.name));
                assert!(needed.needs.is_empty(), "`chosen` looks one step back only");
            }
        }
    }

    #[test]
    fn options_stand_among_gates_and_are_for_one_that_takes_them() {
        let told = |words: &[&str]| super::told(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let both = Asked { all_versions: true, record: true };
        assert_eq!(told(&["--record", "kubernetes", ALL_VERSIONS]).unwrap(), (vec!["kubernetes".to_owned()], both));
        assert_eq!(told(&["fmt"]).unwrap(), (vec!["fmt".to_owned()], Asked::default()));
        assert!(told(&[ALL_VERSIONS]).unwrap().1.all_versions, "no gate named is all of them");
        assert!(told(&["fmt", "--record"]).unwrap_err().contains("kubernetes"));
        assert!(told(&["--moon"]).unwrap_err().contains("--moon"));
    }

    #[test]
    fn a_gate_brings_what_it_needs() {
        let names = |words: &[&str]| -> Result<Vec<&str>> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            Ok(chosen(&words)?.iter().map(|gate| gate.name).collect())
        };
        assert_eq!(names(&["browser"]).unwrap(), ["build", "cli", "browser"]);
        assert_eq!(names(&["docs", "fmt"]).unwrap(), ["fmt", "docs"]);
        assert_eq!(names(&[]).unwrap().len(), GATES.len());
        assert!(names(&["moon"]).unwrap_err().contains("moon"));
    }
}
