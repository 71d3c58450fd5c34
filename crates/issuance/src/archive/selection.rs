//! What of a PKI leaves the page.

use std::borrow::Cow;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::spec::{CaKeys, ClusterSpec};
use kubepki_core::view::export::Export;

/// What an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything.
    Whole,
    /// Everything but the private keys of CAs.
    WithoutCaKeys,
    /// The CAs, certificates and private keys, and nothing else.
    CaKeys,
    /// What one node needs, by its index in the design: its files, the scripts and what is public.
    Node(usize),
}

impl Selection {
    /// The archive that an export is; nothing where there is no such node, or it is no archive.
    pub fn of(export: &Export, plan: &Plan) -> Option<Self> {
        match export {
            Export::Whole => Some(Self::Whole),
            Export::WithoutCaKeys => Some(Self::WithoutCaKeys),
            Export::CaKeys => Some(Self::CaKeys),
            Export::Node(name) => plan.spec.nodes.iter().position(|node| node.name == *name).map(Self::Node),
            Export::Admin | Export::File(_) => None,
        }
    }

    /// Name of the top folder; with `.zip` behind it, of the file: `prod-eu-pki`, `prod-eu-pki-cp-1`.
    pub fn name(self, plan: &Plan) -> String {
        let cluster = &plan.spec.cluster_name;
        match self {
            Self::Whole => format!("{cluster}-pki"),
            Self::WithoutCaKeys => format!("{cluster}-pki-without-ca-keys"),
            Self::CaKeys => format!("{cluster}-ca-keys"),
            Self::Node(node) => format!("{cluster}-pki-{}", plan.spec.nodes[node].name),
        }
    }

    /// The node it is about, when it is about one.
    pub fn node(self) -> Option<usize> {
        match self {
            Self::Node(node) => Some(node),
            Self::Whole | Self::WithoutCaKeys | Self::CaKeys => None,
        }
    }

    /// The design as the nodes start it with what this holds: where no CA key is, as one that keeps them off the nodes.
    pub(super) fn started(self, spec: &ClusterSpec) -> ClusterSpec {
        let ca_keys = match self {
            Self::WithoutCaKeys => CaKeys::OffNode,
            Self::Whole | Self::CaKeys | Self::Node(_) => spec.ca_keys,
        };
        ClusterSpec { ca_keys, ..spec.clone() }
    }

    /// The plan that what starts components follows from: [`Selection::started`].
    pub(super) fn started_plan(self, plan: &Plan) -> Cow<'_, Plan> {
        let spec = self.started(&plan.spec);
        match spec.ca_keys == plan.spec.ca_keys {
            true => Cow::Borrowed(plan),
            false => Cow::Owned(kubepki_core::plan::plan(&spec)),
        }
    }

    /// Whether it holds a planned file at its own place. [`Selection::CaKeys`] has places of its own.
    pub(super) fn holds(self, plan: &Plan, file: &PlannedFile) -> bool {
        let ca_key = file.content.holding == Holding::PrivateKey && plan.certs[file.content.cert].row.is_ca();
        match self {
            Self::Whole => true,
            Self::WithoutCaKeys => !ca_key && file.root != Root::OfflineCa,
            Self::CaKeys => false,
            Self::Node(node) => file.root == Root::Node(node),
        }
    }

    /// Whether it holds a text below `manifests/NODE/`, `kubeadm/NODE.yaml` and the like. A text of the whole cluster is
    /// for the init node, which alone has the kubeconfig to apply it with.
    pub(super) fn holds_text(self, plan: &Plan, path: &str) -> bool {
        match self {
            Self::Whole | Self::WithoutCaKeys => true,
            Self::CaKeys => false,
            Self::Node(node) => {
                let name = &plan.spec.nodes[node].name;
                match path.contains('/') {
                    true => path.split('/').any(|part| part == name || part.strip_suffix(".yaml") == Some(name)),
                    false => node == plan.spec.init_node(),
                }
            }
        }
    }
}
