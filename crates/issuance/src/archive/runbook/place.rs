//! Where things are on a node, as commands name them.

use kubepki_core::plan::{FlagValue, Holding, Root};
use kubepki_core::spec::{Host, Node};

use super::step::Scene;

impl Scene<'_> {
    /// The path of what holds this of a certificate on a node.
    pub(super) fn file(&self, id: &str, holding: Holding, node: usize) -> Option<&str> {
        let mut files = self.plan.files.iter().filter(|file| file.root == Root::Node(node));
        let file =
            files.find(|file| file.content.holding == holding && self.plan.certs[file.content.cert].row.id == id)?;
        Some(&file.path)
    }

    /// A flag's value on a node.
    pub(super) fn flag(&self, node: usize, component: &str, name: &str) -> Option<&str> {
        let is = |flag: &&kubepki_core::plan::PlannedFlag| {
            flag.node == node && flag.row.component == component && flag.row.name == name
        };
        match &self.plan.flags.iter().find(is)?.value {
            FlagValue::Set(value) => Some(value),
            FlagValue::NotSet => None,
        }
    }

    /// Whether a component of a node is started by a unit of the export.
    pub(super) fn has_unit(&self, node: usize, component: &str) -> bool {
        kubepki_core::snippet::has_unit(self.plan, node, component)
    }

    /// `kubectl` as the administrator, on a control plane.
    pub(super) fn kubectl(&self) -> String {
        let admin = self.file(kubepki_core::catalog::kubeconfigs::ADMIN, Holding::Kubeconfig, self.spec().init_node());
        format!("kubectl --kubeconfig {}", admin.unwrap_or_default())
    }

    /// Succeeds on a control plane when the API server of this machine is ready, whatever the endpoint leads to.
    pub(super) fn ready_here(&self, node: &Node) -> String {
        let here = Host::Address(node.loopback());
        let port = self.spec().bind_port;
        // Every API server's certificate has this name; not all have the loopback address.
        let server = format!("--server https://{here}:{port} --tls-server-name kubernetes");
        format!("{} {server} get --raw /readyz >/dev/null 2>&1", self.kubectl())
    }
}
