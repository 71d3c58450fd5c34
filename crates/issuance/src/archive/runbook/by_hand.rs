//! What kubeadm would do, by hand: units or static Pods, rights, tokens.

use kubepki_core::catalog::bindings::BOOTSTRAPPERS;
use kubepki_core::layout;
use kubepki_core::plan::Holding;
use kubepki_core::spec::{EtcdMode, Host, LayoutId};

use super::etcd;
use super::kubeadm::{TOKEN, known, registered};
use super::step::{Fact, On, Scene, Step, until};
use crate::archive::steps::{KUBELET, NOBODY_SIGNS, cut_off};

/// Where the kubelet reads its configuration.
const CONFIG: &str = "/var/lib/kubelet/config.yaml";
/// Where it finds static Pods.
const STATIC_PODS: &str = "/etc/kubernetes/manifests";

pub(super) fn steps(scene: &Scene<'_>) -> Vec<Step> {
    let spec = scene.spec();
    let cut_off = cut_off(scene.plan);
    let asks = |node: usize| bootstrap(scene, node).is_some() && !cut_off.contains(&node);
    let token = scene.nodes(asks);
    let control_planes = scene.control_planes();
    let workers = scene.nodes(|node| spec.nodes[node].has_kubelet() && !spec.nodes[node].control_plane);
    let init = spec.init_node();
    let mut steps = Vec::new();
    steps.extend(missing(scene, cut_off));
    if !token.is_empty() {
        steps.push(make_token(init));
        steps.push(bootstrap_kubeconfigs(scene, token.clone()));
    }
    match spec.layout {
        LayoutId::Course => {
            steps.push(services(scene, control_planes.clone()));
            steps.extend(rights(scene, init, !token.is_empty()));
            steps.push(kubelets(scene, [control_planes, workers].concat()));
        }
        LayoutId::Kubeadm => {
            steps.push(static_pods(scene, control_planes));
            steps.extend(rights(scene, init, !token.is_empty()));
            if !workers.is_empty() {
                steps.push(kubelets(scene, workers));
            }
        }
    }
    steps
}

/// The path of what a kubelet asks for its certificate with, where it does.
fn bootstrap<'a>(scene: &'a Scene<'_>, node: usize) -> Option<&'a str> {
    scene.flag(node, "kubelet", "bootstrap-kubeconfig")
}

/// Nodes whose kubelets nobody can give a certificate once they run.
fn missing(scene: &Scene<'_>, cut_off: Vec<usize>) -> Option<Step> {
    if cut_off.is_empty() {
        return None;
    }
    let path = layout::kubelet_kubeconfig(scene.spec().layout);
    let step = Step::new(On::Each(cut_off), "put the kubelet's own kubeconfig in place")
        .why(format!(
            "The node cannot join as it is, for nobody signs the certificate that its kubelet requests, and without one the kubelet starts nothing. What is needed, and how it is made where the key of the cluster CA is, stands above, under “{NOBODY_SIGNS}”."
        ))
        .check("it is there", [format!("test -s {path}")]);
    let (needs, gives) = (step.of_each(Fact::Installed), step.of_each(Fact::Credential));
    Some(step.needs(needs).gives(gives))
}

fn make_token(init: usize) -> Step {
    let mut step = Step::new(On::Each(vec![init]), "make up the token with which kubelets ask for their certificates")
        .why("Six and sixteen characters: its name and its secret. The cluster learns it later, for two hours.")
        .run(["TOKEN=$(openssl rand -hex 3).$(openssl rand -hex 8)", "echo \"$TOKEN\""])
        .check("it has the form of a token", ["echo \"$TOKEN\" | grep -E -x '[a-z0-9]{6}[.][a-z0-9]{16}'"])
        .gives([Fact::Token]);
    step.prints = Some(TOKEN);
    step
}

fn bootstrap_kubeconfigs(scene: &Scene<'_>, machines: Vec<usize>) -> Step {
    let spec = scene.spec();
    let path = bootstrap(scene, machines[0]).unwrap_or_default();
    let config = format!("kubectl config --kubeconfig {path}");
    let cluster = &spec.cluster_name;
    let mut step = Step::new(On::Each(machines), "write what the kubelet asks for its certificate with");
    step.takes = Some(TOKEN);
    let (needs, gives) = (step.of_each(Fact::Installed), step.of_each(Fact::Credential));
    step.run([
        format!(
            "{config} set-cluster {cluster} --server {} --certificate-authority {} --embed-certs",
            spec.control_plane_url(),
            layout::ca_file(spec)
        ),
        format!("{config} set-credentials bootstrap --token \"$TOKEN\""),
        format!("{config} set-context bootstrap --cluster {cluster} --user bootstrap"),
        format!("{config} use-context bootstrap"),
    ])
    .check("it holds the token", [format!("{config} view --raw | grep -q \"token: $TOKEN\"")])
    .needs(needs)
    .needs([Fact::Token])
    .gives(gives)
}

/// Lines that put the kubelet's configuration and unit in place and start it.
fn kubelet_lines() -> Vec<String> {
    [
        format!("mkdir -p /var/lib/kubelet {STATIC_PODS}"),
        format!("cp manifests/$NODE/kubelet-config.yaml {CONFIG}"),
        "if systemctl is-active --quiet systemd-resolved; then".to_owned(),
        format!("    echo 'resolvConf: /run/systemd/resolve/resolv.conf' >>{CONFIG}"),
        "fi".to_owned(),
        "cp manifests/$NODE/kubelet.service /etc/systemd/system/".to_owned(),
    ]
    .into()
}

/// What starts units that were put in place.
fn start(units: &str) -> [String; 3] {
    [
        "systemctl daemon-reload".to_owned(),
        format!("systemctl enable {units}"),
        format!("systemctl restart --no-block {units}"),
    ]
}

/// What a kubelet needs to be let in.
fn credentials(scene: &Scene<'_>, machines: &[usize]) -> Vec<Fact> {
    let without = machines.iter().copied().filter(|&node| scene.plan.find(KUBELET, Some(node)).is_none());
    without.map(Fact::Credential).collect()
}

/// The members that run before anything else does.
fn etcd_before(scene: &Scene<'_>) -> Vec<Fact> {
    let spec = scene.spec();
    let member = |node: usize| spec.is_etcd_member(&spec.nodes[node]) && scene.has_unit(node, "etcd");
    scene.nodes(member).into_iter().map(Fact::Etcd).collect()
}

/// Whatever is in the name of every step that starts API servers.
fn started(scene: &Scene<'_>, step: Step, mut check: Vec<String>) -> Step {
    let spec = scene.spec();
    check.push(until(300, &scene.ready_here(&spec.nodes[spec.init_node()])));
    let (installed, answers) = (step.of_each(Fact::Installed), step.of_each(Fact::Answers));
    let known: Vec<Fact> = step.on.machines().iter().filter_map(|&node| known(scene, node)).collect();
    step.check("etcd has a leader, and this machine's API server is ready", check)
        .needs(installed)
        .needs(known)
        .needs(etcd_before(scene))
        .gives(answers)
        .gives(scene.plan.bindings().is_empty().then_some(Fact::Bound))
}

/// Control planes whose kubelets start them: all together, for etcd's members wait for each other.
fn static_pods(scene: &Scene<'_>, machines: Vec<usize>) -> Step {
    let spec = scene.spec();
    let stacked = spec.etcd_mode == EtcdMode::Stacked;
    let etcd = if stacked { " manifests/$NODE/etcd.yaml" } else { "" };
    let mut lines = kubelet_lines();
    lines.push(format!("cp manifests/$NODE/kube-*.yaml{etcd} {STATIC_PODS}/"));
    lines.extend(start("kubelet"));
    let commands = scene.at_bundle(&machines, lines);
    let credentials = credentials(scene, &machines);
    let check = if stacked { etcd::healthy(scene, &machines) } else { Vec::new() };
    let members: Vec<Fact> = if stacked { machines.iter().copied().map(Fact::Etcd).collect() } else { Vec::new() };
    let mut step = Step::new(On::Each(machines), "start the kubelet, which starts the control plane").why(
        "The kubelet is expected in /usr/local/bin, and a container runtime at containerd's usual socket. CoreDNS loops where its resolver is systemd-resolved's own: the lines about it see to that.",
    );
    if members.len() > 1 {
        step = step.why("Start it on all of them before you check: etcd has no leader before most of its members run, and no API server is ready before.");
    }
    started(scene, step.run(commands), check).needs(credentials).gives(members)
}

/// Control planes as services.
fn services(scene: &Scene<'_>, machines: Vec<usize>) -> Step {
    let units = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    let copies = units.map(|unit| format!("cp manifests/$NODE/{unit}.service /etc/systemd/system/"));
    let commands = scene.at_bundle(&machines, copies.into_iter().chain(start(&units.join(" "))));
    let check = etcd::healthy(scene, &scene.nodes(|node| machines.contains(&node) && scene.has_unit(node, "etcd")));
    let step = Step::new(On::Each(machines), "start the API server, the controller manager and the scheduler")
        .why("The programs are expected in /usr/local/bin.")
        .run(commands);
    started(scene, step, check)
}

fn kubelets(scene: &Scene<'_>, machines: Vec<usize>) -> Step {
    let spec = scene.spec();
    let init = spec.init_node();
    let kubeconfig = layout::kubelet_kubeconfig(spec.layout);
    let commands = scene.at_bundle(&machines, kubelet_lines().into_iter().chain(start("kubelet")));
    let check = scene.named(&machines, [registered(kubeconfig)]);
    let step = Step::new(On::Each(machines.clone()), "start the kubelet")
        .why("It is expected in /usr/local/bin, and a container runtime at containerd's usual socket.");
    let (installed, registered) = (step.of_each(Fact::Installed), step.of_each(Fact::Registered));
    let known: Vec<Fact> = machines.iter().filter_map(|&node| known(scene, node)).collect();
    let asking = machines.iter().any(|&node| bootstrap(scene, node).is_some() && !cut_off(scene.plan).contains(&node));
    step.run(commands)
        .check("the node has registered", check)
        .needs(installed)
        .needs(known)
        .needs(credentials(scene, &machines))
        .needs([Fact::Answers(init), Fact::Bound])
        .needs(asking.then_some(Fact::TokenTaken))
        .gives(registered)
}

/// What `kubeadm init` would tell the API server.
fn rights(scene: &Scene<'_>, init: usize, token: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let Some(file) = scene.plan.unbound_kubeconfig() else { return steps };
    let kubectl = format!("kubectl --kubeconfig {}", file.path);
    if !scene.plan.bindings().is_empty() {
        steps.push(
            Step::new(On::Each(vec![init]), "bind the rights that kubeadm init would bind")
                .why("Once for the cluster. Without them the administrator may do nothing, or kubelets refuse the API server: no certificate is at fault, though it looks like one. `rbac.yaml` says of each what it is for.")
                .run(scene.at_bundle(&[init], [format!("{kubectl} apply -f rbac.yaml")]))
                .check(
                    "the administrator may do everything",
                    [format!("{} auth can-i '*' '*' --all-namespaces", scene.kubectl())],
                )
                .needs([Fact::Answers(init), Fact::Installed(init)])
                .gives([Fact::Bound]),
        );
    }
    if token {
        let secret = "bootstrap-token-${TOKEN%.*}";
        let mut step = Step::new(On::Each(vec![init]), "have the API server take the token")
            .why("The controller manager deletes it after two hours, when the nodes that are here have their certificates.")
            .run([
                format!("{kubectl} -n kube-system create secret generic \"{secret}\" --type=bootstrap.kubernetes.io/token \\"),
                "    --from-literal=token-id=\"${TOKEN%.*}\" --from-literal=token-secret=\"${TOKEN#*.}\" \\".to_owned(),
                format!("    --from-literal=usage-bootstrap-authentication=true --from-literal=auth-extra-groups={BOOTSTRAPPERS} \\"),
                "    --from-literal=expiration=\"$(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ)\"".to_owned(),
            ])
            .check(
                "who shows it may ask for a certificate",
                [
                    "export TOKEN".to_owned(),
                    until(60, &format!(
                        "kubectl --kubeconfig /dev/null --server {} --certificate-authority {} --token \"$TOKEN\" auth can-i create certificatesigningrequests.certificates.k8s.io >/dev/null 2>&1",
                        scene.spec().local_url(&scene.spec().nodes[init]),
                        layout::ca_file(scene.spec()),
                    )),
                ],
            )
            .needs([Fact::Answers(init), Fact::Bound, Fact::Token])
            .gives([Fact::TokenTaken]);
        step.takes = Some(TOKEN);
        steps.push(step);
    }
    steps
}

/// Lines that give control planes the label and taint that kubeadm gives them.
pub(super) fn marks(scene: &Scene<'_>) -> (Vec<String>, Vec<String>) {
    let spec = scene.spec();
    let kubectl = scene.kubectl();
    let names = |nodes: Vec<usize>| nodes.into_iter().map(|node| scene.name(node)).collect::<Vec<_>>().join(" ");
    let all = names(scene.control_planes());
    let tainted = names(scene.nodes(|node| spec.nodes[node].control_plane && !spec.nodes[node].worker));
    let role = "node-role.kubernetes.io/control-plane";
    let mut lines = vec![format!(
        "{kubectl} label --overwrite node {all} {role}= node.kubernetes.io/exclude-from-external-load-balancers="
    )];
    let mut check =
        vec![format!("test \"$({kubectl} get node -l {role} -o name | wc -l)\" -ge {}", scene.control_planes().len())];
    if !tainted.is_empty() {
        lines.push(format!("{kubectl} taint --overwrite node {tainted} {role}=:NoSchedule"));
        check.push(format!("{kubectl} get node {tainted} -o jsonpath='{{..taints[*].key}}' | grep -q {role}"));
    }
    (lines, check)
}

/// Whether a file of the plan holds the CA's certificate on a node.
pub(super) fn ca<'a>(scene: &'a Scene<'_>, node: usize) -> Option<&'a str> {
    scene.file("ca", Holding::Certificate, node)
}

/// An address as it stands before a port.
pub(super) fn dialled(scene: &Scene<'_>, node: usize) -> Host {
    Host::Address(scene.spec().nodes[node].advertise())
}
