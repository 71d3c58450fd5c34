//! Messages that neither the atlas of faults nor the endings of certificates show: each component is made to print its own, and
//! `explain` must know the line by that name. What was printed is written down where a run records, for `explain` to say where a
//! message was seen.

#[path = "../atlas/extension.rs"]
#[expect(dead_code, reason = "nobody asks it here")]
mod extension;
#[path = "../atlas/lines.rs"]
#[expect(dead_code, reason = "inner messages are the atlas' alone")]
mod lines;
#[path = "../atlas/scene.rs"]
#[expect(dead_code, reason = "scenes of the atlas are its own")]
mod scene;
#[path = "../atlas/stand.rs"]
#[expect(dead_code, reason = "faults are put in by the atlas alone")]
mod stand;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use kubepki_core::catalog::messages::explain;
use serde::Deserialize;
use support::cluster::images;
use support::design::tests_folder;
use support::judged;

use lines::Known;
use stand::Stand;

/// A row of `rows.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Made {
    message: String,
    component: String,
    #[serde(default)]
    log: bool,
    #[serde(default)]
    not_in: Vec<String>,
    script: String,
}

/// A message that cannot be made here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what explains messages asks for them")]
struct NotMade {
    message: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    made: Vec<Made>,
    #[expect(dead_code, reason = "what explains messages asks for them")]
    not_made: Vec<NotMade>,
}

/// How long a component has to start, in seconds.
const START: f32 = 90.0;
/// How long a script may take, in seconds; one that starts a component ends it before.
const SCRIPT: u64 = 60;
/// How long a line may take to stand in a log behind its script, in seconds.
const LOGGED: f32 = 10.0;

/// A machine on which all components run.
fn cluster() -> Stand {
    let mut stand = Stand::of("messages", &scene::one_machine("kubelet-cluster-ca-manual"));
    stand.install_sound();
    let library = format!("{}\n{}", include_str!("../reload/lib.sh"), include_str!("lib.sh"));
    stand.machine().write("/root/lib.sh", library);
    stand.machine().write("/root/address", stand.address(0));
    for place in stand.places() {
        stand.start(place);
        if place.1 == "kube-apiserver" {
            let ready = stand.wait(START, || stand.kubectl("get --raw /readyz").ok());
            assert!(ready, "no API server:\n{}", stand.machine().logs());
        }
    }
    // What a pod's sandbox is made of.
    stand.machine().import_images();
    let has_account = stand.wait(START, || stand.kubectl("get serviceaccount default").ok());
    assert!(has_account, "no service account:\n{}", stand.machine().logs());
    stand.with_a_pod();
    stand
}

/// Has a component print its message: the line, with what varies marked, or what was printed instead.
fn printed(stand: &Stand, row: &Made) -> Result<String, String> {
    let address = stand.address(0);
    let dialled = format!("{address}:{}", stand.spec.bind_port);
    let known = Known::new(&dialled, &address, stand.node(0), None, None, [None, None]);
    let is_it = |line: &&str| explain(line).iter().any(|one| one.row.title() == row.message);
    stand.forget_logs();
    let said = stand.machine().sh_within(&format!(". /root/lib.sh\n{}", row.script), SCRIPT);
    let logs = stand.places().into_iter().find(|(_, component)| row.log && *component == row.component);
    let text = || logs.map_or_else(|| format!("{}\n{}", said.out, said.err), |place| stand.log(place));
    stand.wait(if row.log { LOGGED } else { 0.0 }, || text().lines().any(|line| is_it(&line)));
    let text = text();
    let line = text.lines().find(is_it).map(|line| known.marked(line));
    line.ok_or_else(|| format!("{}: {} printed:\n{text}\nits script: {said}", row.message, row.component))
}

#[test]
fn components_print_the_messages_that_explain_knows() {
    let folder = tests_folder().join("kubernetes/messages");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let table: Table = toml::from_str(&read("rows.toml")).unwrap_or_else(|error| panic!("rows.toml: {error}"));
    let chosen = std::env::var("KUBEPKI_MESSAGE").unwrap_or_default();
    let is_asked = |row: &&Made| row.message.contains(&chosen) && !row.not_in.iter().any(|one| one == images::minor());
    let rows: Vec<&Made> = table.made.iter().filter(is_asked).collect();
    let stand = cluster();
    let mut lines = BTreeMap::new();
    let mut missing = Vec::new();
    for row in rows {
        let begun = std::time::Instant::now();
        match printed(&stand, row) {
            Ok(line) => drop(lines.insert((&row.message, &row.component), line)),
            Err(why) => missing.push(why),
        }
        println!("{}: {:.1} s", row.message, begun.elapsed().as_secs_f32());
    }
    assert!(missing.is_empty(), "{} of {}\n{}", missing.len(), table.made.len(), missing.join("\n\n"));
    if !chosen.is_empty() {
        return;
    }
    if judged::records_lines() {
        let mut text = String::new();
        for ((message, component), line) in &lines {
            let _ = writeln!(text, "# {component}: {message}\n{line}\n");
        }
        fs::write(folder.join("recorded.txt"), text).expect("the record can be written");
    }
    judged::saw("messages", images::version(), "made", &[("messages", lines.len())]);
}
