//! What is the same for all nodes: ClusterConfiguration and KubeletConfiguration.

use super::api::Api;
use crate::plan::{FlagValue, Plan};
use crate::snippet::value::{Map, Value};
use crate::spec::{ClusterSpec, EtcdMode, Host, KeyAlgorithm, KubeletServing};

/// The ClusterConfiguration.
pub(super) fn cluster(plan: &Plan, api: Api) -> Map {
    let spec = &plan.spec;
    let networking = Map::new()
        .with("serviceSubnet", joined(&spec.service_subnets))
        .with_some("podSubnet", (!spec.pod_subnets.is_empty()).then(|| joined(&spec.pod_subnets)))
        .with("dnsDomain", spec.dns_domain.as_str());
    let hardening = |min: &'static str, suites: &'static str, etcd: bool| {
        let version = spec.tls_min_version.map(|version| match etcd {
            true => version.etcd_word().to_owned(),
            false => version.word().to_owned(),
        });
        let list = if etcd { spec.etcd_cipher_suites() } else { &spec.cipher_suites };
        let list = (!list.is_empty()).then(|| list.join(","));
        let arguments = [(suites, list), (min, version)];
        api.arguments(arguments.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    };
    let component = || hardening("tls-min-version", "tls-cipher-suites", false);
    let only_arguments = || Map::new().with_filled("extraArgs", component());
    api.document("ClusterConfiguration")
        .with("clusterName", spec.cluster_name.as_str())
        .with("kubernetesVersion", spec.version.to_string())
        .with_some("controlPlaneEndpoint", endpoint(spec))
        .with("certificatesDir", "/etc/kubernetes/pki")
        .with("imageRepository", spec.image_repository.as_str())
        .with_some("encryptionAlgorithm", (api == Api::V1beta4).then(|| spec.leaf_key.word()))
        .with_some("caCertificateValidityPeriod", (api == Api::V1beta4).then(|| spec.ca_validity.to_go()))
        .with_some("certificateValidityPeriod", (api == Api::V1beta4).then(|| spec.leaf_validity.to_go()))
        .with_filled("featureGates", feature_gates(spec, api))
        .with("networking", networking)
        .with_filled(
            "apiServer",
            Map::new().with_filled("certSANs", texts(&spec.api_server_sans)).with_filled("extraArgs", component()),
        )
        .with_filled("controllerManager", only_arguments())
        .with_filled("scheduler", only_arguments())
        .with("etcd", etcd(plan, hardening("tls-min-version", "cipher-suites", true)))
}

/// The KubeletConfiguration, where the design asks for something that kubeadm would not do by itself.
pub(super) fn kubelet(spec: &ClusterSpec) -> Option<Map> {
    let signed = spec.kubelet_serving == KubeletServing::ClusterCa;
    if !signed && spec.tls_min_version.is_none() && spec.cipher_suites.is_empty() {
        return None;
    }
    Some(
        Map::new()
            .with("apiVersion", "kubelet.config.k8s.io/v1beta1")
            .with("kind", "KubeletConfiguration")
            .with_some("serverTLSBootstrap", signed.then_some(true))
            .with_filled("tlsCipherSuites", spec.cipher_suites.clone())
            .with_some("tlsMinVersion", spec.tls_min_version.map(crate::spec::TlsVersion::word)),
    )
}

fn texts(items: &[impl ToString]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

fn joined(items: &[impl ToString]) -> String {
    texts(items).join(",")
}

/// kubeadm takes an IPv6 address in brackets only when a port follows (kubeadm: util/endpoint.go, ParseHostPort).
fn endpoint(spec: &ClusterSpec) -> Option<String> {
    let endpoint = spec.endpoint.as_ref()?;
    Some(match (&endpoint.host, endpoint.port) {
        (Host::Address(address), None) => address.to_string(),
        _ => endpoint.to_string(),
    })
}

/// The older API's only way to another algorithm (kubeadm: features/features.go, PublicKeysECDSA).
fn feature_gates(spec: &ClusterSpec, api: Api) -> Map {
    match (api, spec.leaf_key) {
        (Api::V1beta3, KeyAlgorithm::EcdsaP256) => Map::new().with("PublicKeysECDSA", true),
        _ => Map::new(),
    }
}

fn etcd(plan: &Plan, arguments: Value) -> Map {
    let spec = &plan.spec;
    match spec.etcd_mode {
        EtcdMode::Stacked => {
            let local = Map::new()
                .with("dataDir", spec.etcd_data_dir.as_str())
                .with_filled("serverCertSANs", texts(&spec.etcd_server_sans))
                .with_filled("peerCertSANs", texts(&spec.etcd_peer_sans))
                .with_filled("extraArgs", arguments);
            Map::new().with("local", local)
        }
        EtcdMode::External => {
            let of = |name| flag(plan, "kube-apiserver", name);
            let endpoints = of("etcd-servers").unwrap_or_default().split(',').map(str::to_owned).collect::<Vec<_>>();
            let external = Map::new()
                .with("endpoints", endpoints)
                .with_some("caFile", of("etcd-cafile"))
                .with_some("certFile", of("etcd-certfile"))
                .with_some("keyFile", of("etcd-keyfile"));
            Map::new().with("external", external)
        }
    }
}

/// A flag's value on the init node.
fn flag<'a>(plan: &'a Plan, component: &str, name: &str) -> Option<&'a str> {
    let init = plan.spec.init_node();
    plan.flags
        .iter()
        .find(|flag| flag.node == init && flag.row.component == component && flag.row.name == name)
        .and_then(|flag| match &flag.value {
            FlagValue::Set(text) => Some(text.as_str()),
            FlagValue::NotSet => None,
        })
}
