//! `kubeadm init`, then `kubeadm join`.

use kubepki_core::snippet::kubeadm::TOKEN_TO_FILL;
use kubepki_core::spec::EtcdMode;

use super::step::{Fact, On, Scene, Step, until};
use crate::archive::steps::cut_off;

/// What the token is called that one step makes and others take.
pub(super) const TOKEN: &str = "TOKEN";

pub(super) fn steps(scene: &Scene<'_>) -> Vec<Step> {
    let cut_off = cut_off(scene.plan);
    let init = scene.spec().init_node();
    let joins = |control_plane: bool| {
        scene.nodes(|node| {
            let one = &scene.spec().nodes[node];
            let as_what = if control_plane { one.control_plane } else { one.worker && !one.control_plane };
            node != init && as_what && !cut_off.contains(&node)
        })
    };
    let (control_planes, workers) = (joins(true), joins(false));
    let mut steps = vec![initialise(scene, init)];
    if control_planes.is_empty() && workers.is_empty() {
        return steps;
    }
    steps.push(token(init));
    if !control_planes.is_empty() {
        let on = match control_planes.len() {
            1 => On::Each(control_planes),
            _ => On::Turn(control_planes),
        };
        steps.push(join(scene, on, "join as a control plane"));
    }
    if !workers.is_empty() {
        steps.push(join(scene, On::Each(workers), "join as a worker"));
    }
    steps
}

/// A user's own file, where it sets more than the one of the export.
fn own(scene: &Scene<'_>, step: Step) -> Step {
    if scene.spec().also_sets.is_empty() {
        return step;
    }
    step.why("Your own kubeadm file sets more than the one in `kubeadm/`, which is there to compare: put the path of yours for `YOUR-OWN-FILE.yaml`.")
}

fn initialise(scene: &Scene<'_>, init: usize) -> Step {
    let spec = scene.spec();
    let file = match spec.also_sets.is_empty() {
        true => format!("kubeadm/{}.yaml", scene.name(init)),
        false => "YOUR-OWN-FILE.yaml".to_owned(),
    };
    let step = Step::new(On::Each(vec![init]), "start the first control plane")
        .why("kubeadm finds the certificates, keys and kubeconfigs and keeps them: it says “Using existing” of each.");
    let etcd = match spec.etcd_mode {
        EtcdMode::External => scene.nodes(|node| spec.is_etcd_member(&spec.nodes[node])),
        EtcdMode::Stacked => Vec::new(),
    };
    own(scene, step)
        .run(scene.at_bundle(&[init], [format!("kubeadm init --config {file}")]))
        .check(
            "the API server answers, and the node has registered",
            [
                until(300, &scene.ready_here(&spec.nodes[init])),
                until(120, &format!("{} get node {} >/dev/null 2>&1", scene.kubectl(), scene.name(init))),
            ],
        )
        .needs([Fact::Installed(init)])
        .needs(etcd.into_iter().map(Fact::Etcd))
        .needs(known(scene, init))
        .gives([Fact::Answers(init), Fact::Bound, Fact::Registered(init)])
}

/// Where there is an endpoint to be known, that it is.
pub(super) fn known(scene: &Scene<'_>, node: usize) -> Option<Fact> {
    super::carrying::has_endpoint(scene).then_some(Fact::Endpoint(node))
}

/// Waits on a node until its kubelet has registered it, as the kubelet itself sees.
pub(super) fn registered(kubeconfig: &str) -> String {
    until(180, &format!("kubectl --kubeconfig {kubeconfig} get node $NODE >/dev/null 2>&1"))
}

fn token(init: usize) -> Step {
    let mut step = Step::new(On::Each(vec![init]), "make a token that lets machines join")
        .why("Whoever has it can add a machine to the cluster. It ends by itself after two hours; make another when you need one later.")
        .run(["TOKEN=$(kubeadm token create --ttl 2h)", "echo \"$TOKEN\""])
        .check("the cluster knows it", ["kubeadm token list | grep -q \"^$TOKEN \""])
        .needs([Fact::Answers(init), Fact::Bound])
        .gives([Fact::Token, Fact::TokenTaken]);
    step.prints = Some(TOKEN);
    step
}

fn join(scene: &Scene<'_>, on: On, title: &str) -> Step {
    let spec = scene.spec();
    let init = spec.init_node();
    let machines = on.machines().to_vec();
    let control_plane = machines.first().is_some_and(|&node| spec.nodes[node].control_plane);
    let mut step = own(scene, Step::new(on, title));
    if !spec.also_sets.is_empty() {
        step = step.why("It needs the token, and the hash of the CA that `kubeadm/` has under `caCertHashes`.");
    }
    let lines = match spec.also_sets.is_empty() {
        true => vec![
            format!("(umask 077 && sed \"s/{TOKEN_TO_FILL}/$TOKEN/\" kubeadm/$NODE.yaml >join.yaml)"),
            "kubeadm join --config join.yaml".to_owned(),
        ],
        false => vec!["kubeadm join --config YOUR-OWN-FILE.yaml".to_owned()],
    };
    let mut check = Vec::new();
    if control_plane {
        check.push(until(300, &scene.ready_here(&spec.nodes[machines[0]])));
    }
    check.push(registered("/etc/kubernetes/kubelet.conf"));
    step.takes = Some(TOKEN);
    let (installed, registered) = (step.of_each(Fact::Installed), step.of_each(Fact::Registered));
    let answers = if control_plane { step.of_each(Fact::Answers) } else { Vec::new() };
    let known = machines.iter().filter_map(|&node| known(scene, node)).collect::<Vec<_>>();
    let (commands, check) = (scene.at_bundle(&machines, lines), scene.named(&machines, check));
    step.run(commands)
        .check(
            if control_plane {
                "its API server answers, and the node has registered"
            } else {
                "the node has registered"
            },
            check,
        )
        .needs(installed)
        .needs(known)
        .needs([Fact::Answers(init), Fact::TokenTaken])
        .gives(registered)
        .gives(answers)
}
