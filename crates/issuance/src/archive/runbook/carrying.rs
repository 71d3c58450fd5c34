//! From the export to each node's files in their places.

use kubepki_core::spec::Host;

use super::step::{Fact, MOST_NAMED, On, Scene, Step, until};

/// The name of the folder of all bundles.
pub(super) fn bundles(scene: &Scene<'_>) -> String {
    format!("{}-pki-bundles", scene.spec().cluster_name)
}

pub(super) fn steps(scene: &Scene<'_>) -> Vec<Step> {
    let mut steps = vec![made(scene), carried(scene)];
    steps.extend(endpoint(scene));
    steps.push(installed(scene));
    steps
}

fn made(scene: &Scene<'_>) -> Step {
    let whole = scene.selection.whole_name(scene.plan);
    let folder = bundles(scene);
    Step::new(On::Here, "make each node's bundle")
        .why(format!(
            "`{whole}.zip` stays here, packed: no node gets it, for it holds the keys of all. Each node gets a bundle with its own files and nothing else. The page makes the same bundles, one by one, under “One node”; then put them into `{folder}`."
        ))
        .why("With `--encrypt-node NODE=age1…`, once for each, every bundle is encrypted to its node's own recipient (age), for a way that you do not trust.")
        .run([format!("kubepki export --part bundles --out {folder} {whole}.zip")])
        .check("each bundle is whole, and all in it fits together", [format!(
            "ls {folder}/*.zip | xargs -n 1 kubepki verify"
        )])
        .gives([Fact::Bundles])
}

fn carried(scene: &Scene<'_>) -> Step {
    let spec = scene.spec();
    let all = scene.nodes(|_| true);
    let folder = bundles(scene);
    let host = |node: usize| spec.nodes[node].advertise().to_string();
    let file = |node: usize| format!("{}.zip", scene.bundle(&[node]));
    let target = |node: usize| Host::Address(spec.nodes[node].advertise());
    let step = Step::new(On::Here, "carry each bundle to its node")
        .why("By ssh as root, as here, or by any way that keeps it secret: root's home folder is where the next steps look for it.")
        .needs([Fact::Bundles])
        .gives(all.iter().copied().map(Fact::Carried));
    if all.len() <= MOST_NAMED {
        return step
            .run(all.iter().map(|&node| format!("scp -q {folder}/{} root@{}:", file(node), target(node))))
            .check(
                "each lies where it belongs",
                all.iter().map(|&node| format!("ssh -n root@{} test -s {}", host(node), file(node))),
            );
    }
    let rows = |row: &dyn Fn(usize) -> String| -> Vec<String> {
        all.iter().map(|&node| row(node)).chain(["END".to_owned()]).collect()
    };
    let both = |first: &str, row: &dyn Fn(usize) -> String| -> Vec<String> {
        std::iter::once(first.to_owned()).chain(rows(row)).collect()
    };
    step.run(both(&format!("xargs -n 2 sh -c 'scp -q {folder}/$0 root@$1:' <<'END'"), &|node| {
        format!("{} {}", file(node), target(node))
    }))
    .check(
        "each lies where it belongs",
        both("xargs -n 2 sh -c 'ssh -n root@$1 test -s $0' <<'END'", &|node| format!("{} {}", file(node), host(node))),
    )
}

/// Whether [`endpoint`] has something to see.
pub(super) fn has_endpoint(scene: &Scene<'_>) -> bool {
    endpoint(scene).is_some()
}

/// The endpoint is no one's to set up but the operator's, and everything later needs it.
fn endpoint(scene: &Scene<'_>) -> Option<Step> {
    let spec = scene.spec();
    let endpoint = spec.endpoint.as_ref()?;
    let machines = scene.nodes(|node| spec.nodes[node].has_kubelet());
    let port = endpoint.port.unwrap_or(spec.bind_port);
    let control_planes = scene.control_planes();
    let mut check = Vec::new();
    let mut why = Vec::new();
    let known = match &endpoint.host {
        Host::Name(name) => {
            why.push(format!(
                "Kubelets and kubeconfigs dial `{name}`: give it to your DNS, or to /etc/hosts of every machine here, before anything is started."
            ));
            check.push(until(60, &format!("getent hosts {name} >/dev/null")));
            true
        }
        Host::Address(address) => !spec.nodes.iter().any(|node| node.addresses.contains(address)),
    };
    // One control plane is reached directly, and nothing listens there before it is started.
    if known && control_planes.len() > 1 {
        let servers: Vec<String> = control_planes
            .iter()
            .map(|&node| format!("{}:{}", Host::Address(spec.nodes[node].advertise()), spec.bind_port))
            .collect();
        why.push(format!(
            "Your load balancer there must listen on port {port}, pass TCP on as it is, and lead to {}. Where the control planes carry the address themselves (kube-vip, keepalived), nothing listens before they run: then the line with /dev/tcp fails here, and may.",
            servers.join(", ")
        ));
        let host = match &endpoint.host {
            Host::Name(name) => name.clone(),
            Host::Address(address) => address.to_string(),
        };
        check.push(format!("timeout 10 bash -c '</dev/tcp/{host}/{port}'"));
    }
    if check.is_empty() {
        return None;
    }
    let step = Step::new(On::Each(machines), "see that the control-plane endpoint is there");
    let gives = step.of_each(Fact::Endpoint);
    let step = why.into_iter().fold(step, Step::why);
    Some(
        step.check(format!("{} is known{}", endpoint.host, if check.len() > 1 { " and listens" } else { "" }), check)
            .gives(gives),
    )
}

fn installed(scene: &Scene<'_>) -> Step {
    let all = scene.nodes(|_| true);
    let own = scene.bundle(&all);
    let step = Step::new(On::Each(all.clone()), "unpack the bundle, check it, put the files in place")
        .why("`verify.sh` says `BAD` of what does not hold, and then nothing is installed. `install.sh` keeps what it replaces, and `./install.sh --restore` undoes it; `./install.sh --dry-run` says what it would do.");
    let (carried, gives) = (step.of_each(Fact::Carried), step.of_each(Fact::Installed));
    let lines = [
        "cd ~".to_owned(),
        format!("unzip -q -o {own}.zip"),
        format!("cd {own}"),
        "./verify.sh --warn 0 && ./install.sh --node $NODE".to_owned(),
    ];
    let left = "./install.sh --node $NODE --dry-run | grep -E -e '^Nothing to install' -e ': 0 files would be written'";
    step.run(scene.named(&all, lines))
        .check("nothing is left to install", scene.at_bundle(&all, [left]))
        .needs(carried)
        .gives(gives)
}
