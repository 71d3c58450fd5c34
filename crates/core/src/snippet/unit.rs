//! systemd units: for clusters whose components are started as services, as training courses do it, and for machines
//! without a static Pod to run them.

use super::component::Component;
use super::file::TextFile;
use crate::plan::Plan;
use crate::spec::{EtcdMode, LayoutId, Node, Start};

/// Where the binaries are expected.
const BINARIES: &str = "/usr/local/bin";

/// Whether a component on a node is started by a unit of ours. kubeadm's packages bring the kubelet's. An external etcd
/// runs before what kubelets start, on whichever host it is.
pub(super) fn has_unit(plan: &Plan, node: &Node, component: &str) -> bool {
    let spec = &plan.spec;
    match component {
        "etcd" => spec.layout == LayoutId::Course || spec.etcd_mode == EtcdMode::External,
        "kubelet" => spec.start == Start::Manual,
        _ => spec.layout == LayoutId::Course || !node.has_kubelet(),
    }
}

/// The unit of a component on a node; nothing where another program starts it.
pub(super) fn unit(plan: &Plan, component: &Component<'_>) -> Option<TextFile> {
    if !has_unit(plan, component.node, component.name) {
        return None;
    }
    let name = component.name;
    let config = (name == "kubelet").then(|| "--config=/var/lib/kubelet/config.yaml".to_owned());
    let arguments: Vec<String> =
        component.arguments().into_iter().chain(config).map(|one| format!(" \\\n  {}", escaped(&one))).collect();
    // etcd says itself when it is ready; the others are taken as ready once they run.
    let kind = if name == "etcd" { "notify" } else { "simple" };
    let other = match name {
        "kubelet" => String::new(),
        _ => format!("# Either this unit or the static Pod in {name}.yaml, not both.\n"),
    };
    Some(TextFile {
        path: component.path(&format!("{name}.service")),
        mode: 0o644,
        text: format!(
            "# {name} on {node}, Kubernetes {version}: put it into /etc/systemd/system, then\n\
             # systemctl daemon-reload && systemctl enable --now {name}\n{other}\
             [Unit]\nDescription={name}\nWants=network-online.target\nAfter=network-online.target\n\n\
             [Service]\nType={kind}\nExecStart={BINARIES}/{name}{arguments}\nRestart=on-failure\nRestartSec=5\n\n\
             [Install]\nWantedBy=multi-user.target\n",
            node = component.node.name,
            version = plan.spec.version,
            arguments = arguments.concat(),
        ),
    })
}

/// A word of a command line as systemd reads it: `%` and `$` stand for themselves only when doubled.
fn escaped(word: &str) -> String {
    word.replace('%', "%%").replace('$', "$$")
}
