//! The fields of kubeadm's configuration that shape the PKI, one row each, with those beside them that kubeadm checks
//! (kubernetes.io/docs/reference/config-api: kubeadm-config.v1beta3, kubeadm-config.v1beta4, kubelet-config.v1beta1).

use kubepki_core::spec::Field::{
    ClusterName, DnsDomain, EtcdDataDir, EtcdPeerCertSans, EtcdServerCertSans, ImageRepository, KeysCa, KeysLeaf,
    KubernetesVersion, PodSubnets, ServiceSubnets, ValidityCa, ValidityLeaf,
};

use super::import::Import;
use super::kind::Holds::{Anything, Arguments, Commas, Duration, Flag, List, Number, Text};
use super::kind::Kind::{Cluster, Init, Join, Kubelet, Upgrade};
use super::row::Effect::{Does, Leaves, Nothing, Sets};
use super::row::FieldRow;
use super::rule;

/// Kind, path, what it holds, rule, effect; then for the tests a value that is accepted, one that is refused, and what
/// kubeadm says to that. `new` marks fields of v1beta4 alone, `needed` those whose zero value
/// stands for no default (kubeadm: apis/kubeadm/v1beta4/defaults.go).
macro_rules! row {
    (needed $kind:ident, $path:literal, $holds:ident, $rule:expr, $effect:expr, $accepted:literal, $refused:literal, $message:literal) => {
        FieldRow { needed: true, ..row!($kind, $path, $holds, $rule, $effect, $accepted, $refused, $message) }
    };
    (new $kind:ident, $path:literal, $holds:ident, $rule:expr, $effect:expr, $accepted:literal, $refused:literal, $message:literal) => {
        FieldRow { new: true, ..row!($kind, $path, $holds, $rule, $effect, $accepted, $refused, $message) }
    };
    ($kind:ident, $path:literal, $holds:ident, $rule:expr, $effect:expr, $accepted:literal, $refused:literal, $message:literal) => {
        FieldRow {
            kind: $kind,
            path: $path,
            new: false,
            needed: false,
            holds: $holds,
            rule: $rule,
            effect: $effect,
            #[cfg(any(test, feature = "values"))]
            accepted: $accepted,
            #[cfg(any(test, feature = "values"))]
            refused: $refused,
            #[cfg(any(test, feature = "values"))]
            message: $message,
        }
    };
}

/// Sets one field.
macro_rules! sets {
    ($($field:ident),+) => { Sets(&[$($field),+]) };
}

/// The table.
#[rustfmt::skip]
pub(super) static ROWS: &[FieldRow] = &[
    row!(Cluster, "certificatesDir", Text, Some(rule::absolute_path), Does(Import::certificates_dir),
        "/etc/kubernetes/pki", "pki", "path is not absolute"),
    row!(Cluster, "clusterName", Text, None, sets!(ClusterName),
        "prod", "[prod]", "json: cannot unmarshal array into Go struct field ClusterConfiguration.clusterName of type string"),
    row!(Cluster, "kubernetesVersion", Text, None, sets!(KubernetesVersion),
        "v1.36.1", "v1.20.0", "outside the versions known here"),
    row!(Cluster, "controlPlaneEndpoint", Text, Some(rule::endpoint), Does(Import::endpoint),
        "'[fd00::1]:6443'", "https://api.example.com", "port //api.example.com must be a valid number between 1 and 65535, inclusive"),
    row!(Cluster, "imageRepository", Text, Some(rule::image_repository), sets!(ImageRepository),
        "registry.corp.example:5000/k8s", "'not an image'", "invalid image repository format"),
    row!(Cluster, "networking.serviceSubnet", Commas, Some(rule::subnet), sets!(ServiceSubnets),
        "10.96.0.0/12,fd00::/108", "10.96.0.0", "couldn't parse subnet"),
    row!(Cluster, "networking.podSubnet", Commas, Some(rule::subnet), sets!(PodSubnets),
        "10.244.0.0/16", "10.244.0.0/99", "couldn't parse subnet"),
    row!(Cluster, "networking.dnsDomain", Text, Some(rule::subdomain), sets!(DnsDomain),
        "corp.example", "Corp_Example", "a lowercase RFC 1123 subdomain must consist of lower case"),
    row!(Cluster, "apiServer.certSANs", List, Some(rule::lowered_name), Does(Import::api_server_names),
        "['*.example.org', 10.0.0.100, Prod-API-1.elb.example]", "[My_Host]", "altname is not a valid IP address, DNS label"),
    row!(Cluster, "apiServer.extraArgs", Arguments, None, Does(Import::component_arguments),
        "[{name: tls-min-version, value: VersionTLS13}]", "{tls-min-version: VersionTLS13}",
        "json: cannot unmarshal object into Go struct field ClusterConfiguration.apiServer.extraArgs of type []v1beta4.Arg"),
    row!(Cluster, "controllerManager.extraArgs", Arguments, None, Does(Import::component_arguments),
        "[{name: bind-address, value: 0.0.0.0}]", "[{value: nameless}]", "argument has no name"),
    row!(Cluster, "scheduler.extraArgs", Arguments, None, Does(Import::component_arguments),
        "[{name: v, value: '4'}]", "text", "json: cannot unmarshal string"),
    row!(Cluster, "etcd.local.dataDir", Text, Some(rule::absolute_path), sets!(EtcdDataDir),
        "/data/etcd", "etcd", "path is not absolute"),
    row!(Cluster, "etcd.local.serverCertSANs", List, Some(rule::alternative_name), sets!(EtcdServerCertSans),
        "[etcd.example.org]", "[etcd_1]", "altname is not a valid IP address, DNS label"),
    row!(Cluster, "etcd.local.peerCertSANs", List, Some(rule::alternative_name), sets!(EtcdPeerCertSans),
        "[10.0.0.5]", "[10.0.0.500/8]", "altname is not a valid IP address, DNS label"),
    row!(Cluster, "etcd.local.extraArgs", Arguments, None, Does(Import::component_arguments),
        "[{name: tls-min-version, value: TLS1.3}]", "[text]", "json: cannot unmarshal string"),
    row!(Cluster, "etcd.external.endpoints", List, Some(rule::url), Does(Import::external_endpoints),
        "['https://10.0.0.31:2379']", "['10.0.0.31:2379']", "first path segment in URL cannot contain colon"),
    row!(Cluster, "etcd.external.caFile", Text, Some(rule::absolute_path), Does(Import::external_file),
        "/etc/kubernetes/pki/etcd/ca.crt", "ca.crt", "path is not absolute"),
    row!(Cluster, "etcd.external.certFile", Text, Some(rule::absolute_path), Does(Import::external_file),
        "/etc/kubernetes/pki/apiserver-etcd-client.crt", "client.crt", "path is not absolute"),
    row!(Cluster, "etcd.external.keyFile", Text, Some(rule::absolute_path), Does(Import::external_file),
        "/etc/kubernetes/pki/apiserver-etcd-client.key", "client.key", "path is not absolute"),
    row!(new Cluster, "etcd.external.httpEndpoints", List, Some(rule::url), Does(Import::http_endpoints),
        "['http://10.0.0.31:2381']", "['10.0.0.31:2381']", "first path segment in URL cannot contain colon"),
    row!(new Cluster, "encryptionAlgorithm", Text, Some(rule::algorithm), sets!(KeysCa, KeysLeaf),
        "ECDSA-P256", "Ed25519", "Invalid encryption algorithm \"Ed25519\". Must be one of ["),
    row!(new Cluster, "certificateValidityPeriod", Duration, None, sets!(ValidityLeaf),
        "2160h0m0s", "90d", "time: unknown unit \"d\" in duration \"90d\""),
    row!(new Cluster, "caCertificateValidityPeriod", Duration, None, sets!(ValidityCa),
        "43800h", "'43800'", "time: missing unit in duration \"43800\""),
    row!(Cluster, "featureGates.PublicKeysECDSA", Flag, None, Does(Import::ecdsa_gate),
        "false", "'maybe'", "json: cannot unmarshal string into Go struct field ClusterConfiguration.featureGates.PublicKeysECDSA of type bool"),
    row!(Cluster, "featureGates.ControlPlaneKubeletLocalMode", Flag, None, Does(Import::local_mode_gate),
        "true", "1", "json: cannot unmarshal number"),

    row!(Init, "nodeRegistration.name", Text, Some(rule::node_name), Does(Import::node_name),
        "CP-1.example.org", "cp_1", "a lowercase RFC 1123 subdomain must consist of lower case"),
    row!(Init, "nodeRegistration.taints", Anything, None, Does(Import::taints),
        "[]", "text", "json: cannot unmarshal string"),
    row!(Init, "nodeRegistration.kubeletExtraArgs", Arguments, None, Does(Import::kubelet_arguments),
        "[{name: node-ip, value: '10.0.0.11,fd00::11'}]", "{node-ip: 10.0.0.11}", "json: cannot unmarshal object"),
    row!(Init, "localAPIEndpoint.advertiseAddress", Text, Some(rule::advertise_address), Does(Import::advertise_address),
        "10.0.0.11", "cp-1.example.org", "must be ipv4 or ipv6 address"),
    row!(Init, "localAPIEndpoint.bindPort", Number, Some(rule::port), Does(Import::bind_port),
        "8443", "70000", "port number is not valid"),
    row!(Init, "certificateKey", Text, Some(rule::certificate_key), Leaves,
        "e6a2eb8581237ab72a4f494f30285ec12a9694d750b9785706a83bfcbbbd2204", "abcd",
        "invalid certificate key size 2, the key must be an AES key of size 32"),
    row!(needed Init, "bootstrapTokens.*.token", Text, Some(rule::bootstrap_token), Does(Import::secret),
        "abcdef.0123456789abcdef", "abcdef", "was not of the form"),
    row!(needed Init, "bootstrapTokens.*.ttl", Duration, None, Leaves,
        "24h0m0s", "1d", "time: unknown unit \"d\" in duration \"1d\""),
    row!(needed Init, "bootstrapTokens.*.expires", Text, Some(rule::moment), Leaves,
        "null", "tomorrow", "parsing time \"tomorrow\""),
    row!(Init, "bootstrapTokens.*.usages", List, Some(rule::token_usage), Leaves,
        "[signing, authentication]", "[anything]", "invalid bootstrap token usage string: anything"),
    row!(Init, "bootstrapTokens.*.groups", List, Some(rule::token_group), Leaves,
        "['system:bootstrappers:kubeadm:default-node-token']", "['system:masters']", "bootstrap group \"system:masters\" is invalid"),

    row!(Join, "nodeRegistration.name", Text, Some(rule::node_name), Does(Import::node_name),
        "w-7", "-w", "a lowercase RFC 1123 subdomain must consist of lower case"),
    row!(Join, "nodeRegistration.taints", Anything, None, Does(Import::taints),
        "[]", "text", "json: cannot unmarshal string"),
    row!(Join, "nodeRegistration.kubeletExtraArgs", Arguments, None, Does(Import::kubelet_arguments),
        "[{name: node-ip, value: 10.0.0.27}]", "[{name: node-ip, value: here}]", "ip address is not valid"),
    row!(Join, "caCertPath", Text, Some(rule::ca_path), Does(Import::ca_path),
        "/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/ca.pem", "the ca certificate path must be an absolute path"),
    row!(needed Join, "discovery.bootstrapToken.apiServerEndpoint", Text, Some(rule::host_port), Nothing,
        "api.example.com:6443", "api.example.com", "missing port in address"),
    row!(needed Join, "discovery.bootstrapToken.token", Text, Some(rule::join_token), Does(Import::secret),
        "abcdef.0123456789abcdef", "abcdef", "the bootstrap token is invalid"),
    row!(Join, "discovery.bootstrapToken.caCertHashes", List, Some(rule::ca_hash), Does(Import::ca_hashes),
        "['sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']", "['md5:00']", "unknown hash format \"md5\""),
    row!(Join, "discovery.bootstrapToken.unsafeSkipCAVerification", Flag, None, Does(Import::skip_verification),
        "true", "'no'", "json: cannot unmarshal string"),
    row!(Join, "discovery.tlsBootstrapToken", Text, Some(rule::join_token), Does(Import::secret),
        "abcdef.0123456789abcdef", "secret", "the bootstrap token is invalid"),
    row!(Join, "controlPlane.localAPIEndpoint.advertiseAddress", Text, Some(rule::advertise_address), Does(Import::advertise_address),
        "10.0.0.27", "10.0.0.0/24", "must be ipv4 or ipv6 address"),
    row!(Join, "controlPlane.localAPIEndpoint.bindPort", Number, Some(rule::port), Does(Import::bind_port),
        "6443", "65536", "port number is not valid"),
    row!(Join, "controlPlane.certificateKey", Text, Some(rule::certificate_key), Leaves,
        "e6a2eb8581237ab72a4f494f30285ec12a9694d750b9785706a83bfcbbbd2204", "xyz", "certificate key decoding error"),

    row!(new Upgrade, "apply.certificateRenewal", Flag, None, Does(Import::renewal),
        "true", "'always'", "json: cannot unmarshal string"),
    row!(new Upgrade, "node.certificateRenewal", Flag, None, Does(Import::renewal),
        "false", "[]", "json: cannot unmarshal array"),

    row!(Kubelet, "serverTLSBootstrap", Flag, None, Does(Import::server_tls_bootstrap),
        "true", "'true'", "json: cannot unmarshal string"),
    row!(Kubelet, "tlsMinVersion", Text, Some(rule::tls_version), Does(Import::kubelet_tls),
        "VersionTLS13", "TLS1.3", "unknown tls version \"TLS1.3\""),
    row!(Kubelet, "tlsCipherSuites", List, Some(rule::cipher_suite), Does(Import::kubelet_tls),
        "[TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]", "[AES]", "Cipher suite AES not supported or doesn't exist"),
    row!(Kubelet, "rotateCertificates", Flag, None, Does(Import::rotation),
        "true", "2", "json: cannot unmarshal number"),
    row!(Kubelet, "tlsCertFile", Text, None, Does(Import::kubelet_file),
        "/etc/kubelet/tls.crt", "{}", "json: cannot unmarshal object"),
    row!(Kubelet, "tlsPrivateKeyFile", Text, None, Does(Import::kubelet_file),
        "/etc/kubelet/tls.key", "[]", "json: cannot unmarshal array"),
    row!(Kubelet, "authentication.x509.clientCAFile", Text, None, Does(Import::client_ca),
        "/etc/kubernetes/pki/ca.crt", "[a]", "json: cannot unmarshal array"),
    row!(Kubelet, "authentication.anonymous.enabled", Flag, None, Does(Import::anonymous),
        "false", "'false'", "json: cannot unmarshal string"),
    row!(Kubelet, "clusterDomain", Text, Some(rule::subdomain), Does(Import::cluster_domain),
        "cluster.local", "[]", "json: cannot unmarshal array"),
];
