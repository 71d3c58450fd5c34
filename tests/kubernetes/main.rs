//! Kubernetes' own components as judges: `cargo xtask test kubernetes` builds them and runs this.

mod designs;
mod facts;
mod forms;
mod kept;
mod machine;
mod values;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Instant;
use std::{fs, thread};

use kubepki_core::Draft;
use kubepki_core::snippet::kubeadm::TOKEN_TO_FILL;
use kubepki_core::spec::{self, CaKeys, EtcdMode, Field, Start};
use support::cluster::images::version;
use support::design;
use support::difference::Known;
use support::export::Export;
use support::judged;
use support::scratch::{Scratch, tree};

use crate::facts::Facts;
use crate::machine::Machine;

/// How many designs are drawn by lot in every run; `KUBEPKI_DRAWN` asks for more.
const DRAWN: u64 = 60;

fn wanted() -> u64 {
    let asked = std::env::var("KUBEPKI_DRAWN").ok();
    asked.map_or(DRAWN, |number| number.parse::<u64>().expect("KUBEPKI_DRAWN is a number").max(DRAWN))
}

/// What kubeadm makes of the configuration of a design's first control plane, beside what kubepki makes: every file, mode,
/// name, usage, extension and its order, period, kubeconfig and manifest. And it finds nothing wrong with the configuration
/// of any node.
#[test]
fn kubeadm_makes_what_kubepki_makes() {
    let known = Mutex::new(Known::of_version("kubeadm"));
    // Designs and facts: those of every run, and those that a full run draws beyond.
    let seen = Mutex::new([(0, 0); 2]);
    let named = design::all().into_iter().map(|name| (0, name.clone(), design::draft(&name)));
    let drawn =
        (0..wanted()).map(|number| (usize::from(number >= DRAWN), format!("drawn-{number}"), designs::drawn(number)));
    let all = Mutex::new(named.chain(drawn));
    let work = || {
        loop {
            let next = all.lock().expect("no other fails").next();
            let Some((part, name, draft)) = next else { break };
            let Some((facts, differing)) = compared(&name, draft) else { continue };
            let mut known = known.lock().expect("no other fails");
            differing.into_iter().for_each(|(what, says)| known.differs(&name, &what, &says));
            let seen = &mut seen.lock().expect("no other fails")[part];
            *seen = (seen.0 + 1, seen.1 + facts);
        }
    };
    // kubeadm makes one key after the other: each core has a design of its own.
    thread::scope(|scope| {
        (0..thread::available_parallelism().map_or(1, usize::from)).for_each(|_| drop(scope.spawn(work)));
    });
    known.into_inner().expect("all have ended well").finish();
    let seen = seen.into_inner().expect("all have ended well");
    assert!(seen[0].0 > 60, "{} designs", seen[0].0);
    for (question, (designs, facts)) in ["designs", "drawn"].into_iter().zip(seen) {
        println!("kubeadm {}: {question}: {designs} designs, {facts} facts compared", version());
        assert!(facts >= 100 * designs, "{question}: {designs} designs, {facts} facts");
        if designs > 0 {
            judged::saw("kubeadm", version(), question, &[("designs", designs), ("facts", facts)]);
        }
    }
}

/// A design at the version of the kubeadm that judges: how many facts were compared, and those that differ with what each side
/// says. Nothing where kubeadm makes nothing: without the keys of CAs, and where others start the components.
fn compared(name: &str, mut draft: Draft) -> Option<(usize, Vec<(String, String)>)> {
    draft.set_text(Field::KubernetesVersion, version());
    let spec = design::spec(&draft);
    if spec.start != Start::Kubeadm || spec.ca_keys == CaKeys::OffNode {
        return None;
    }
    let scratch = Scratch::new(name);
    let export = Export::of_draft(name, &draft, scratch.path());
    accepted(&export);
    let begun = Instant::now();
    let (ours, theirs) = (facts::of_export(&export), kubeadms(&export));
    let say = |side: Option<&String>| side.map_or("nothing".to_owned(), |said| format!("`{said}`"));
    let differing = both(&ours, &theirs).filter(|(what, ours, theirs)| !alike(what, *ours, *theirs, begun));
    let differing = differing
        .map(|(what, ours, theirs)| (what.to_owned(), format!("kubeadm {}, kubepki {}", say(theirs), say(ours))));
    Some((both(&ours, &theirs).count(), differing.collect()))
}

/// Has kubeadm validate the configuration of each node. One that joins wants a token, which only the cluster knows: kubeadm
/// must refuse it until that is filled in.
fn accepted(export: &Export) {
    let machine = Machine::new("validate");
    for name in tree(&export.folder.join("kubeadm")) {
        let path = export.folder.join("kubeadm").join(&name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let validate = |text: &str| {
            machine.configure(text);
            machine.kubeadm("config validate")
        };
        if text.contains(TOKEN_TO_FILL) {
            let said = validate(&text).bad();
            assert!(said.contains("token"), "{}: {name}: {said}", export.design);
        }
        validate(&text.replace(TOKEN_TO_FILL, "abcdef.0123456789abcdef")).good();
    }
}

/// What an external etcd's owner hands over; kubeadm never makes it.
const HANDED_OVER: &[&str] = &["etcd/ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"];

/// Runs kubeadm's phases on an empty machine with the exported configuration.
fn kubeadms(export: &Export) -> Facts {
    let spec = &export.plan.spec;
    let machine = Machine::of(export);
    let mut phases = vec!["certs all", "kubeconfig all", "control-plane all"];
    match spec.etcd_mode {
        EtcdMode::Stacked => phases.push("etcd local"),
        EtcdMode::External => HANDED_OVER.iter().for_each(|name| {
            let path = format!("etc/kubernetes/pki/{name}");
            machine.bring(&export.node(spec.init_node()).join(&path), &path);
        }),
    }
    for phase in phases {
        machine.kubeadm(&format!("init phase {phase}")).good();
    }
    facts::of_folder(&machine.path("etc/kubernetes"))
}

/// What either says, with what each says of it.
fn both<'a>(
    ours: &'a Facts,
    theirs: &'a Facts,
) -> impl Iterator<Item = (&'a str, Option<&'a String>, Option<&'a String>)> {
    let all: BTreeSet<&str> = ours.keys().chain(theirs.keys()).map(String::as_str).collect();
    all.into_iter().map(|key| (key, ours.get(key), theirs.get(key)))
}

/// Whether both say the same. kubeadm lets a certificate begin with its CA, and end by the clock of the moment in which it
/// was made: a period is longer by as much as the keys before it took.
fn alike(what: &str, ours: Option<&String>, theirs: Option<&String>, begun: Instant) -> bool {
    let seconds = |side: Option<&String>| side.and_then(|said| said.parse::<u64>().ok());
    match (seconds(ours), seconds(theirs)) {
        (Some(ours), Some(theirs)) if what.ends_with(" seconds") => {
            (ours..=ours + begun.elapsed().as_secs() + 1).contains(&theirs)
        }
        _ => ours == theirs,
    }
}

/// The designs that are drawn are worth it: each has no errors, and each choice is taken at least twice.
#[test]
fn designs_are_drawn_from_every_choice() {
    let drawn: Vec<Draft> = (0..wanted()).map(designs::drawn).collect();
    let refused: Vec<_> =
        drawn.iter().map(spec::parse).filter_map(|(spec, found)| spec.is_none().then_some(found)).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    for (field, choices) in designs::CHOICES {
        for choice in *choices {
            let with = drawn.iter().filter(|draft| draft.text(*field) == *choice).count();
            assert!(with >= 2, "{field:?} {choice:?}: {with}");
        }
    }
}
