//! Files are changed under running components: which of them reads what again, and how soon.

#[path = "../atlas/extension.rs"]
#[expect(dead_code, reason = "nobody asks it here")]
mod extension;
mod facts;
#[path = "../atlas/scene.rs"]
#[expect(dead_code, reason = "scenes of the atlas are its own")]
mod scene;
#[path = "../atlas/stand.rs"]
#[expect(dead_code, reason = "faults are put in by the atlas alone")]
mod stand;

use std::time::{Duration, Instant};

use kubepki_core::catalog::reload::Again;

use support::cluster::images;
use support::difference::Known;
use support::judged;

use facts::{AFTERWARDS, CHANGES, Change, Fact, patience};
use stand::Stand;

/// Flags beside the design's: without a pair these two make one in memory.
const MORE: &[(&str, &[&str])] = &[
    ("kube-controller-manager", &["--tls-cert-file=/root/kcm.crt", "--tls-private-key-file=/root/kcm.key"]),
    ("kube-scheduler", &["--tls-cert-file=/root/scheduler.crt", "--tls-private-key-file=/root/scheduler.key"]),
];
/// The same where it is started again: with two certificates in the file that it signs with the controller manager does not
/// start, so it gets that file apart from the one that everybody trusts.
const APART: (&str, &[&str]) = ("kube-controller-manager", &["--cluster-signing-cert-file=/root/ca.crt"]);
/// How long a component that was started again has, in seconds.
const START: f32 = 60.0;

fn run(stand: &Stand, command: &str) -> support::program::Said {
    stand.machine().sh_within(&format!(". /root/lib.sh; {command}"), 60)
}

fn holds(stand: &Stand, fact: &Fact) -> bool {
    run(stand, fact.holds).code == Some(0)
}

fn start(stand: &Stand, component: &'static str, beside: &[(&str, &[&str])]) {
    let of_it = MORE.iter().chain(beside).filter(|(of, _)| *of == component);
    let more: Vec<&str> = of_it.flat_map(|(_, more)| more.iter().copied()).collect();
    stand.start_with((0, component), &more);
}

/// With two certificates in the file that it signs with, the controller manager ends as soon as it leads, and says why.
fn a_signer_of_two_does_not_start(stand: &Stand) -> bool {
    let manager = "kube-controller-manager";
    stand.stop((0, manager));
    start(stand, manager, &[]);
    // Before it older versions have words of their own.
    let says = r#"says kube-controller-manager 'error reading CA cert file "csr-controller::/etc/kubernetes/pki/ca.crt::/etc/kubernetes/pki/ca.key": expected 1 certificate, found 2'"#;
    stand.wait(START, || run(stand, says).code == Some(0) && !stand.runs((0, manager)))
}

fn told(change: &Change, fact: &Fact) -> String {
    format!("{}, {}: {}: {}", fact.reader, fact.file, change.title, fact.seen)
}

/// A cluster that works, with what the facts need beside it.
fn cluster() -> Stand {
    let mut stand = Stand::of("reload", &scene::one_machine("kubelet-cluster-ca-manual"));
    stand.install_sound();
    stand.machine().write("/root/lib.sh", include_str!("lib.sh"));
    stand.machine().write("/root/address", stand.address(0));
    run(&stand, include_str!("prepare.sh")).good();
    for (_, component) in stand.places() {
        start(&stand, component, &[]);
    }
    let is_ready =
        |stand: &Stand| run(stand, "kube get --raw /readyz && kube get serviceaccount default").code == Some(0);
    assert!(stand.wait(90.0, || is_ready(&stand)), "no cluster:\n{}", stand.machine().logs());
    run(&stand, include_str!("objects.sh")).good();
    for (change, fact) in
        every_fact().filter(|(_, fact)| fact.holds.contains("mirror-old") || fact.holds.contains("mirror.test"))
    {
        assert!(
            stand.wait(30.0, || holds(&stand, fact)),
            "before it is changed: {}: {}",
            told(change, fact),
            run(&stand, fact.holds)
        );
    }
    let has_root =
        |stand: &Stand| run(stand, "kube get configmap kube-root-ca.crt && [ -n \"$(secret_token)\" ]").code == Some(0);
    assert!(stand.wait(30.0, || has_root(&stand)), "no controller manager:\n{}", stand.machine().logs());
    stand
}

fn every_fact() -> impl Iterator<Item = (&'static Change, &'static Fact)> {
    CHANGES.iter().flat_map(|change| change.facts.iter().map(move |fact| (change, fact)))
}

/// Makes changes, and waits for what is to be seen of each by itself.
fn make(stand: &Stand, changes: &[Change], contradictions: &mut Vec<String>) {
    for change in changes {
        run(stand, change.make).good();
        let made = Instant::now();
        for fact in change.facts {
            let Some(seconds) = fact.within() else { continue };
            let is_seen = stand.wait(seconds as f32, || holds(stand, fact));
            let word = if is_seen { "seen" } else { "NOT SEEN" };
            println!("{:6.1} s {word} {}", made.elapsed().as_secs_f32(), told(change, fact));
            if !is_seen {
                println!("{}", run(stand, &format!("set -x; {}", fact.holds)));
                contradictions.push(format!("not seen within {seconds} s: {}", told(change, fact)));
            }
        }
    }
}

#[test]
fn each_file_is_read_again_as_soon_as_was_said() {
    let stand = cluster();
    let mut contradictions = Vec::new();
    make(&stand, CHANGES, &mut contradictions);
    let changed = Instant::now();
    let rest = Duration::from_secs(patience()).saturating_sub(changed.elapsed());
    stand.wait(rest.as_secs_f32(), || false);
    let at_start: Vec<_> = every_fact().filter(|(_, fact)| fact.again() == Again::AtStart).collect();
    for (change, fact) in &at_start {
        if holds(&stand, fact) {
            println!("SEEN without a restart: {}", told(change, fact));
            contradictions.push(format!("seen without a restart: {}", told(change, fact)));
        }
    }
    for change in CHANGES.iter().rev() {
        let facts: Vec<&Fact> = change.facts.iter().filter(|fact| fact.within().is_none()).collect();
        let mut readers: Vec<&str> = facts.iter().map(|fact| fact.reader).collect();
        readers.dedup();
        for reader in readers {
            stand.stop((0, reader));
            start(&stand, reader, &[APART]);
        }
        for fact in facts {
            let is_seen = stand.wait(START, || holds(&stand, fact));
            println!("{} after a restart: {}", if is_seen { "seen" } else { "NOT SEEN" }, told(change, fact));
            if !is_seen {
                contradictions.push(format!("not seen after a restart: {}", told(change, fact)));
            }
        }
        run(&stand, change.undo).good();
        if !change.undo.is_empty() && !a_signer_of_two_does_not_start(&stand) {
            let place = "kube-controller-manager, cluster-signing-cert-file";
            contradictions.push(format!("started: {place}: it has two certificates to sign with"));
        }
    }
    make(&stand, AFTERWARDS, &mut contradictions);
    if !contradictions.is_empty() {
        println!("{}\n{}", contradictions.join("\n"), stand.machine().logs());
    }
    // `not seen within 80 s: READER, FILE: CHANGE: WHAT`
    let mut known = Known::of_version("reload");
    for one in &contradictions {
        let mut parts = one.splitn(3, ": ");
        let mut next = || parts.next().unwrap_or_default();
        let (says, place, question) = (next(), next(), next());
        known.differs(place, question, says);
    }
    known.finish();
    judged::saw("reload", images::version(), "facts", &[("facts", every_fact().count())]);
}
