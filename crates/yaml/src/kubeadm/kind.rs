//! Kinds of documents, and what their fields hold.

use kubepki_core::snippet::kubeadm::Api;

/// A kind of document that shapes the PKI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cluster,
    Init,
    Join,
    Upgrade,
    Kubelet,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Cluster, Self::Init, Self::Join, Self::Upgrade, Self::Kubelet];

    /// As `kind` says it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Cluster => "ClusterConfiguration",
            Self::Init => "InitConfiguration",
            Self::Join => "JoinConfiguration",
            Self::Upgrade => "UpgradeConfiguration",
            Self::Kubelet => "KubeletConfiguration",
        }
    }
}

/// What a field holds, as Go decodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    /// One text of items joined by commas.
    Commas,
    List,
    Flag,
    Number,
    /// A Go duration: `h`, `m`, `s`; no days.
    Duration,
    /// Extra arguments of a component: a mapping in v1beta3, a list of name and value since.
    Arguments,
    /// Anything; what stands below is not looked at.
    Anything,
}

impl Holds {
    /// As Go's JSON decoder names the type.
    pub(crate) fn go(self, api: Option<Api>) -> &'static str {
        match self {
            Self::Text | Self::Commas | Self::Duration => "string",
            Self::List => "[]string",
            Self::Flag => "bool",
            Self::Number => "int32",
            Self::Arguments if api == Some(Api::V1beta3) => "map[string]string",
            Self::Arguments => "[]v1beta4.Arg",
            Self::Anything => "object",
        }
    }
}
