//! What of a PKI leaves the page.

use std::borrow::Cow;

use kubepki_core::Plan;
use kubepki_core::plan::{Holding, PlannedFile, Root};
use kubepki_core::spec::{CaKeys, ClusterSpec};
use kubepki_core::view::export::Export;

use crate::pki::Pki;

/// What an inventory calls the part without the private keys of CAs.
const NODES: &str = "nodes";
/// Begins what it calls a node's bundle; the node's name follows.
const NODE: &str = "node:";
/// Ends what it calls one that was made of a part without the private keys of CAs.
const WITHOUT: &str = " without CA keys";

/// The part of an export that an inventory is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything but the private keys of CAs.
    Nodes,
    /// One node's bundle, by the node's name.
    Node {
        /// The node.
        name: String,
        /// Whether it leaves out private keys of CAs that its node would have.
        without_ca_keys: bool,
    },
}

impl Part {
    /// Reads what an inventory calls its part; nothing for what none does.
    pub fn from_word(word: &str) -> Option<Self> {
        if word == NODES {
            return Some(Self::Nodes);
        }
        let name = word.strip_prefix(NODE)?;
        let (name, without_ca_keys) = name.strip_suffix(WITHOUT).map_or((name, false), |name| (name, true));
        Some(Self::Node { name: name.to_owned(), without_ca_keys })
    }
}

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

    /// Name of the export of several nodes that bundles are made from; a bundle's own README speaks of the whole.
    pub(super) fn whole_name(self, plan: &Plan) -> String {
        match self {
            Self::WithoutCaKeys => self.name(plan),
            Self::Whole | Self::CaKeys | Self::Node(_) => Self::Whole.name(plan),
        }
    }

    /// The node it is about, when it is about one.
    pub fn node(self) -> Option<usize> {
        match self {
            Self::Node(node) => Some(node),
            Self::Whole | Self::WithoutCaKeys | Self::CaKeys => None,
        }
    }

    /// Whether it leaves out the private keys of CAs, or they are not there to be left out.
    fn lacks_ca_keys(self, pki: &Pki) -> bool {
        self == Self::WithoutCaKeys || !pki.has_ca_keys()
    }

    /// Where the nodes that start with what this holds have the keys of CAs: where none is in it, on none.
    pub(super) fn started_ca_keys(self, pki: &Pki) -> CaKeys {
        if self.lacks_ca_keys(pki) { CaKeys::OffNode } else { pki.plan.spec.ca_keys }
    }

    /// The plan that what starts components follows from: with [`Selection::started_ca_keys`].
    pub(super) fn started_plan(self, pki: &Pki) -> Cow<'_, Plan> {
        with_ca_keys(&pki.plan, self.started_ca_keys(pki))
    }

    /// The same before there is a PKI: one that will be made whole, so that all that can be missing is what this leaves out.
    pub(super) fn plan_to_start(self, plan: &Plan) -> Cow<'_, Plan> {
        with_ca_keys(plan, if self == Self::WithoutCaKeys { CaKeys::OffNode } else { plan.spec.ca_keys })
    }

    /// What an inventory calls the part of an export that it is of; nothing for the whole.
    pub(super) fn part(self, pki: &Pki) -> Option<String> {
        match self {
            Self::Whole | Self::CaKeys => None,
            Self::WithoutCaKeys => Some(NODES.to_owned()),
            Self::Node(node) => {
                let without = if self.lacks_ca_keys(pki) { WITHOUT } else { "" };
                Some(format!("{NODE}{}{without}", pki.plan.spec.nodes[node].name))
            }
        }
    }

    /// Whether it holds a planned file at its own place. [`Selection::CaKeys`] has places of its own.
    pub(super) fn holds(self, pki: &Pki, file: &PlannedFile) -> bool {
        let ca_key = file.content.holding == Holding::PrivateKey && pki.plan.certs[file.content.cert].row.is_ca();
        if ca_key && !pki.certs[file.content.cert].key.is_here() {
            return false;
        }
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

/// The plan of the same cluster with the keys of CAs there.
fn with_ca_keys(plan: &Plan, ca_keys: CaKeys) -> Cow<'_, Plan> {
    match ca_keys == plan.spec.ca_keys {
        true => Cow::Borrowed(plan),
        false => Cow::Owned(kubepki_core::plan::plan(&ClusterSpec { ca_keys, ..plan.spec.clone() })),
    }
}
