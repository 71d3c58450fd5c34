//! What a row of the table of kubeadm's fields must say.

use kubepki_core::snippet::kubeadm::Api;
use kubepki_core::spec::Field;

use super::import::Import;
use super::walk::Spot;

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

/// What a field does to the design.
pub(crate) enum Effect {
    /// Its text or list becomes the value of these fields.
    Sets(&'static [Field]),
    /// More than that.
    Does(fn(&mut Import, &Spot<'_>)),
    /// It is checked, and written anew from the design.
    Nothing,
    /// It is checked, and left to the user's own file.
    Leaves,
}

/// One field of kubeadm's configuration.
pub(crate) struct FieldRow {
    pub(crate) kind: Kind,
    /// Its path, dotted; `*` stands for an item of a list.
    pub(crate) path: &'static str,
    /// Whether it is in v1beta4 alone.
    pub(crate) new: bool,
    /// Whether its zero value is no default but a value that is refused, or means something.
    pub(crate) needed: bool,
    pub(crate) holds: Holds,
    /// Says what is wrong with a text or an item, in kubeadm's words.
    pub(crate) rule: Option<fn(&str) -> Option<String>>,
    pub(crate) effect: Effect,
    /// A value that kubeadm accepts, as YAML.
    #[cfg(any(test, feature = "values"))]
    pub(crate) accepted: &'static str,
    /// A value that kubeadm refuses, as YAML.
    #[cfg(any(test, feature = "values"))]
    pub(crate) refused: &'static str,
    /// What kubeadm then says.
    #[cfg(any(test, feature = "values"))]
    pub(crate) message: &'static str,
}
