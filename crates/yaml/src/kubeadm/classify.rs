//! Which documents are kubeadm's.

use kubepki_core::snippet::kubeadm::Api;

use super::kind::Kind;
use crate::near::nearest;
use crate::tree::Node;

/// What a document is.
pub(super) enum Document {
    /// One that shapes the PKI; the kubelet's has no version of kubeadm's API.
    Shapes(Kind, Option<Api>),
    /// One that kubeadm hands on, of which no certificate depends: settings of this component.
    Other(&'static str),
    /// One that kubeadm ignores though it seems to be meant; what is, if that can be told.
    Ignored(Option<&'static str>),
    /// One without kind or group, for which kubeadm refuses the whole file.
    Nameless,
    /// kubeadm's, in a version that is not read.
    Version,
    /// Nothing of kubeadm's.
    Foreign,
}

/// What kubeadm reads: group and version, kind, and whose settings it holds (kubeadm: app/util/marshal.go,
/// app/componentconfigs).
pub(super) static KINDS: &[(&str, &str, &str)] = &[
    ("kubeadm.k8s.io/v1beta3", "InitConfiguration", ""),
    ("kubeadm.k8s.io/v1beta3", "ClusterConfiguration", ""),
    ("kubeadm.k8s.io/v1beta3", "JoinConfiguration", ""),
    ("kubeadm.k8s.io/v1beta4", "InitConfiguration", ""),
    ("kubeadm.k8s.io/v1beta4", "ClusterConfiguration", ""),
    ("kubeadm.k8s.io/v1beta4", "JoinConfiguration", ""),
    ("kubeadm.k8s.io/v1beta4", "UpgradeConfiguration", ""),
    ("kubeadm.k8s.io/v1beta4", "ResetConfiguration", "kubeadm"),
    ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration", ""),
    ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration", "kube-proxy"),
];

/// Whether a document belongs to kubeadm, in whatever version. One without a name does where the other half of its name
/// is kubeadm's.
pub(crate) fn is_kubeadm(root: &Node) -> bool {
    match classify(root) {
        Document::Foreign => false,
        Document::Nameless => {
            let has = |key, of: fn(&str) -> bool| root.key(key).and_then(Node::text).is_some_and(of);
            has("kind", |kind| KINDS.iter().any(|(_, one, _)| *one == kind))
                || has("apiVersion", |version| version.starts_with("kubeadm.k8s.io/"))
        }
        Document::Shapes(..) | Document::Other(_) | Document::Ignored(_) | Document::Version => true,
    }
}

/// What a document is, by its head.
pub(super) fn classify(root: &Node) -> Document {
    let word = |key| root.key(key).and_then(Node::text).unwrap_or_default();
    let (version, kind) = (word("apiVersion"), word("kind"));
    let Some((group, _)) = version.split_once('/') else {
        return if root.entries().is_empty() { Document::Foreign } else { Document::Nameless };
    };
    let api = [Api::V1beta3, Api::V1beta4].into_iter().find(|api| api.version() == version);
    if group == "kubeadm.k8s.io" && api.is_none() {
        return Document::Version;
    }
    if kind.is_empty() {
        return Document::Nameless;
    }
    match KINDS.iter().find(|(of, one, _)| *of == version && *one == kind) {
        Some((.., "")) => match Kind::ALL.into_iter().find(|one| one.word() == kind) {
            Some(kind) => Document::Shapes(kind, api),
            None => Document::Foreign,
        },
        Some((.., component)) => Document::Other(component),
        None => {
            let ours = KINDS.iter().any(|(of, ..)| of.split('/').next() == Some(group));
            let elsewhere = KINDS.iter().rev().find(|(_, one, _)| *one == kind);
            match (ours, elsewhere) {
                (_, Some((of, ..))) => Document::Ignored(Some(of)),
                (true, None) => Document::Ignored(meant(kind)),
                (false, None) => Document::Foreign,
            }
        }
    }
}

/// The kind that a word was probably meant to be: it begins so, or is a typing error away.
fn meant(word: &str) -> Option<&'static str> {
    let kinds = || KINDS.iter().map(|(_, kind, _)| *kind);
    let lower = word.to_ascii_lowercase();
    let begins = kinds().find(|kind| lower.len() > 3 && kind.to_ascii_lowercase().starts_with(&lower));
    begins.or_else(|| nearest(word, kinds()))
}
