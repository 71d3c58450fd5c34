//! What a run leaves behind that is ended while it writes: nothing where it can help it, and otherwise a word at the next.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::scene::{DESIGN, Ran, Scene};

/// Longer than anything here takes on a machine that does other things as well.
const LONG: Duration = Duration::from_secs(300);
/// Whatever started the tests may ignore some signals, which is inherited.
const HEARS: &str = "exec env --default-signal=HUP,INT,QUIT,TERM";

/// Looks until there is something to see.
#[track_caller]
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LONG;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < end, "{what}: not within {LONG:?}");
        thread::sleep(Duration::from_micros(200));
    }
}

fn kill(signal: &str, child: &Child) {
    let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
}

fn drafts(scene: &Scene) -> Vec<String> {
    scene.names().into_iter().filter(|name| name.contains(".kubepki-")).collect()
}

fn has_ended(child: &mut Child) -> bool {
    child.try_wait().expect("it is ours").is_some()
}

/// A run that stands still in the middle of writing.
fn stopped_while_writing(scene: &Scene, shell: &str, out: &str) -> Child {
    // One that is done before it can be stopped is asked to write more.
    for nodes in [200, 800, 3200] {
        let rows = (0..nodes).map(|node| {
            format!("- name: n-{node}\n  addresses: [10.7.{}.{}]\n  roles: [worker]\n", node / 200, node % 200 + 1)
        });
        scene.write("large.yaml", &(DESIGN.to_owned() + &rows.collect::<String>()));
        let mut child = scene.start(shell, &["generate", "--design", "large.yaml", "--out", out]);
        until("a draft", || (!drafts(scene).is_empty() || has_ended(&mut child)).then_some(()));
        if !has_ended(&mut child) {
            kill("STOP", &child);
            until("it stands still", || {
                let status = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
                (status.contains(") T ") || has_ended(&mut child)).then_some(())
            });
        }
        if !has_ended(&mut child) && !drafts(scene).is_empty() && !scene.path(out).exists() {
            return child;
        }
        if !has_ended(&mut child) {
            kill("KILL", &child);
        }
        child.wait().expect("it ends");
        let line = format!("rm -rf {out} .*.kubepki-*");
        let cleared = Command::new("sh").args(["-c", &line]).current_dir(scene.path(".")).status();
        assert!(cleared.expect("sh runs").success());
    }
    panic!("every run was done before it could be stopped");
}

#[test]
fn a_signal_leaves_nothing_half_written() {
    for (signal, code, out) in [
        ("TERM", 143, "lab"),
        ("INT", 130, "lab"),
        ("HUP", 129, "lab"),
        ("QUIT", 131, "lab"),
        ("TERM", 143, "lab.zip"),
        ("INT", 130, "lab.zip"),
    ] {
        let scene = Scene::new();
        let child = stopped_while_writing(&scene, HEARS, out);
        kill(signal, &child);
        kill("CONT", &child);
        let ran = Ran::of(child).ended(code);
        let ran =
            ran.complained(&format!("kubepki: interrupted by SIG{signal}; what was half written has been removed"));
        assert!(ran.out.is_empty(), "{}", ran.out);
        assert_eq!(scene.names(), ["design.yaml", "large.yaml"], "SIG{signal}");
    }
}

#[test]
fn a_signal_before_anything_is_written_says_so() {
    let scene = Scene::new();
    let (child, input) = encrypting(&scene);
    kill("TERM", &child);
    let ran = Ran::of(child).ended(143);
    ran.complained("kubepki: interrupted by SIGTERM; nothing was written");
    drop(input);
    assert_eq!(scene.names(), ["design.yaml", "input", "pass.txt"]);
}

#[test]
fn a_signal_that_is_ignored_stays_so() {
    let scene = Scene::new();
    let child = stopped_while_writing(&scene, "exec env --ignore-signal=HUP", "lab");
    kill("HUP", &child);
    kill("CONT", &child);
    Ran::of(child).ended(0).said("lab: made");
    assert_eq!(scene.names(), ["design.yaml", "lab", "large.yaml"]);
}

#[test]
fn what_a_killed_run_left_is_named_by_the_next_and_kept() {
    let scene = Scene::new();
    let mut child = stopped_while_writing(&scene, HEARS, "lab");
    let [draft] = &drafts(&scene)[..] else { panic!("{:?}", scene.names()) };
    // As long as it may go on nothing is said of it.
    let ran = scene.run("generate --design design.yaml --out meanwhile.zip").ended(0);
    assert!(!ran.err.contains("left behind"), "{}", ran.err);
    kill("KILL", &child);
    child.wait().expect("it ends");

    let ran = scene.run("generate --design design.yaml --out next.zip").ended(0);
    let ran = ran.complained(&format!("warning: ./{draft} was left behind by a run that was killed"));
    let ran = ran.complained("may hold private keys");
    assert_eq!(drafts(&scene), [draft.as_str()], "it is nobody's to remove unasked");
    scene.run("encrypt next.zip --passphrase-file design.yaml --out next.age").ended(0).complained(draft);

    let (_, command) = ran.err.split_once("remove it with ").expect("how to remove it");
    let command = command.lines().next().unwrap_or_default();
    let removed = Command::new("sh").args(["-c", command]).current_dir(scene.path(".")).status();
    assert!(removed.expect("sh runs").success(), "{command}");
    let ran = scene.run("generate --design design.yaml --out last.zip").ended(0);
    assert!(!ran.err.contains("left behind"), "{}", ran.err);
}

/// In a container each run has the same number.
#[test]
fn what_an_earlier_run_with_the_same_number_left_is_not_taken_for_ones_own() {
    let scene = Scene::new();
    for (out, shell) in [
        ("lab", "mkdir .lab.kubepki-$$ && touch .lab.kubepki-$$/ca.key; exec"),
        ("lab.zip", "touch .lab.zip.kubepki-$$; exec"),
    ] {
        let ran = scene.run_under(shell, &["generate", "--design", "design.yaml", "--out", out], "").ended(0);
        ran.complained("left behind");
    }
    assert_eq!(drafts(&scene).len(), 2, "{:?}", scene.names());
}

/// A run of `encrypt` that has looked at its place and waits for what it is to encrypt; and where that goes in.
fn encrypting(scene: &Scene) -> (Child, File) {
    scene.write("pass.txt", "ozone-drastic-pitch-amateur\n");
    let made = Command::new("mkfifo").arg("input").current_dir(scene.path(".")).status();
    assert!(made.expect("mkfifo runs").success());
    let words = ["encrypt", "input", "--passphrase-file", "pass.txt", "--out", "o.age"];
    let mut child = scene.start(HEARS, &words);
    let input = until("it reads", || {
        assert!(!has_ended(&mut child), "it ended before it read");
        // Linux's O_NONBLOCK: refused for as long as nobody reads.
        OpenOptions::new().write(true).custom_flags(0o4000).open(scene.path("input")).ok()
    });
    (child, input)
}

#[test]
fn what_appears_meanwhile_is_not_replaced_and_said_in_words() {
    let scene = Scene::new();
    let (child, mut input) = encrypting(&scene);
    scene.write("o.age", "mine");
    input.write_all(b"a text").expect("it takes it");
    drop(input);
    Ran::of(child).ended(1).complained("kubepki: o.age: something else has appeared there meanwhile");
    assert_eq!(scene.read("o.age"), b"mine");

    let child = stopped_while_writing(&scene, HEARS, "lab");
    fs::create_dir(scene.path("lab")).expect("a folder");
    scene.write("lab/mine.txt", "mine");
    kill("CONT", &child);
    let ran = Ran::of(child).ended(1).complained("kubepki: lab: something else has appeared there meanwhile");
    assert!(!ran.err.contains("os error"), "{}", ran.err);
    assert_eq!(scene.read("lab/mine.txt"), b"mine");
    assert!(drafts(&scene).is_empty(), "{:?}", scene.names());
}
