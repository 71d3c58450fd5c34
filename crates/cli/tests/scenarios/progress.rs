//! How far it is, told on a terminal and nowhere else.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::scene::{DESIGN, Scene};

/// Longer than anything here takes on a machine that does other things as well.
const LONG: Duration = Duration::from_secs(300);

/// Runs a line of the shell on a terminal of its own, with `kubepki` for the command; gives what appears there.
fn on_terminal(scene: &Scene, line: &str) -> (Child, Receiver<String>) {
    let line = line.replace("kubepki", env!("CARGO_BIN_EXE_kubepki"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(scene.path("."));
    let mut child = script.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("script runs");
    let mut shown = child.stdout.take().expect("its output");
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = shown.read(&mut bytes) {
            if send.send(String::from_utf8_lossy(&bytes[..length]).into_owned()).is_err() {
                break;
            }
        }
    });
    (child, receive)
}

/// What appears until it holds this.
#[track_caller]
fn until(shown: &Receiver<String>, what: &str) -> String {
    let mut all = String::new();
    while !all.contains(what) {
        all += &shown.recv_timeout(LONG).unwrap_or_else(|error| panic!("{error}: {what:?} is not in {all:?}"));
    }
    all
}

#[test]
fn keys_are_counted_on_a_terminal_and_the_rest_of_the_time_is_told() {
    let scene = Scene::new();
    scene.write("rsa.yaml", &DESIGN.replace("ECDSA-P256", "RSA-3072"));
    // One processor, so that sixteen of these keys take longer than a second on any.
    let (mut child, shown) = on_terminal(
        &scene,
        "taskset -p -c $(taskset -cp $$ | sed 's/.*: //; s/[-,].*//') $$ >/dev/null; exec kubepki generate --design rsa.yaml --out lab.zip",
    );
    let all = until(&shown, "lab.zip: made 15 certificates");
    assert!(child.wait().expect("it ends").success());
    let lines: Vec<&str> = all.split('\r').filter(|line| line.starts_with("keys ")).collect();
    assert!(lines.iter().all(|line| line.contains(" of 16")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(" of 16 · ") && line.trim_end().ends_with(" left")), "{all:?}");
    // It is overwritten with blanks before the result stands there.
    let last = all.rfind("\rkeys ").expect("a line");
    assert!(all[last..].contains("\r   "), "{all:?}");
    assert!(!all.contains('\u{1b}'), "a carriage return is all that it takes: {all:?}");
}

#[test]
fn nothing_is_told_where_nobody_looks() {
    let scene = Scene::new();
    scene.write("rsa.yaml", &DESIGN.replace("ECDSA-P256", "RSA-3072"));
    let ran = scene.run("generate --design rsa.yaml --out lab.zip").ended(0);
    assert!(!ran.err.contains(['\r', '·']) && !ran.out.contains('\r'), "{:?}{:?}", ran.out, ran.err);
}

#[test]
fn what_takes_long_to_come_in_is_told_too() {
    let scene = Scene::new();
    scene.write("pass.txt", "ozone-drastic-pitch-amateur\n");
    let made = Command::new("mkfifo").arg("input").current_dir(scene.path(".")).status();
    assert!(made.expect("mkfifo runs").success());
    let (mut child, shown) = on_terminal(&scene, "exec kubepki encrypt input --passphrase-file pass.txt --out o.age");
    // Opened for both, so that this does not wait for a reader.
    let input = std::fs::OpenOptions::new().read(true).write(true).open(scene.path("input")).expect("opened");
    until(&shown, "\rreading · 1 s");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    assert!(scene.read("o.age").starts_with(b"age-encryption.org/v1\n"));
}
