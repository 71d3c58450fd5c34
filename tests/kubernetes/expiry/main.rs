//! Certificates end under a cluster that runs: what goes on, what stops, how soon, and what is said then.

#[path = "../atlas/extension.rs"]
#[expect(dead_code, reason = "nobody asks it here")]
mod extension;
#[path = "../atlas/lines.rs"]
#[expect(dead_code, reason = "inner messages are the atlas' alone")]
mod lines;
mod record;
#[path = "../atlas/scene.rs"]
#[expect(dead_code, reason = "scenes of the atlas are its own")]
mod scene;
mod scenes;
#[path = "../atlas/stand.rs"]
#[expect(dead_code, reason = "faults are put in by the atlas alone")]
mod stand;
mod watch;

use std::sync::{Mutex, PoisonError};
use std::thread;

use kubepki_core::catalog::expiry::{EXPIRIES, Moment};
use kubepki_rehearsal::Stage;
use support::program::Said;
use support::{clock, cluster::images, judged, stage};

use record::Recorded;
use scenes::{Phase, SCENES, Scene, Step};
use stand::{Place, Stand};
use watch::Watch;

/// How long certificates go on after they were issued, in seconds: until then everything runs that is to be seen to go on.
const LEAD: i64 = 60;
/// The same where the machine was too slow for that.
const LONGER: i64 = 150;
/// How long a component has to start, in seconds.
const START: f32 = 90.0;

/// A pod whose logs can be followed, without a network of its own.
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: pause, namespace: default}
spec:
  nodeName: NODE
  hostNetwork: true
  automountServiceAccountToken: false
  containers: [{name: pause, image: IMAGE, imagePullPolicy: Never}]
";

fn run(stand: &Stand, command: &str) -> Said {
    stand.machine().sh_within(&format!(". /root/lib.sh; {command}"), 120)
}

/// The components of a scene where they run, in the order of their start.
fn places(stand: &Stand, scene: &Scene) -> Vec<Place> {
    let runs = |(_, component): &Place| scene.runs.iter().any(|(name, _)| name == component);
    stand.places().into_iter().filter(runs).collect()
}

/// Starts every component of a scene, those that are called first.
fn start(stand: &Stand, scene: &Scene) {
    for place in places(stand, scene) {
        stand.start(place);
        if place.1 == "kube-apiserver" {
            let ready = stand.wait(START, || stand.kubectl("get --raw /readyz").ok());
            assert!(ready, "{}: no API server:\n{}", scene.name, stand.machine().logs());
        }
    }
}

/// The machines on which the components of a scene run.
fn cluster(scene: &Scene) -> Stand {
    let machines = scene::Scene { machines: scene.machines, ..scene::one_machine(scene.design) };
    let mut stand = Stand::of("expiry", &machines);
    for (component, more) in scene.runs {
        let command = stand.commands.get_mut(&(0, *component)).expect("the design has what runs");
        command.extend(more.iter().map(|word| (*word).to_owned()));
    }
    let addresses: String = (0..scene.machines).map(|node| format!("{}\n", stand.address(node))).collect();
    stand.machine().write("/root/addresses", addresses);
    stand.install_sound();
    let library = format!("{}\n{}", include_str!("../reload/lib.sh"), include_str!("lib.sh"));
    stand.machine().write("/root/lib.sh", library);
    stand.machine().write("/root/address", stand.address(0));
    run(&stand, scene.kubelet).good();
    start(&stand, scene);
    if scene.runs.iter().any(|(component, _)| *component == "kube-apiserver") {
        stand.machine().sh(include_str!("objects.sh")).good();
    }
    if scene.runs.iter().any(|(component, _)| *component == "kubelet") {
        let image = images::names().iter().find(|name| name.contains("/pause:")).expect("kubeadm wants a pause");
        stand.machine().import_images();
        stand.machine().write("/root/pod.yaml", POD.replace("NODE", stand.node(0)).replace("IMAGE", image));
        run(&stand, "kube apply --filename /root/pod.yaml").good();
        let runs = stand.wait(START, || run(&stand, "contained").code == Some(0));
        assert!(runs, "{}: no pod:\n{}", scene.name, stand.machine().logs());
    }
    stand
}

/// Installs files of which some end soon, and starts everything again on them; when they end.
fn renew(stand: &mut Stand, scene: &Scene, phase: &Phase, lead: i64) -> i64 {
    for place in places(stand, scene).into_iter().rev() {
        stand.stop(place);
    }
    let end = clock::now() + lead;
    let mut staged = Stage::new(&stand.spec);
    for (offset, cert) in staged.offsets.iter_mut().zip(&staged.plan.certs) {
        if phase.ends.contains(&cert.row.id) {
            *offset = end - stand.now - cert.lifetime.seconds;
        }
    }
    let folder = stage::issued(&staged, stand.now);
    stand.install(&folder);
    start(stand, scene);
    run(stand, "stand_by").good();
    end
}

/// Plays a phase, and what it contradicts.
fn play(stand: &mut Stand, scene: &Scene, phase: &'static Phase, recorded: &Mutex<Recorded>) -> Vec<String> {
    for lead in [LEAD, LONGER] {
        let end = renew(stand, scene, phase, lead);
        let first = Watch::begin(stand, &phase.steps[0], end);
        if !first.goes_on_before() {
            println!("{}: {:?} ended before everything ran: once more, with more time", scene.name, phase.ends);
            first.over();
            continue;
        }
        let mut contradictions = first.judge(recorded);
        for step in &phase.steps[1..] {
            stand.forget_logs();
            let made = clock::now();
            run(stand, step.make).good();
            contradictions.extend(Watch::begin(stand, step, made).judge(recorded));
        }
        return contradictions;
    }
    vec![format!("{}: no cluster before {:?} ended:\n{}", scene.name, phase.ends, stand.machine().logs())]
}

#[test]
fn what_goes_on_and_what_stops_is_as_was_said() {
    let named = std::env::var("KUBEPKI_SCENE").unwrap_or_default();
    let records = judged::records_lines();
    let recorded = Mutex::new(Recorded::new(records));
    let contradictions = Mutex::new(Vec::new());
    // Clusters that start side by side are slow.
    let starting = Mutex::new(());
    thread::scope(|scope| {
        for scene in SCENES.iter().filter(|scene| scene.name.contains(&named)) {
            scope.spawn(|| {
                let turn = starting.lock().unwrap_or_else(PoisonError::into_inner);
                let mut stand = cluster(scene);
                drop(turn);
                for phase in scene.phases {
                    let found = play(&mut stand, scene, phase, &recorded);
                    contradictions.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    let mut contradictions = contradictions.into_inner().unwrap_or_else(PoisonError::into_inner);
    let recorded = recorded.into_inner().unwrap_or_else(PoisonError::into_inner);
    if records {
        recorded.write();
    } else {
        contradictions.extend(recorded.differences());
    }
    assert!(contradictions.is_empty(), "{}", contradictions.join("\n"));
}

fn steps() -> impl Iterator<Item = &'static Step> {
    SCENES.iter().flat_map(|scene| scene.phases).flat_map(|phase| phase.steps)
}

/// Nothing that the table says is left out.
#[test]
fn every_effect_is_looked_at_once() {
    for row in EXPIRIES {
        for effect in row.effects {
            let probes = steps().filter(|step| step.moment == effect.moment).flat_map(|step| step.probes);
            let count = probes.filter(|probe| probe.is_of(row) && probe.what == effect.what).count();
            // A row that two certificates share is looked at for each.
            let most = if row.ids.contains(&"front-proxy-ca") { 2 } else { 1 };
            assert_eq!(count, most, "{:?} {}: {:?} {}", row.ids, row.when, effect.moment, effect.what);
        }
    }
    for step in steps() {
        assert!(step.probes.iter().all(|probe| probe.effect(step.moment).is_some()), "{step:?}");
    }
    assert!(SCENES.iter().flat_map(|scene| scene.phases).all(|phase| phase.steps[0].moment == Moment::Ended));
}
