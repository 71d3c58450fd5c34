//! What the user wants: the fields of a design, a draft with any text in them, and the [`ClusterSpec`] that a draft
//! without errors becomes.

pub mod draft;
pub mod duration;
pub mod field;
pub mod link;
pub mod name;
pub mod parse;
pub mod preset;
pub mod version;

use std::net::IpAddr;

pub use draft::{Draft, NodeDraft, Value};
pub use duration::Lifetime;
pub use field::{FIELDS, Field, FieldKind, FieldRow};
pub use name::{Cidr, Endpoint, Host, San};
pub use parse::parse;
pub use version::{KubeVersion, When};

/// `apiVersion` of a design file.
pub const API_VERSION: &str = "kubepki.dev/v1alpha1";
/// `kind` of a design file.
pub const KIND: &str = "ClusterDesign";

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$one])* $variant),* }

        impl $name {
            /// Every variant, in the design file's order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in the design file.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The variant a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// How the cluster is started, hence what the zip may hold for each node (kubeadm: preflight/checks.go).
    Start {
        /// By `kubeadm init` and `kubeadm join`.
        Kubeadm = "kubeadm",
        /// By hand: every node gets everything.
        Manual = "manual",
    }
}
words! {
    /// Where files go and what they are called.
    LayoutId {
        /// As kubeadm does.
        Kubeadm = "kubeadm",
        /// As training courses do.
        Course = "course",
    }
}
words! {
    /// Where etcd runs.
    EtcdMode {
        /// On every control-plane node.
        Stacked = "stacked",
        /// On the nodes with role `etcd`.
        External = "external",
    }
}
words! {
    /// Where CA private keys are kept.
    CaKeys {
        /// On control-plane nodes, as kubeadm does.
        OnControlPlane = "onControlPlane",
        /// Off every node.
        OffNode = "offNode",
    }
}
words! {
    /// Who makes the kubelets' client certificates.
    KubeletClient {
        /// The joining kubelet asks for it.
        Bootstrap = "bootstrap",
        /// Made here.
        Issued = "issued",
    }
}
words! {
    /// Who signs the kubelets' serving certificates.
    KubeletServing {
        /// Each kubelet itself.
        SelfSigned = "selfSigned",
        /// The cluster CA.
        ClusterCa = "clusterCA",
    }
}
words! {
    /// How many CAs there are (course layout).
    Trust {
        /// One for the cluster, one for etcd.
        Separate = "separate",
        /// One for all.
        Single = "single",
    }
}
words! {
    /// How files are called (course layout).
    FileNames {
        /// `NAME.crt` and `NAME.key`.
        Crt = "crt",
        /// `NAME.pem` and `NAME-key.pem`.
        Pem = "pem",
    }
}
words! {
    /// What the API server presents as a client (course layout).
    ClientPairs {
        /// Own pairs for etcd and kubelets.
        Own = "own",
        /// Its serving pair, which then needs clientAuth too.
        Serving = "serving",
    }
}
words! {
    /// The lowest TLS version.
    TlsVersion {
        /// TLS 1.2.
        Tls12 = "VersionTLS12",
        /// TLS 1.3.
        Tls13 = "VersionTLS13",
    }
}

impl TlsVersion {
    /// As etcd's flag spells it (etcd: server/etcdmain/help.go).
    pub fn etcd_word(self) -> &'static str {
        match self {
            Self::Tls12 => "TLS1.2",
            Self::Tls13 => "TLS1.3",
        }
    }
}
words! {
    /// Algorithm of a key pair.
    KeyAlgorithm {
        /// RSA, 2048 bits.
        Rsa2048 = "RSA-2048",
        /// RSA, 3072 bits.
        Rsa3072 = "RSA-3072",
        /// RSA, 4096 bits.
        Rsa4096 = "RSA-4096",
        /// ECDSA on P-256.
        EcdsaP256 = "ECDSA-P256",
        /// ECDSA on P-384.
        EcdsaP384 = "ECDSA-P384",
    }
}

impl KeyAlgorithm {
    /// Whether it is RSA.
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }

    /// Bits of the modulus or of the curve's field.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
            Self::EcdsaP256 => 256,
            Self::EcdsaP384 => 384,
        }
    }

    /// The signature a CA key of this algorithm makes, as Go names it: decided by the CA's key alone.
    pub fn signature(self) -> &'static str {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => "SHA256-RSA",
            Self::EcdsaP256 => "ECDSA-SHA256",
            Self::EcdsaP384 => "ECDSA-SHA384",
        }
    }
}

/// A node: a machine with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Lower-case RFC 1123 name, unique in the design.
    pub name: String,
    /// Its addresses, at least one; the first is the advertise address.
    pub addresses: Vec<IpAddr>,
    /// Runs API server, controller manager and scheduler.
    pub control_plane: bool,
    /// Named as an etcd host. With stacked etcd control-plane nodes are members whether named or not.
    pub etcd: bool,
    /// Runs workloads.
    pub worker: bool,
}

impl Node {
    /// `addresses[0]`: where its servers listen and what their certificates must name.
    pub fn advertise(&self) -> IpAddr {
        self.addresses[0]
    }

    /// The kubelet's `--node-ip`: one address, or one of each family (kubernetes.io/docs/reference/command-line-tools-reference/kubelet).
    /// Without it a kubelet takes an address of the default route's interface, whatever kubeadm advertises.
    pub fn kubelet_addresses(&self) -> String {
        let first = self.advertise();
        match self.addresses.iter().find(|address| address.is_ipv4() != first.is_ipv4()) {
            Some(other) => format!("{first},{other}"),
            None => first.to_string(),
        }
    }

    /// The loopback address in the family of [`Node::advertise`]: where its components reach each other.
    pub fn loopback(&self) -> IpAddr {
        match self.advertise() {
            IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        }
    }

    /// Whether a kubelet runs on it. Hosts that are etcd alone have none here: they are set up by hand.
    pub fn has_kubelet(&self) -> bool {
        self.control_plane || self.worker
    }
}

/// A design without errors: small, typed, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is documented by its row in spec::field::FIELDS")]
pub struct ClusterSpec {
    pub cluster_name: String,
    pub version: KubeVersion,
    pub start: Start,
    pub layout: LayoutId,
    pub endpoint: Option<Endpoint>,
    pub service_subnets: Vec<Cidr>,
    pub pod_subnets: Vec<Cidr>,
    pub dns_domain: String,
    pub nodes: Vec<Node>,
    pub etcd_mode: EtcdMode,
    pub etcd_server_sans: Vec<San>,
    pub etcd_peer_sans: Vec<San>,
    pub etcd_data_dir: String,
    pub api_server_sans: Vec<San>,
    pub bind_port: u16,
    pub ca_key: KeyAlgorithm,
    pub leaf_key: KeyAlgorithm,
    pub ca_validity: Lifetime,
    pub leaf_validity: Lifetime,
    pub ca_keys: CaKeys,
    pub kubelet_client: KubeletClient,
    pub kubelet_serving: KubeletServing,
    pub tls_min_version: Option<TlsVersion>,
    pub cipher_suites: Vec<String>,
    pub trust: Trust,
    pub file_names: FileNames,
    pub client_pairs: ClientPairs,
    pub image_repository: String,
    pub also_sets: Vec<String>,
}

impl ClusterSpec {
    /// Index of the init node: the first control-plane node.
    pub fn init_node(&self) -> usize {
        self.nodes.iter().position(|node| node.control_plane).unwrap_or(0)
    }

    /// Whether a node is an etcd member.
    pub fn is_etcd_member(&self, node: &Node) -> bool {
        match self.etcd_mode {
            EtcdMode::Stacked => node.control_plane,
            EtcdMode::External => node.etcd,
        }
    }

    /// The etcd members, in order.
    pub fn etcd_members(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| self.is_etcd_member(node))
    }

    /// The cipher suites that etcd is given: none where TLS 1.3 is its lowest version, for then it refuses to start with a
    /// list (etcd: server/embed/config.go, `cipher suites cannot be configured when only TLS1.3 is enabled`).
    pub fn etcd_cipher_suites(&self) -> &[String] {
        if self.tls_min_version == Some(TlsVersion::Tls13) { &[] } else { &self.cipher_suites }
    }

    /// Address number 1 of the first service CIDR: the Service `kubernetes` (kubeadm: GetAPIServerAltNames).
    pub fn service_address(&self) -> IpAddr {
        self.service_subnets[0].nth(1)
    }

    /// `https://…` of the control-plane endpoint, falling back to the init node's own (kubeadm: phases/kubeconfig/kubeconfig.go).
    pub fn control_plane_url(&self) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("https://{}:{}", endpoint.host, endpoint.port.unwrap_or(self.bind_port)),
            None => self.local_url(&self.nodes[self.init_node()]),
        }
    }

    /// `https://…` of a control-plane node's own API server.
    pub fn local_url(&self, node: &Node) -> String {
        format!("https://{}:{}", Host::Address(node.advertise()), self.bind_port)
    }
}
