//! The Go program in `tests/judge/go`: built once, asked in JSON.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::design::tests_folder;
use crate::program::{run, run_with};
use crate::tool::{self, target_folder};

/// A question; see `tests/judge/go/main.go`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Request {
    /// Comes back with the answer.
    pub id: String,
    /// `chain`, `pair` or `connect`.
    pub kind: &'static str,
    /// What is judged; for `connect`, what the server shows. PEM.
    pub cert: String,
    /// Its key, PEM.
    pub key: String,
    /// What it is checked with, PEM; empty for a client that does not check.
    pub roots: String,
    /// `serverAuth` or `clientAuth`, for `chain`.
    pub usage: &'static str,
    /// Names that it must answer to.
    pub names: Vec<String>,
    /// Who connects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Client>,
}

/// The calling side of a connection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Client {
    /// What it shows, PEM; empty for nothing.
    pub cert: String,
    /// Its key, PEM.
    pub key: String,
    /// What the server checks it with; empty for a server that does not ask.
    pub roots: String,
    /// `require` as etcd does, or `request` as kube-apiserver does.
    pub asked: &'static str,
}

/// An answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// The question's.
    pub id: String,
    /// Go's text; empty when it accepts.
    pub error: String,
    /// Who kube-apiserver would take the client for.
    pub user: String,
    /// The groups that the certificate gives it.
    pub groups: Option<Vec<String>>,
}

/// Asks Go; one answer for each question, in order.
///
/// # Panics
/// When the program fails or answers something else.
pub fn ask(requests: &[Request]) -> Vec<Answer> {
    let answers: Vec<Answer> = ask_as("check", requests);
    let ids = |all: Vec<&String>| all.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(ids(answers.iter().map(|one| &one.id).collect()), ids(requests.iter().map(|one| &one.id).collect()));
    answers
}

/// Asks questions of another kind: the program's command of that name.
///
/// # Panics
/// When the program fails or answers something else.
pub fn ask_as<A: DeserializeOwned>(command: &str, questions: &[impl Serialize]) -> Vec<A> {
    let input = serde_json::to_vec(questions).expect("questions are plain data");
    let said = run_with(std::process::Command::new(program()).arg(command), &input, 300).good();
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The built program. Go's own cache makes a second build a matter of a second.
pub fn program() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> PathBuf {
    let folder = target_folder().join("judges");
    fs::create_dir_all(&folder).expect("cargo's target folder can be written");
    // Several tests at once would only wait for each other inside Go.
    let lock = File::create(folder.join("go.lock")).expect("cargo's target folder can be written");
    lock.lock().expect("a file can be locked");
    let program = folder.join("judge");
    let mut command = tool::GO.command();
    command.args(["build", "-trimpath", "-buildvcs=false", "-o"]).arg(&program).arg(".");
    command.current_dir(tests_folder().join("judge/go"));
    // The standard library alone, this very toolchain, and nothing from a network.
    command.env("GOCACHE", folder.join("go-cache")).env("GOPATH", folder.join("go-path"));
    command.env("GOPROXY", "off").env("GOTOOLCHAIN", "local").env("GOFLAGS", "").env("GO111MODULE", "on");
    command.env("CGO_ENABLED", "0").env("GOENV", "off");
    run(&mut command, 600).good();
    program
}
