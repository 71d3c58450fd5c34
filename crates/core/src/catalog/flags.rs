//! The flags that take a certificate or a key, or decide what one is worth: one row each.
//! Manifests, the flags view and the files' purposes are made from these rows.
//!
//! A row has two halves that stand together here and are apart in the program: what the engine works with ([`FLAGS`]),
//! and what people are told ([`told`]), which a build that tells nothing does not carry.

use crate::catalog::holding::Holding::{self, Certificate, Kubeconfig, PrivateKey, PublicKey};
use crate::catalog::row::On;
use crate::spec::{CaKeys, ClusterSpec, EtcdMode, Host, KubeVersion, KubeletServing, LayoutId, Node, Start, When};

/// What a file is to the component that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Presents it as a server.
    Serves,
    /// Presents it as a client.
    Calls,
    /// Checks others with it.
    Trusts,
    /// Signs or verifies tokens and certificates with it.
    Keys,
    /// No certificate: decides what one is worth.
    Setting,
}

impl Direction {
    /// As the flags view names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Serves => "presents as server",
            Self::Calls => "presents as client",
            Self::Trusts => "checks others with it",
            Self::Keys => "signs or verifies with it",
            Self::Setting => "setting",
        }
    }
}

/// Where a flag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the command line, `--name=value`.
    Argument,
    /// A field of the KubeletConfiguration file, dotted path.
    KubeletConfig,
}

/// How a flag's value follows from the design.
#[derive(Debug)]
pub enum Rule {
    /// Path of the file that holds this of the first of these certificates that the node has; not set without one.
    File(&'static [&'static str], Holding),
    /// The same, while a condition holds.
    FileIf(fn(&ClusterSpec) -> bool, &'static [&'static str], Holding),
    /// A fixed text. `{domain}` and `{cluster}` are filled in.
    Text(&'static str),
    /// Path of the kubelet's kubeconfig, which the layout says: it is there to be, whoever makes the file.
    KubeletKubeconfig,
    /// Computed; not set for nothing.
    Of(fn(&ClusterSpec, &Node) -> Option<String>),
}

impl Rule {
    /// The certificates it names.
    pub fn ids(&self) -> &'static [&'static str] {
        match self {
            Self::File(ids, _) | Self::FileIf(_, ids, _) => ids,
            Self::Text(_) | Self::KubeletKubeconfig | Self::Of(_) => &[],
        }
    }
}

/// One flag of one component.
#[derive(Debug)]
pub struct FlagRow {
    /// The component, as its binary is called.
    pub component: &'static str,
    /// The flag without dashes, or the dotted field.
    pub name: &'static str,
    /// Where it is written.
    pub place: Place,
    /// Its value.
    pub value: Rule,
    /// What its file is to the component.
    pub direction: Direction,
    /// Versions that have it.
    pub when: When,
}

/// What people are told about a flag.
#[derive(Debug)]
pub struct FlagTold {
    /// What it does, one sentence.
    pub meaning: &'static str,
    /// What happens without it.
    pub absent: &'static str,
    /// Where that is from.
    pub source: &'static str,
}

/// What is told about a flag.
pub fn told(row: &FlagRow) -> &'static FlagTold {
    let is = |one: &FlagRow| one.component == row.component && one.name == row.name && one.when == row.when;
    &TOLD[FLAGS.iter().position(is).unwrap_or_default()]
}

/// A component: a program that is started with flags.
#[derive(Debug)]
pub struct ComponentRow {
    /// Its name, as its binary is called.
    pub name: &'static str,
    /// The nodes it runs on.
    pub runs_on: On,
}

/// The components, in the order of the flags view.
pub static COMPONENTS: &[ComponentRow] = &[
    ComponentRow { name: "kube-apiserver", runs_on: |_, node| node.control_plane },
    ComponentRow { name: "kube-controller-manager", runs_on: |_, node| node.control_plane },
    ComponentRow { name: "kube-scheduler", runs_on: |_, node| node.control_plane },
    ComponentRow { name: "etcd", runs_on: |spec, node| spec.is_etcd_member(node) },
    ComponentRow { name: "kubelet", runs_on: |_, node| node.has_kubelet() },
];

const MANIFESTS: &str = "kubeadm: cmd/kubeadm/app/phases/controlplane/manifests.go";
const LOCAL_ETCD: &str = "kubeadm: cmd/kubeadm/app/phases/etcd/local.go";
const KUBELET_CONFIG: &str = "kubeadm: cmd/kubeadm/app/componentconfigs/kubelet.go";
const HARDENING: &str = "kubernetes/component-base: cli/flag/ciphersuites_flag.go";
/// etcd 3.6 came with 1.34 and lost the `experimental-` prefix.
const ETCD_36: &[KubeVersion] = &[KubeVersion::new(34, 0)];

macro_rules! when {
    () => {
        When::ALWAYS
    };
    ($when:expr) => {
        $when
    };
}

/// The table: component, flag, place, value, direction; what it does, what happens without it, source; versions.
macro_rules! flags {
    ($(flag!($component:literal, $name:literal, $place:ident, $value:expr, $direction:ident, $meaning:literal,
     $absent:literal, $source:expr $(, $when:expr)?),)*) => {
        /// Every flag, component by component; manifests sort them by name as kubeadm does.
        pub static FLAGS: &[FlagRow] = &[$(FlagRow {
            component: $component,
            name: $name,
            place: Place::$place,
            value: $value,
            direction: Direction::$direction,
            when: when!($($when)?),
        }),*];
        static TOLD: &[FlagTold] = &[$(FlagTold { meaning: $meaning, absent: $absent, source: $source }),*];
    };
}

use Rule::{File, FileIf, KubeletKubeconfig, Of, Text};

#[rustfmt::skip]
flags! {
    flag!("kube-apiserver", "tls-cert-file", Argument, File(&["apiserver"], Certificate), Serves,
        "The certificate shown to everyone who calls.", "a self-signed pair in --cert-dir", MANIFESTS),
    flag!("kube-apiserver", "tls-private-key-file", Argument, File(&["apiserver"], PrivateKey), Serves,
        "Its key.", "a self-signed pair in --cert-dir", MANIFESTS),
    flag!("kube-apiserver", "client-ca-file", Argument, File(&["ca"], Certificate), Trusts,
        "Client certificates signed by this CA are believed: CN is the user, O the groups.", "client certificates are ignored", MANIFESTS),
    flag!("kube-apiserver", "etcd-servers", Argument, Of(etcd_servers), Setting,
        "The etcd members it calls; their certificates must answer to these addresses.", "it does not start", MANIFESTS),
    flag!("kube-apiserver", "etcd-cafile", Argument, File(&["etcd-ca", "ca"], Certificate), Trusts,
        "Which etcd is believed.", "the system's roots decide", MANIFESTS),
    flag!("kube-apiserver", "etcd-certfile", Argument, File(&["apiserver-etcd-client", "apiserver"], Certificate), Calls,
        "Who it is towards etcd.", "it presents nothing and etcd refuses it", MANIFESTS),
    flag!("kube-apiserver", "etcd-keyfile", Argument, File(&["apiserver-etcd-client", "apiserver"], PrivateKey), Calls,
        "The key of that certificate.", "it presents nothing and etcd refuses it", MANIFESTS),
    flag!("kube-apiserver", "kubelet-client-certificate", Argument, File(&["apiserver-kubelet-client", "apiserver"], Certificate), Calls,
        "Who it is towards kubelets.", "it is anonymous to kubelets", MANIFESTS),
    flag!("kube-apiserver", "kubelet-client-key", Argument, File(&["apiserver-kubelet-client", "apiserver"], PrivateKey), Calls,
        "The key of that certificate.", "it is anonymous to kubelets", MANIFESTS),
    flag!("kube-apiserver", "kubelet-certificate-authority", Argument, FileIf(kubelets_signed_here, &["ca"], Certificate), Trusts,
        "Which kubelet is believed.",
        "no kubelet is checked: whoever sits between can pose as one. kubeadm leaves it out; sign the kubelets' serving certificates first, then set it.",
        "kubernetes/apiserver; CIS 1.2.5 (v1.12)"),
    flag!("kube-apiserver", "kubelet-preferred-address-types", Argument, Text("InternalIP,ExternalIP,Hostname"), Setting,
        "Which address of a node it dials, hence which name the kubelet's certificate must have.", "Hostname first", MANIFESTS),
    flag!("kube-apiserver", "proxy-client-cert-file", Argument, File(&["front-proxy-client"], Certificate), Calls,
        "Who it is towards aggregated API servers.", "it presents nothing; aggregation does not work", MANIFESTS),
    flag!("kube-apiserver", "proxy-client-key-file", Argument, File(&["front-proxy-client"], PrivateKey), Calls,
        "The key of that certificate.", "it presents nothing; aggregation does not work", MANIFESTS),
    flag!("kube-apiserver", "requestheader-client-ca-file", Argument, File(&["front-proxy-ca"], Certificate), Trusts,
        "Who may send identity headers.", "identity headers are ignored", MANIFESTS),
    flag!("kube-apiserver", "requestheader-allowed-names", Argument, Of(|spec, _| front_proxy(spec, "front-proxy-client")), Trusts,
        "Which common names may send them.", "any certificate of that CA may", MANIFESTS),
    flag!("kube-apiserver", "requestheader-username-headers", Argument, Of(|spec, _| front_proxy(spec, "X-Remote-User")), Setting,
        "The header that names the user.", "no header is read", MANIFESTS),
    flag!("kube-apiserver", "requestheader-group-headers", Argument, Of(|spec, _| front_proxy(spec, "X-Remote-Group")), Setting,
        "The header that names groups.", "no header is read", MANIFESTS),
    flag!("kube-apiserver", "requestheader-extra-headers-prefix", Argument, Of(|spec, _| front_proxy(spec, "X-Remote-Extra-")), Setting,
        "Headers that begin so carry more about the user.", "no header is read", MANIFESTS),
    flag!("kube-apiserver", "service-account-key-file", Argument, File(&["sa"], PublicKey), Keys,
        "Verifies service-account tokens.", "the TLS key is used", MANIFESTS),
    flag!("kube-apiserver", "service-account-signing-key-file", Argument, File(&["sa"], PrivateKey), Keys,
        "Signs service-account tokens.", "it does not start (since 1.20)", MANIFESTS),
    flag!("kube-apiserver", "service-account-issuer", Argument, Text("https://kubernetes.default.svc.{domain}"), Keys,
        "The issuer named in tokens.", "it does not start", MANIFESTS),
    flag!("kube-apiserver", "authorization-mode", Argument, Text("Node,RBAC"), Setting,
        "Who decides what an identity may do.", "everything is allowed", MANIFESTS),
    flag!("kube-apiserver", "enable-admission-plugins", Argument, Text("NodeRestriction"), Setting,
        "Ties a node's identity to its own objects.", "a kubelet may label other nodes", MANIFESTS),
    flag!("kube-apiserver", "enable-bootstrap-token-auth", Argument, Text("true"), Setting,
        "Lets joining kubelets in with a token.", "nobody can join with a token", MANIFESTS),
    flag!("kube-apiserver", "advertise-address", Argument, Of(|_, node| Some(node.advertise().to_string())), Setting,
        "The address it tells others.", "the address of the default route", MANIFESTS),
    flag!("kube-apiserver", "secure-port", Argument, Of(|spec, _| Some(spec.bind_port.to_string())), Setting,
        "The port it listens on.", "6443", MANIFESTS),
    flag!("kube-apiserver", "service-cluster-ip-range", Argument, Of(|spec, _| list(&spec.service_subnets)), Setting,
        "The Services' addresses; the first one stands in its certificate.", "10.0.0.0/24", MANIFESTS),
    flag!("kube-apiserver", "allow-privileged", Argument, Text("true"), Setting,
        "Lets privileged Pods run, as kube-proxy is one.", "privileged Pods are refused", MANIFESTS),
    flag!("kube-apiserver", "tls-min-version", Argument, Of(min_version), Setting,
        "The lowest TLS version it speaks.", "TLS 1.2", HARDENING),
    flag!("kube-apiserver", "tls-cipher-suites", Argument, Of(suites), Setting,
        "The TLS 1.2 cipher suites it offers.", "Go's own list", HARDENING),

    flag!("kube-controller-manager", "kubeconfig", Argument, File(&["controller-manager.conf"], Kubeconfig), Calls,
        "Who it is towards the API server, and which API server it believes.", "it has no API server", MANIFESTS),
    flag!("kube-controller-manager", "authentication-kubeconfig", Argument, File(&["controller-manager.conf"], Kubeconfig), Calls,
        "With it, it asks who a caller is.", "callers stay unknown", MANIFESTS),
    flag!("kube-controller-manager", "authorization-kubeconfig", Argument, File(&["controller-manager.conf"], Kubeconfig), Calls,
        "With it, it asks what a caller may do.", "callers may do nothing", MANIFESTS),
    flag!("kube-controller-manager", "client-ca-file", Argument, File(&["ca"], Certificate), Trusts,
        "Whose client certificates are believed on port 10257.", "client certificates are ignored there", MANIFESTS),
    flag!("kube-controller-manager", "requestheader-client-ca-file", Argument, File(&["front-proxy-ca"], Certificate), Trusts,
        "Who may send it identity headers.", "identity headers are ignored", MANIFESTS),
    flag!("kube-controller-manager", "root-ca-file", Argument, File(&["ca"], Certificate), Trusts,
        "What every Pod gets as ca.crt, in ConfigMap kube-root-ca.crt.", "Pods get no CA", MANIFESTS),
    flag!("kube-controller-manager", "service-account-private-key-file", Argument, File(&["sa"], PrivateKey), Keys,
        "Signs the tokens of legacy Secrets.", "no such tokens are made", MANIFESTS),
    flag!("kube-controller-manager", "cluster-signing-cert-file", Argument, FileIf(ca_keys_on_node, &["ca"], Certificate), Keys,
        "The CA that signs CSRs.", "no CSR is signed: kubelets can neither join nor renew", MANIFESTS),
    flag!("kube-controller-manager", "cluster-signing-key-file", Argument, FileIf(ca_keys_on_node, &["ca"], PrivateKey), Keys,
        "That CA's key.", "no CSR is signed: kubelets can neither join nor renew", MANIFESTS),
    flag!("kube-controller-manager", "use-service-account-credentials", Argument, Text("true"), Setting,
        "Each controller uses a token of its own.", "all controllers share one identity", MANIFESTS),
    flag!("kube-controller-manager", "controllers", Argument, Text("*,bootstrapsigner,tokencleaner"), Setting,
        "Which controllers run.", "joining with tokens does not work", MANIFESTS),
    flag!("kube-controller-manager", "bind-address", Argument, Text("127.0.0.1"), Setting,
        "Where port 10257 listens.", "on all addresses", MANIFESTS),
    flag!("kube-controller-manager", "leader-elect", Argument, Text("true"), Setting,
        "One of several is active.", "true", MANIFESTS),
    flag!("kube-controller-manager", "cluster-name", Argument, Text("{cluster}"), Setting,
        "The cluster's name.", "kubernetes", MANIFESTS),
    flag!("kube-controller-manager", "allocate-node-cidrs", Argument, Of(|spec, _| list(&spec.pod_subnets).map(|_| "true".into())), Setting,
        "Gives each node a part of the Pod CIDR.", "the network add-on decides", MANIFESTS),
    flag!("kube-controller-manager", "cluster-cidr", Argument, Of(|spec, _| list(&spec.pod_subnets)), Setting,
        "The Pods' addresses.", "the network add-on decides", MANIFESTS),
    flag!("kube-controller-manager", "service-cluster-ip-range", Argument, Of(|spec, _| list(&spec.pod_subnets).and_then(|_| list(&spec.service_subnets))), Setting,
        "The Services' addresses.", "not needed without Pod CIDR", MANIFESTS),
    flag!("kube-controller-manager", "tls-min-version", Argument, Of(min_version), Setting,
        "The lowest TLS version it speaks.", "TLS 1.2", HARDENING),
    flag!("kube-controller-manager", "tls-cipher-suites", Argument, Of(suites), Setting,
        "The TLS 1.2 cipher suites it offers.", "Go's own list", HARDENING),

    flag!("kube-scheduler", "kubeconfig", Argument, File(&["scheduler.conf"], Kubeconfig), Calls,
        "Who it is towards the API server, and which API server it believes.", "it has no API server", MANIFESTS),
    flag!("kube-scheduler", "authentication-kubeconfig", Argument, File(&["scheduler.conf"], Kubeconfig), Calls,
        "With it, it asks who a caller is.", "callers stay unknown", MANIFESTS),
    flag!("kube-scheduler", "authorization-kubeconfig", Argument, File(&["scheduler.conf"], Kubeconfig), Calls,
        "With it, it asks what a caller may do.", "callers may do nothing", MANIFESTS),
    flag!("kube-scheduler", "bind-address", Argument, Text("127.0.0.1"), Setting,
        "Where port 10259 listens.", "on all addresses", MANIFESTS),
    flag!("kube-scheduler", "leader-elect", Argument, Text("true"), Setting,
        "One of several is active.", "true", MANIFESTS),
    flag!("kube-scheduler", "tls-min-version", Argument, Of(min_version), Setting,
        "The lowest TLS version it speaks.", "TLS 1.2", HARDENING),
    flag!("kube-scheduler", "tls-cipher-suites", Argument, Of(suites), Setting,
        "The TLS 1.2 cipher suites it offers.", "Go's own list", HARDENING),

    flag!("etcd", "cert-file", Argument, File(&["etcd-server"], Certificate), Serves,
        "The certificate shown on port 2379; its own gateway calls with it too.", "it serves plain HTTP", LOCAL_ETCD),
    flag!("etcd", "key-file", Argument, File(&["etcd-server"], PrivateKey), Serves,
        "Its key.", "it serves plain HTTP", LOCAL_ETCD),
    flag!("etcd", "trusted-ca-file", Argument, File(&["etcd-ca", "ca"], Certificate), Trusts,
        "Whose clients are let in. Any certificate of this CA is full access.", "the system's roots decide", LOCAL_ETCD),
    flag!("etcd", "client-cert-auth", Argument, Text("true"), Trusts,
        "Clients must present a certificate.", "required all the same once a trusted CA is set", LOCAL_ETCD),
    flag!("etcd", "peer-cert-file", Argument, File(&["etcd-peer"], Certificate), Serves,
        "The certificate shown to, and presented at, other members.", "members talk plain HTTP", LOCAL_ETCD),
    flag!("etcd", "peer-key-file", Argument, File(&["etcd-peer"], PrivateKey), Serves,
        "Its key.", "members talk plain HTTP", LOCAL_ETCD),
    flag!("etcd", "peer-trusted-ca-file", Argument, File(&["etcd-ca", "ca"], Certificate), Trusts,
        "Which members are believed.", "the system's roots decide", LOCAL_ETCD),
    flag!("etcd", "peer-client-cert-auth", Argument, Text("true"), Trusts,
        "Members must present a certificate.", "any caller may pose as a member", LOCAL_ETCD),
    flag!("etcd", "name", Argument, Of(|_, node| Some(node.name.clone())), Setting,
        "The member's name.", "default", LOCAL_ETCD),
    flag!("etcd", "data-dir", Argument, Of(|spec, _| Some(spec.etcd_data_dir.clone())), Setting,
        "Where everything in the cluster is stored.", "NAME.etcd", LOCAL_ETCD),
    flag!("etcd", "listen-client-urls", Argument, Of(|_, node| Some(format!("https://{}:2379,https://{}:2379", loopback(node), Host::Address(node.advertise())))), Setting,
        "Where clients are served.", "plain HTTP on loopback", LOCAL_ETCD),
    flag!("etcd", "advertise-client-urls", Argument, Of(|_, node| Some(format!("https://{}:2379", Host::Address(node.advertise())))), Setting,
        "The address clients are told.", "plain HTTP on loopback", LOCAL_ETCD),
    flag!("etcd", "listen-peer-urls", Argument, Of(|_, node| Some(format!("https://{}:2380", Host::Address(node.advertise())))), Setting,
        "Where members are served.", "plain HTTP on loopback", LOCAL_ETCD),
    flag!("etcd", "initial-advertise-peer-urls", Argument, Of(|_, node| Some(format!("https://{}:2380", Host::Address(node.advertise())))), Setting,
        "The address members are told.", "plain HTTP on loopback", LOCAL_ETCD),
    flag!("etcd", "initial-cluster", Argument, Of(initial_cluster), Setting,
        "The members that form the cluster.", "this member alone", LOCAL_ETCD),
    flag!("etcd", "initial-cluster-state", Argument, Of(initial_state), Setting,
        "Whether it joins a cluster that exists.", "new", LOCAL_ETCD),
    flag!("etcd", "listen-metrics-urls", Argument, Of(|_, node| Some(format!("http://{}:2381", loopback(node)))), Setting,
        "Health and metrics for the kubelet's probe: plain HTTP, this machine alone.", "served with the clients", LOCAL_ETCD),
    flag!("etcd", "snapshot-count", Argument, Text("10000"), Setting,
        "Entries between snapshots.", "100000 before etcd 3.6", LOCAL_ETCD),
    flag!("etcd", "experimental-initial-corrupt-check", Argument, Text("true"), Setting,
        "Compares data with the other members before serving.", "no check", LOCAL_ETCD, When::until(ETCD_36)),
    flag!("etcd", "experimental-watch-progress-notify-interval", Argument, Text("5s"), Setting,
        "How often watchers hear that nothing changed.", "10m", LOCAL_ETCD, When::until(ETCD_36)),
    flag!("etcd", "feature-gates", Argument, Text("InitialCorruptCheck=true"), Setting,
        "Compares data with the other members before serving.", "no check", LOCAL_ETCD, When::since(ETCD_36)),
    flag!("etcd", "watch-progress-notify-interval", Argument, Text("5s"), Setting,
        "How often watchers hear that nothing changed.", "10m", LOCAL_ETCD, When::since(ETCD_36)),
    flag!("etcd", "tls-min-version", Argument, Of(|spec, _| spec.tls_min_version.map(|version| version.etcd_word().to_owned())), Setting,
        "The lowest TLS version it speaks; etcd spells it TLS1.2.", "TLS 1.2", "etcd: server/etcdmain/help.go"),
    flag!("etcd", "cipher-suites", Argument, Of(|spec, _| list(spec.etcd_cipher_suites())), Setting,
        "The TLS 1.2 cipher suites it offers.", "Go's own list; with TLS 1.3 as the lowest version etcd refuses to start with one",
        "etcd: server/embed/config.go"),

    flag!("kubelet", "kubeconfig", Argument, KubeletKubeconfig, Calls,
        "Who it is towards the API server, and which API server it believes.", "it runs alone, without a cluster", KUBELET_CONFIG),
    flag!("kubelet", "bootstrap-kubeconfig", Argument, Of(kubelet_bootstrap), Calls,
        "With its token it requests its first certificate.", "it must have a certificate already", KUBELET_CONFIG),
    flag!("kubelet", "hostname-override", Argument, Of(|spec, node| (spec.start == Start::Manual).then(|| node.name.clone())), Setting,
        "The name it registers under, which its certificates are for. kubeadm sets it where the machine is called otherwise than the node.",
        "the machine's own name: where that is another, the API server forbids what it asks",
        "kubernetes: pkg/util/node/node.go, GetHostname; kubeadm: cmd/kubeadm/app/phases/kubelet/flags.go, buildKubeletArgsCommon"),
    flag!("kubelet", "node-ip", Argument, Of(|_, node| Some(node.kubelet_addresses())), Setting,
        "The address it registers, which the API server dials and its serving certificate names.",
        "an address of the default route's interface: with several, one that its certificate may not name",
        "kubernetes: pkg/kubelet/nodestatus/setters.go, NodeAddress"),
    flag!("kubelet", "authentication.x509.clientCAFile", KubeletConfig, Of(kubelet_client_ca), Trusts,
        "Whose client certificates are believed on port 10250.", "client certificates are ignored", KUBELET_CONFIG),
    flag!("kubelet", "authentication.anonymous.enabled", KubeletConfig, Text("false"), Setting,
        "Whether callers without credential are let in.", "false in this file, true by flags alone", KUBELET_CONFIG),
    flag!("kubelet", "authentication.webhook.enabled", KubeletConfig, Text("true"), Setting,
        "Asks the API server who a token belongs to.", "tokens are not understood", KUBELET_CONFIG),
    flag!("kubelet", "authorization.mode", KubeletConfig, Text("Webhook"), Setting,
        "Asks the API server what a caller may do.", "everything is allowed when set by flags alone", KUBELET_CONFIG),
    flag!("kubelet", "rotateCertificates", KubeletConfig, Text("true"), Calls,
        "Requests a new client certificate when 70 to 90 % of the old one's life is over.", "the certificate runs out", KUBELET_CONFIG),
    flag!("kubelet", "serverTLSBootstrap", KubeletConfig, Of(|spec, _| (spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Kubeadm).then(|| "true".into())), Serves,
        "Requests its serving certificate from the cluster CA; somebody must approve it.", "it signs its own", KUBELET_CONFIG),
    flag!("kubelet", "tlsCertFile", KubeletConfig, FileIf(kubelets_signed_here, &["kubelet-serving", "kubelet.conf"], Certificate), Serves,
        "The certificate shown on port 10250.", "it signs its own, which nobody can check", KUBELET_CONFIG),
    flag!("kubelet", "tlsPrivateKeyFile", KubeletConfig, FileIf(kubelets_signed_here, &["kubelet-serving", "kubelet.conf"], PrivateKey), Serves,
        "Its key.", "it signs its own, which nobody can check", KUBELET_CONFIG),
    flag!("kubelet", "readOnlyPort", KubeletConfig, Text("0"), Setting,
        "The port without any check, closed.", "0", KUBELET_CONFIG),
    flag!("kubelet", "tlsMinVersion", KubeletConfig, Of(min_version), Setting,
        "The lowest TLS version it speaks.", "TLS 1.2", HARDENING),
    flag!("kubelet", "tlsCipherSuites", KubeletConfig, Of(suites), Setting,
        "The TLS 1.2 cipher suites it offers.", "Go's own list", HARDENING),
    flag!("kubelet", "clusterDomain", KubeletConfig, Text("{domain}"), Setting,
        "The cluster's DNS domain.", "Pods find no Service by name", KUBELET_CONFIG),
    flag!("kubelet", "clusterDNS", KubeletConfig, Of(|spec, _| Some(spec.service_subnets[0].nth(10).to_string())), Setting,
        "The address Pods ask for names.", "the node's own resolver", KUBELET_CONFIG),
    flag!("kubelet", "staticPodPath", KubeletConfig, Text("/etc/kubernetes/manifests"), Setting,
        "Where it finds the control plane's manifests.", "no static Pods", KUBELET_CONFIG),
}

/// Whether kubelets have serving certificates of the cluster CA from the start, so that the API server may insist.
fn kubelets_signed_here(spec: &ClusterSpec) -> bool {
    spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Manual
}

fn ca_keys_on_node(spec: &ClusterSpec) -> bool {
    spec.ca_keys == CaKeys::OnControlPlane
}

/// Joined by commas; nothing for none.
fn list(items: &[impl ToString]) -> Option<String> {
    (!items.is_empty()).then(|| items.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

fn front_proxy(spec: &ClusterSpec, text: &str) -> Option<String> {
    (spec.layout == LayoutId::Kubeadm).then(|| text.to_owned())
}

fn min_version(spec: &ClusterSpec, _: &Node) -> Option<String> {
    spec.tls_min_version.map(|version| version.word().to_owned())
}

fn suites(spec: &ClusterSpec, _: &Node) -> Option<String> {
    list(&spec.cipher_suites)
}

/// The loopback address in the node's family, as it stands in a URL.
fn loopback(node: &Node) -> Host {
    Host::Address(node.loopback())
}

/// The own member when stacked, all members when external.
fn etcd_servers(spec: &ClusterSpec, node: &Node) -> Option<String> {
    match spec.etcd_mode {
        EtcdMode::Stacked => Some(format!("https://{}:2379", loopback(node))),
        EtcdMode::External => list(
            &spec
                .etcd_members()
                .map(|member| format!("https://{}:2379", Host::Address(member.advertise())))
                .collect::<Vec<_>>(),
        ),
    }
}

/// With kubeadm and stacked etcd members join one after the other; otherwise all begin together.
fn initial_cluster(spec: &ClusterSpec, node: &Node) -> Option<String> {
    let one_by_one = spec.start == Start::Kubeadm && spec.etcd_mode == EtcdMode::Stacked;
    let mut members = Vec::new();
    for member in spec.etcd_members() {
        members.push(format!("{}=https://{}:2380", member.name, Host::Address(member.advertise())));
        if one_by_one && member.name == node.name {
            break;
        }
    }
    list(&members)
}

/// kubeadm sets it for members that join, and leaves the first one to etcd's default, which is `new`.
fn initial_state(spec: &ClusterSpec, node: &Node) -> Option<String> {
    if spec.start == Start::Manual || spec.etcd_mode == EtcdMode::External {
        return Some("new".to_owned());
    }
    let first = spec.etcd_members().next().is_some_and(|member| member.name == node.name);
    (!first).then(|| "existing".to_owned())
}

fn kubelet_bootstrap(spec: &ClusterSpec, _: &Node) -> Option<String> {
    let asks = spec.start == Start::Kubeadm || spec.kubelet_client == crate::spec::KubeletClient::Bootstrap;
    asks.then(|| "/etc/kubernetes/bootstrap-kubelet.conf".to_owned())
}

fn kubelet_client_ca(spec: &ClusterSpec, _: &Node) -> Option<String> {
    Some(crate::layout::ca_file(spec))
}
