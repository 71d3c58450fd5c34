//! Versions of kubeadm's configuration API, and what stands in it to be filled in.

use crate::snippet::value::{Map, Value};
use crate::spec::{KubeVersion, When};

/// Stands where the bootstrap token belongs. Only the running cluster knows one, so kubeadm's own check
/// (`[a-z0-9]{6}.[a-z0-9]{16}`) must refuse the file until somebody fills it in.
pub const TOKEN_TO_FILL: &str = "PUT-HERE-WHAT-kubeadm-token-create-PRINTS";
/// Stands where the hash of the cluster CA belongs, when no CA was issued yet.
pub const HASH_TO_FILL: &str = "sha256:PUT-HERE-THE-HASH-OF-ca.crt";

/// What the configuration gives to components as `extraArgs`, by name.
pub(in crate::snippet) const EXTRA_ARGUMENTS: &[&str] = &["cipher-suites", "tls-cipher-suites", "tls-min-version"];

/// A version of kubeadm's configuration API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Up to 1.30: extra arguments are a mapping, keys and lifetimes cannot be chosen.
    V1beta3,
    /// Since 1.31 (kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4).
    V1beta4,
}

impl Api {
    /// The newest API that a release reads.
    pub fn of(version: KubeVersion) -> Self {
        const V1BETA4: When = When::since(&[KubeVersion::new(31, 0)]);
        if V1BETA4.holds(version) { Self::V1beta4 } else { Self::V1beta3 }
    }

    /// As `apiVersion` says it.
    pub fn version(self) -> &'static str {
        match self {
            Self::V1beta3 => "kubeadm.k8s.io/v1beta3",
            Self::V1beta4 => "kubeadm.k8s.io/v1beta4",
        }
    }

    /// An empty document of a kind.
    pub(super) fn document(self, kind: &'static str) -> Map {
        Map::new().with("apiVersion", self.version()).with("kind", kind)
    }

    /// Extra arguments in this API's form.
    pub(super) fn arguments(self, arguments: Vec<(&'static str, String)>) -> Value {
        match self {
            Self::V1beta3 => arguments.into_iter().fold(Map::new(), |map, (name, value)| map.with(name, value)).into(),
            Self::V1beta4 => {
                let one = |(name, value): (&'static str, String)| Map::new().with("name", name).with("value", value);
                arguments.into_iter().map(one).collect::<Vec<_>>().into()
            }
        }
    }
}
