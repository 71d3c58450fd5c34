//! What follows once every machine runs: serving certificates of kubelets, and what may lie nowhere any more.

use kubepki_core::plan::Root;
use kubepki_core::spec::{CaKeys, KubeletServing, Start};

use super::by_hand::{ca, dialled, marks};
use super::carrying;
use super::step::{Fact, On, Scene, Step, until};
use crate::archive::steps::cut_off;

pub(super) fn steps(scene: &Scene<'_>) -> Vec<Step> {
    let spec = scene.spec();
    let init = spec.init_node();
    let cut_off = cut_off(scene.plan);
    let by_hand = spec.start == Start::Manual;
    let here = scene.nodes(|node| spec.nodes[node].has_kubelet() && (by_hand || !cut_off.contains(&node)));
    let mut steps = vec![all_there(scene, init, &here)];
    if by_hand {
        steps.push(marked(scene, init));
    }
    let asks = spec.kubelet_serving == KubeletServing::ClusterCa && !by_hand;
    if asks && spec.ca_keys == CaKeys::OnControlPlane {
        steps.extend(serving(scene, init, &here));
    }
    steps.extend(super_admin(scene));
    steps.push(cleared(scene));
    steps.push(put_away(scene));
    steps
}

fn names(scene: &Scene<'_>, nodes: &[usize]) -> String {
    nodes.iter().map(|&node| scene.name(node)).collect::<Vec<_>>().join(" ")
}

fn all_there(scene: &Scene<'_>, init: usize, here: &[usize]) -> Step {
    let kubectl = scene.kubectl();
    Step::new(On::Each(vec![init]), "see that every node is there")
        .why("They become Ready when your network plugin runs: see “What is not here”.")
        .check(
            "every node has registered",
            [
                until(180, &format!("{kubectl} get node {} >/dev/null 2>&1", names(scene, here))),
                format!("{kubectl} get node -o wide"),
            ],
        )
        .needs(here.iter().copied().filter(|&node| !by_static_pods(scene, node)).map(Fact::Registered))
        .needs([Fact::Answers(init), Fact::Bound])
        .gives(here.iter().copied().map(Fact::Registered))
}

/// Kubelets that start the API server before it can let them in register by themselves, once it does.
fn by_static_pods(scene: &Scene<'_>, node: usize) -> bool {
    scene.spec().start == Start::Manual
        && !scene.has_unit(node, "kube-apiserver")
        && scene.spec().nodes[node].control_plane
}

fn marked(scene: &Scene<'_>, init: usize) -> Step {
    let (lines, check) = marks(scene);
    Step::new(On::Each(vec![init]), "mark the control planes, as kubeadm does")
        .why("Without the taint workloads run beside the API server and etcd.")
        .run(lines)
        .check("they are marked", check)
        .needs(scene.control_planes().into_iter().map(Fact::Registered))
        .needs([Fact::Bound])
}

/// Approving what kubelets ask for, and then having the API server insist on it.
fn serving(scene: &Scene<'_>, init: usize, here: &[usize]) -> Vec<Step> {
    let kubectl = scene.kubectl();
    let list = format!(
        "{kubectl} get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving --no-headers -o custom-columns=N:.metadata.name,U:.spec.username"
    );
    let nodes = names(scene, here);
    let asked = Step::new(On::Each(vec![init]), "see which serving certificates the kubelets request")
        .why("Kubelets serve logs and exec on port 10250, and until their request is approved they have no certificate: `kubectl logs` says “remote error: tls: internal error”. Look at the names: each may ask for its own node's name and addresses alone.")
        .run([
            format!("for node in {nodes}; do"),
            format!("    {}", until(180, &format!("{list} | grep -q \"system:node:'$node'\\$\""))),
            "done".to_owned(),
            format!("{list} | while read -r name user; do"),
            "    echo \"$name $user\"".to_owned(),
            format!("    {kubectl} get csr \"$name\" -o jsonpath='{{.spec.request}}' | base64 -d | openssl req -noout -text | grep -A1 'Subject Alternative Name'"),
            "done".to_owned(),
        ])
        .check(
            "every kubelet has asked",
            [format!("(for node in {nodes}; do {list} | grep -q \"system:node:$node\\$\" || exit; done)")],
        )
        .needs(here.iter().copied().map(Fact::Registered))
        .gives([Fact::ServingAsked]);
    let addresses: Vec<String> = here.iter().map(|&node| dialled(scene, node).to_string()).collect();
    let ca = ca(scene, init).unwrap_or_default();
    let signed = Step::new(On::Each(vec![init]), "approve them")
        .why("It approves what the nodes of this design ask for, and nothing else. Kubelets ask again before the certificate ends, and that request waits for you as well.")
        .run([
            format!("{list} | while read -r name user; do"),
            format!("    case ' {nodes} ' in *\" ${{user#system:node:}} \"*) {kubectl} certificate approve \"$name\" ;; esac"),
            "done".to_owned(),
        ])
        .check(
            "each kubelet serves with a certificate of the cluster CA",
            [
                format!("for address in {}; do", addresses.join(" ")),
                format!(
                    "    {}",
                    until(120, &format!("openssl s_client -connect '$address':10250 -CAfile {ca} -verify_return_error </dev/null >/dev/null 2>&1"))
                ),
                "done".to_owned(),
            ],
        )
        .needs([Fact::ServingAsked])
        .gives([Fact::ServingSigned]);
    vec![asked, signed, insisting(scene)]
}

fn insisting(scene: &Scene<'_>) -> Step {
    let machines = scene.control_planes();
    let ca = ca(scene, machines[0]).unwrap_or_default();
    let pod = "kube-apiserver-$NODE";
    let kubectl = scene.kubectl();
    let state = r#"-o jsonpath="{.spec.containers[0].command}{.status.conditions[?(@.type==\"Ready\")].status}""#;
    let commands = scene.named(&machines, [
        "cd /etc/kubernetes".to_owned(),
        format!("(umask 077 && sed 's|^    - --kubelet-client-certificate=|    - --kubelet-certificate-authority={ca}\\n&|' manifests/kube-apiserver.yaml >kube-apiserver.yaml)"),
        "mv kube-apiserver.yaml manifests/".to_owned(),
        format!("echo \"the kubelet restarts {pod}\""),
    ]);
    let check = scene.named(&machines, [
        until(300, &format!("{kubectl} -n kube-system get pod {pod} {state} 2>/dev/null | grep -q \"kubelet-certificate-authority.*True\"")),
        until(60, &format!("{kubectl} -n kube-system logs {pod} --tail=1 >/dev/null 2>&1")),
    ]);
    let on = if machines.len() == 1 { On::Each(machines) } else { On::Turn(machines) };
    let step = Step::new(on, "have the API server check the kubelets")
        .why("Without this flag whoever sits between can pose as a kubelet. `kubeadm upgrade` writes the manifest anew from the ConfigMap kubeadm-config: put the flag there as well, under `apiServer.extraArgs` (`kubectl -n kube-system edit configmap kubeadm-config`).");
    let answers = step.of_each(Fact::Answers);
    step.run(commands)
        .check("the API server runs with it, and reads the logs of its own Pod through the kubelet", check)
        .needs(answers)
        .needs([Fact::ServingSigned])
}

/// What passes every check belongs on no node.
fn super_admin(scene: &Scene<'_>) -> Option<Step> {
    let file = scene.plan.kubeconfigs("super-admin.conf").next()?;
    let Root::Node(node) = file.root else { return None };
    let path = &file.path;
    Some(
        Step::new(On::Each(vec![node]), "take super-admin.conf off the node")
            .why(format!(
                "Nothing takes its rights away while its certificate lasts, and nothing here needs it any more. The export keeps it, in `nodes/{}{path}`: keep that where the keys of CAs are.",
                scene.name(node)
            ))
            .run([format!("shred -u {path}")])
            .check("it is gone, and the administrator is one all the same", [
                format!("test ! -e {path}"),
                format!("{} auth can-i '*' '*' --all-namespaces", scene.kubectl()),
            ])
            .needs([Fact::Installed(node), Fact::Bound]),
    )
}

fn cleared(scene: &Scene<'_>) -> Step {
    let all = scene.nodes(|_| true);
    let own = scene.bundle(&all);
    let lines = [
        "cd ~".to_owned(),
        format!("find {own} {own}.zip -type f -exec shred -u {{}} +"),
        format!("rm -r {own}"),
        "if test -d /var/lib/kubepki; then".to_owned(),
        "    find /var/lib/kubepki -type f -exec shred -u {} +".to_owned(),
        "    rm -r /var/lib/kubepki".to_owned(),
        "fi".to_owned(),
    ];
    let step = Step::new(On::Each(all.clone()), "wipe what was carried there, and what was replaced")
        .why("Both hold private keys a second time; `/var/lib/kubepki/backup-1` and those after it those that stood there before, an older CA's among them. `./install.sh --restore` does not work any more then. Where a disk copies on write, only encrypting it helps.");
    let installed = step.of_each(Fact::Installed);
    let registered = scene.nodes(|node| scene.spec().nodes[node].has_kubelet());
    let cut_off = cut_off(scene.plan);
    let by_hand = scene.spec().start == Start::Manual;
    step.run(scene.named(&all, lines))
        .check(
            "neither is there",
            scene.named(&all, [format!("test ! -e ~/{own} && test ! -e ~/{own}.zip && test ! -e /var/lib/kubepki")]),
        )
        .needs(installed)
        .needs(registered.into_iter().filter(|node| by_hand || !cut_off.contains(node)).map(Fact::Registered))
        .gives([Fact::Standing])
}

fn put_away(scene: &Scene<'_>) -> Step {
    let folder = carrying::bundles(scene);
    let whole = scene.selection.whole_name(scene.plan);
    Step::new(On::Here, "wipe the bundles, and put the export away")
        .why(format!(
            "`{whole}.zip` is what a later renewal or another node is made from. Keep it encrypted and offline: `kubepki encrypt --passphrase-file FILE --out {whole}.zip.age {whole}.zip`, or `--encrypt-to` a recipient; then wipe the open one with `shred -u {whole}.zip`."
        ))
        .run([format!("find {folder} -type f -exec shred -u {{}} +"), format!("rmdir {folder}")])
        .check("no bundle is left", [format!("test ! -e {folder}")])
        .needs([Fact::Standing])
}
