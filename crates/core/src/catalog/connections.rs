//! Who calls whom, one row each. A side refers to certificates by id, so that a connection cannot name one that the
//! catalog does not have. Those in which no certificate of this PKI is shown are told of, no more.
//!
//! A row has two halves that stand together here and are apart in the program: what the engine works with
//! ([`CONNECTIONS`]), and what people are told ([`TOLD`]), which a build that tells nothing does not carry.

use crate::spec::{ClusterSpec, EtcdMode, KubeletClient, KubeletServing, LayoutId, Node, Start};

/// Which servers a caller dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The API server that its kubeconfig names: one, or any behind the control-plane endpoint.
    Kubeconfig,
    /// The server on its own node, by the loopback address.
    Loopback,
    /// The servers on all other nodes, each by its advertise address; a lone one stands for those to come.
    Others,
    /// Every server, each by its advertise address.
    Every,
    /// The server on its own node, by the names that Pods use for it.
    Service,
}

/// What a side checks the other with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The certificate file of the first of these CAs that is in the plan.
    File(&'static [&'static str]),
    /// The copy inside the caller's kubeconfig.
    Embedded,
    /// Nothing that can be checked from files.
    Nothing,
}

/// One side of a connection: what it shows, and what the other side checks that with.
#[derive(Debug)]
pub struct Side {
    /// The first of these certificates that the node has is shown; none when it shows nothing of this PKI.
    pub shows: &'static [&'static str],
    /// What the other side checks it with.
    pub anchor: Anchor,
}

/// One kind of connection.
#[derive(Debug)]
pub struct ConnectionRow {
    /// Its id, `caller->server` in the components' names.
    pub id: &'static str,
    /// Who calls, as people name it.
    pub caller: &'static str,
    /// Who is called, as people name it.
    pub server: &'static str,
    /// The port that listens; nothing means the API server's.
    pub port: Option<u16>,
    /// Nodes that call.
    pub calls: fn(&ClusterSpec, &Node) -> bool,
    /// Nodes that are called.
    pub serves: fn(&ClusterSpec, &Node) -> bool,
    /// Which of them a caller dials.
    pub reach: fn(&ClusterSpec) -> Reach,
    /// What the caller shows.
    pub client: Side,
    /// What the server shows.
    pub server_side: Side,
    /// Whether the caller checks the server at all in this design.
    pub server_checked: fn(&ClusterSpec) -> bool,
}

/// How a caller proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// By a client certificate.
    Certificate,
    /// By a bearer token.
    Token,
    /// Not at all.
    Nothing,
}

/// A part of what is told about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the server shows and what that is checked with: whether it is proven.
    Server,
    /// What the caller presents and what that is checked with: whether it is proven.
    Caller,
    /// Whether what is said is encrypted.
    Way,
    /// Who decides what the caller may do, and the rest.
    Rest,
}

/// Settings that decide a part, each as [`crate::spec::Field::AlsoSets`] has it.
#[derive(Debug)]
pub struct Decider {
    /// The part.
    pub part: Part,
    /// The settings.
    pub settings: &'static [&'static str],
}

const fn decides(part: Part, settings: &'static [&'static str]) -> Decider {
    Decider { part, settings }
}

use Part::{Caller, Rest, Server, Way};

const API_SHOWS: Decider = decides(
    Server,
    &["kube-apiserver --tls-cert-file", "kube-apiserver --tls-private-key-file", "kube-apiserver --tls-sni-cert-key"],
);
const API_BELIEVES: Decider = decides(Caller, &["kube-apiserver --client-ca-file"]);
const API_BELIEVES_TOKENS: Decider = decides(
    Caller,
    &[
        "kube-apiserver --service-account-key-file",
        "kube-apiserver --service-account-issuer",
        "kube-apiserver --service-account-lookup",
        "kube-apiserver --api-audiences",
    ],
);
const API_ALLOWS: Decider = decides(Rest, &["kube-apiserver --authorization-mode"]);
const API_ALLOWS_NODES: Decider =
    decides(Rest, &["kube-apiserver --authorization-mode", "kube-apiserver --enable-admission-plugins"]);
const API_ALLOWS_ANYBODY: Decider =
    decides(Rest, &["kube-apiserver --anonymous-auth", "kube-apiserver --authorization-mode"]);
const ETCD_SHOWS: Decider = decides(
    Server,
    &["etcd --cert-file", "etcd --key-file", "etcd --auto-tls", "etcd --listen-client-urls", "etcd --trusted-ca-file"],
);
const ETCD_BELIEVES: Decider = decides(
    Caller,
    &[
        "etcd --client-cert-auth",
        "etcd --trusted-ca-file",
        "etcd --client-cert-allowed-hostname",
        "etcd --client-crl-file",
        "etcd --listen-client-urls",
    ],
);
const ETCD_WAY: Decider = decides(Way, &["etcd --listen-client-urls"]);
const KUBELET_SHOWS: Decider = decides(
    Server,
    &["kubelet tlsCertFile", "kubelet tlsPrivateKeyFile", "kubelet serverTLSBootstrap", "kubelet --cert-dir"],
);
/// What decides otherwise whether the API server can check a kubelet: by itself, so that who asks for it alone does not
/// carry along all that is told.
pub(crate) static KUBELET_PROVEN: &[Decider] = &[KUBELET_SHOWS, API_CHECKS_KUBELETS];
const API_CHECKS_KUBELETS: Decider = decides(Server, &["kube-apiserver --kubelet-certificate-authority"]);
const KUBELET_ALLOWS: Decider =
    decides(Rest, &["kubelet authorization.mode", "kubelet authentication.anonymous.enabled", "kubelet readOnlyPort"]);

/// What people are told about a connection. Defaults are kubeadm's.
#[derive(Debug)]
pub struct Told {
    /// The id of the connection, `caller->server` in the components' names.
    pub id: &'static str,
    /// Who calls, as people name it.
    pub caller: &'static str,
    /// Who is called, as people name it.
    pub server: &'static str,
    /// The port that listens; nothing means the API server's, or none.
    pub port: Option<u16>,
    /// Whether the designs have it.
    pub applies: fn(&ClusterSpec) -> bool,
    /// Whether a cluster has it only where somebody installed the other end.
    pub optional: bool,
    /// What the server shows.
    pub shows: &'static str,
    /// What the caller checks that with: flag and file, or the copy inside which kubeconfig.
    pub checked_with: &'static str,
    /// Whether the caller knows afterwards whom it talks to.
    pub server_proven: fn(&ClusterSpec) -> bool,
    /// How the caller proves who it is.
    pub credential: Credential,
    /// What the caller presents, and what the server checks that with.
    pub presents: &'static str,
    /// Whether what is said can be neither read nor changed on the way, as long as both ends are who they seem.
    pub encrypted: bool,
    /// Who the caller is to the server: user, then groups.
    pub identity: &'static str,
    /// Who decides what it may do.
    pub authorization: &'static str,
    /// How kubeadm leaves it, and what to do about that.
    pub advice: &'static str,
    /// What was otherwise in other Kubernetes versions; empty for nothing.
    pub versions: &'static str,
    /// Where this is from.
    pub source: &'static str,
    /// The settings of a user's own kubeadm file that decide it otherwise.
    pub decided_by: &'static [Decider],
}

impl Told {
    /// Who calls whom, as people name them.
    pub fn name(&self) -> String {
        format!("{} → {}", self.caller, self.server)
    }
}

/// What is told about a connection.
pub fn told(id: &str) -> Option<&'static Told> {
    TOLD.iter().find(|told| told.id == id)
}

/// A connection as people name it; its id where nothing is told about it.
pub fn named(id: &str) -> String {
    told(id).map_or_else(|| id.to_owned(), Told::name)
}

/// A connection in which a certificate is shown, by its id.
pub fn connection(id: &str) -> Option<&'static ConnectionRow> {
    CONNECTIONS.iter().find(|row| row.id == id)
}

fn control_plane(_: &ClusterSpec, node: &Node) -> bool {
    node.control_plane
}

fn member(spec: &ClusterSpec, node: &Node) -> bool {
    spec.is_etcd_member(node)
}

fn kubelet(_: &ClusterSpec, node: &Node) -> bool {
    node.has_kubelet()
}

/// The API server checks kubelets only where they have certificates of the cluster CA from the start: kubeadm leaves
/// `--kubelet-certificate-authority` out.
fn kubelets_checked(spec: &ClusterSpec) -> bool {
    spec.kubelet_serving == KubeletServing::ClusterCa && spec.start == Start::Manual
}

const SHOWS_APISERVER: Side = Side { shows: &["apiserver"], anchor: Anchor::Embedded };
const CA: Anchor = Anchor::File(&["ca"]);
const ETCD_CA: Anchor = Anchor::File(&["etcd-ca", "ca"]);
const FRONT_PROXY_CA: Anchor = Anchor::File(&["front-proxy-ca"]);
const KUBECONFIG: &str = "kubeadm: cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go";
const MANIFESTS: &str = "kubeadm: cmd/kubeadm/app/phases/controlplane/manifests.go";
const LOCAL_ETCD: &str = "kubeadm: cmd/kubeadm/app/phases/etcd/local.go";

/// The table: what certificates of this PKI prove, then what they do not. The first part of a row goes to
/// [`CONNECTIONS`] where it is more than names, the second to [`TOLD`].
macro_rules! connections {
    (
        proven {$($id:literal {
            caller: $caller:literal, server: $server:literal, port: $port:expr, $($field:ident: $value:expr,)*
        } told { $($about:ident: $text:expr,)* })*}
        others {$($other:literal {
            caller: $other_caller:literal, server: $other_server:literal, port: $other_port:expr,
        } told { $($other_about:ident: $other_text:expr,)* })*}
    ) => {
        /// Every kind of connection in which a certificate of this PKI is shown, in the order in which a cluster comes up.
        pub static CONNECTIONS: &[ConnectionRow] =
            &[$(ConnectionRow { id: $id, caller: $caller, server: $server, port: $port, $($field: $value,)* }),*];
        /// What is told about each, in the same order, then about all others.
        pub static TOLD: &[Told] = &[
            $(Told { id: $id, caller: $caller, server: $server, port: $port, $($about: $text,)* },)*
            $(Told {
                id: $other, caller: $other_caller, server: $other_server, port: $other_port,
                $($other_about: $other_text,)*
            },)*
        ];
    };
}

fn always(_: &ClusterSpec) -> bool {
    true
}

fn never(_: &ClusterSpec) -> bool {
    false
}

connections! {
proven {
    "etcd->etcd" {
        caller: "etcd",
        server: "etcd peer",
        port: Some(2380),
        calls: member,
        serves: member,
        reach: |_| Reach::Others,
        client: Side { shows: &["etcd-peer"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-peer"], anchor: ETCD_CA },
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "etcd/peer.crt",
        checked_with: "etcd --peer-trusted-ca-file",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "etcd/peer.crt, checked with --peer-trusted-ca-file; its source address must match the names in it",
        encrypted: true,
        identity: "none: a member is a member",
        authorization: "none",
        advice: "Both ends are proven. A member whose address is not in its certificate is refused by the others.",
        versions: "",
        source: LOCAL_ETCD,
        decided_by: &[
            decides(
                Server,
                &[
                    "etcd --peer-cert-file",
                    "etcd --peer-key-file",
                    "etcd --peer-trusted-ca-file",
                    "etcd --peer-auto-tls",
                    "etcd --listen-peer-urls",
                ],
            ),
            decides(
                Caller,
                &[
                    "etcd --peer-client-cert-auth",
                    "etcd --peer-trusted-ca-file",
                    "etcd --peer-cert-file",
                    "etcd --peer-key-file",
                    "etcd --peer-auto-tls",
                    "etcd --peer-cert-allowed-cn",
                    "etcd --peer-cert-allowed-hostname",
                    "etcd --peer-skip-client-san-verification",
                    "etcd --peer-crl-file",
                ],
            ),
            decides(Way, &["etcd --listen-peer-urls", "etcd --initial-advertise-peer-urls"]),
        ],
    }
    "etcd-gateway->etcd" {
        caller: "etcd gateway",
        server: "etcd",
        port: Some(2379),
        calls: member,
        serves: member,
        reach: |_| Reach::Loopback,
        client: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: never,
    } told {
        applies: always,
        optional: false,
        shows: "etcd/server.crt",
        checked_with: "nothing: the gateway is part of etcd, and trusts the process that it is in",
        server_proven: never,
        credential: Credential::Certificate,
        presents: "etcd/server.crt, checked with --trusted-ca-file",
        encrypted: true,
        identity: "none: any certificate of this CA is full access",
        authorization: "none",
        advice: "The gateway never leaves its machine, and asks the server for no proof; etcd asks it for one like any client. This is why the server certificate needs clientAuth as well.",
        versions: "",
        source: "etcd: server/embed/serve.go, the gateway dials its own client port, with InsecureSkipVerify; seen with etcd 3.7",
        decided_by: &[
            ETCD_SHOWS,
            ETCD_BELIEVES,
            decides(
                Caller,
                &["etcd --cert-file", "etcd --key-file", "etcd --client-cert-file", "etcd --client-key-file"],
            ),
            ETCD_WAY,
        ],
    }
    "etcdctl->etcd" {
        caller: "etcdctl, kubeadm",
        server: "etcd",
        port: Some(2379),
        calls: member,
        serves: member,
        reach: |_| Reach::Every,
        client: Side { shows: &["etcd-healthcheck-client"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "etcd/server.crt",
        checked_with: "etcdctl --cacert",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "etcd/healthcheck-client.crt, checked with etcd --trusted-ca-file",
        encrypted: true,
        identity: "none: any certificate of this CA is full access",
        authorization: "none",
        advice: "Both ends are proven. Whoever has this pair can read and write everything in the cluster, Secrets included.",
        versions: "Up to 1.28 kubeadm wrote O=system:masters into this client certificate; etcd never looked at it.",
        source: LOCAL_ETCD,
        decided_by: &[ETCD_SHOWS, ETCD_BELIEVES, ETCD_WAY],
    }
    "kube-apiserver->etcd" {
        caller: "kube-apiserver",
        server: "etcd",
        port: Some(2379),
        calls: control_plane,
        serves: member,
        reach: |spec| match spec.etcd_mode {
            EtcdMode::Stacked => Reach::Loopback,
            EtcdMode::External => Reach::Every,
        },
        client: Side { shows: &["apiserver-etcd-client", "apiserver"], anchor: ETCD_CA },
        server_side: Side { shows: &["etcd-server"], anchor: ETCD_CA },
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "etcd/server.crt",
        checked_with: "kube-apiserver --etcd-cafile",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "apiserver-etcd-client.crt, checked with etcd --trusted-ca-file",
        encrypted: true,
        identity: "none: any certificate of this CA is full access",
        authorization: "none",
        advice: "Both ends are proven. Keep etcd on a CA of its own: whatever that CA signs for clients can read every Secret.",
        versions: "Up to 1.28 kubeadm wrote O=system:masters into this client certificate; etcd never looked at it.",
        source: MANIFESTS,
        decided_by: &[
            ETCD_SHOWS,
            decides(Server, &["kube-apiserver --etcd-cafile", "kube-apiserver --etcd-servers"]),
            ETCD_BELIEVES,
            decides(Caller, &["kube-apiserver --etcd-certfile", "kube-apiserver --etcd-keyfile"]),
            ETCD_WAY,
            decides(Way, &["kube-apiserver --etcd-servers"]),
        ],
    }
    "kube-controller-manager->kube-apiserver" {
        caller: "kube-controller-manager",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["controller-manager.conf"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA copy inside controller-manager.conf",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "the certificate in controller-manager.conf, checked with kube-apiserver --client-ca-file; then a token for each controller",
        encrypted: true,
        identity: "system:kube-controller-manager",
        authorization: "RBAC, by user name",
        advice: "Both ends are proven.",
        versions: "",
        source: KUBECONFIG,
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kube-controller-manager --kubeconfig", "kube-controller-manager --master"]),
            API_BELIEVES,
            decides(
                Caller,
                &["kube-controller-manager --kubeconfig", "kube-controller-manager --use-service-account-credentials"],
            ),
            API_ALLOWS,
        ],
    }
    "kube-scheduler->kube-apiserver" {
        caller: "kube-scheduler",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["scheduler.conf"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA copy inside scheduler.conf",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "the certificate in scheduler.conf, checked with kube-apiserver --client-ca-file",
        encrypted: true,
        identity: "system:kube-scheduler",
        authorization: "RBAC, by user name",
        advice: "Both ends are proven.",
        versions: "",
        source: KUBECONFIG,
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kube-scheduler --kubeconfig", "kube-scheduler --master"]),
            API_BELIEVES,
            decides(Caller, &["kube-scheduler --kubeconfig"]),
            API_ALLOWS,
        ],
    }
    "kubelet->kube-apiserver" {
        caller: "kubelet",
        server: "kube-apiserver",
        port: None,
        calls: kubelet,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["kubelet.conf"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA copy inside kubelet.conf",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "its client certificate, checked with kube-apiserver --client-ca-file",
        encrypted: true,
        identity: "system:node:NODE; system:nodes",
        authorization: "Node authorizer and NodeRestriction: what belongs to this node",
        advice: "Both ends are proven, and the certificate rotates by itself. The user name must be the node's name.",
        versions: "The CSR API is certificates.k8s.io/v1 since 1.19 and asks for a signerName; v1beta1 is gone since 1.22.",
        source: KUBECONFIG,
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kubelet --kubeconfig"]),
            API_BELIEVES,
            decides(Caller, &["kubelet --kubeconfig"]),
            decides(
                Rest,
                &["kubelet rotateCertificates", "kubelet --hostname-override", "kubelet --cert-dir"],
            ),
            API_ALLOWS_NODES,
        ],
    }
    "kube-proxy->kube-apiserver" {
        caller: "kube-proxy",
        server: "kube-apiserver",
        port: None,
        calls: kubelet,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["kube-proxy"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "ca.crt of its service account (by hand: the CA copy inside its kubeconfig)",
        server_proven: always,
        credential: Credential::Token,
        presents: "a service-account token (by hand: its certificate)",
        encrypted: true,
        identity: "system:serviceaccount:kube-system:kube-proxy (by hand: system:kube-proxy)",
        authorization: "RBAC: system:node-proxier",
        advice: "Both ends are proven.",
        versions: "",
        source: KUBECONFIG,
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kube-proxy clientConnection"]),
            API_BELIEVES_TOKENS,
            decides(Caller, &["kube-proxy clientConnection"]),
            API_ALLOWS,
        ],
    }
    "kubectl->kube-apiserver" {
        caller: "kubectl",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["admin.conf"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA copy inside admin.conf",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "the certificate in admin.conf, checked with kube-apiserver --client-ca-file",
        encrypted: true,
        identity: "kubernetes-admin; kubeadm:cluster-admins",
        authorization: "RBAC",
        advice: "Both ends are proven. Do not hand admin.conf out: Kubernetes cannot revoke a certificate. Give each person an identity of their own, better from OIDC than from a certificate.",
        versions: "Since 1.29 admin.conf is in kubeadm:cluster-admins; before, in system:masters.",
        source: KUBECONFIG,
        decided_by: &[API_SHOWS, API_BELIEVES, API_ALLOWS],
    }
    "super-admin->kube-apiserver" {
        caller: "kubectl, break-glass",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Kubeconfig,
        client: Side { shows: &["super-admin.conf"], anchor: CA },
        server_side: SHOWS_APISERVER,
        server_checked: always,
    } told {
        applies: |spec| spec.layout == LayoutId::Kubeadm,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA copy inside super-admin.conf",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "the certificate in super-admin.conf, checked with kube-apiserver --client-ca-file",
        encrypted: true,
        identity: "kubernetes-super-admin; system:masters",
        authorization: "none: system:masters bypasses it",
        advice: "Both ends are proven. Move the file off the node and keep it under lock.",
        versions: "kubeadm makes super-admin.conf since 1.29.",
        source: KUBECONFIG,
        decided_by: &[API_SHOWS, API_BELIEVES],
    }
    "pod->kube-apiserver" {
        caller: "Pods",
        server: "kube-apiserver",
        port: None,
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Service,
        client: Side { shows: &[], anchor: Anchor::Nothing },
        server_side: Side { shows: &["apiserver"], anchor: CA },
        server_checked: always,
    } told {
        applies: always,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "ConfigMap kube-root-ca.crt, filled from kube-controller-manager --root-ca-file",
        server_proven: always,
        credential: Credential::Token,
        presents: "a bound service-account token, checked with kube-apiserver --service-account-key-file, issuer and audience",
        encrypted: true,
        identity: "system:serviceaccount:NAMESPACE:NAME; system:serviceaccounts, system:serviceaccounts:NAMESPACE",
        authorization: "RBAC",
        advice: "Both ends are proven. Tokens live an hour and are renewed.",
        versions: "Bound tokens that rotate since 1.22; no Secret with an eternal token since 1.24. The CA comes from ConfigMap kube-root-ca.crt since 1.20.",
        source: "kube-controller-manager --root-ca-file: ConfigMap kube-root-ca.crt in every namespace",
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kube-controller-manager --root-ca-file"]),
            API_BELIEVES_TOKENS,
            API_ALLOWS,
        ],
    }
    "kube-apiserver->kubelet" {
        caller: "kube-apiserver",
        server: "kubelet",
        port: Some(10250),
        calls: control_plane,
        serves: kubelet,
        reach: |_| Reach::Every,
        client: Side { shows: &["apiserver-kubelet-client", "apiserver"], anchor: CA },
        server_side: Side { shows: &["kubelet-serving", "kubelet.conf"], anchor: CA },
        server_checked: kubelets_checked,
    } told {
        applies: always,
        optional: false,
        shows: "the kubelet's serving certificate, signed by itself unless the design says otherwise",
        checked_with: "nothing, unless --kubelet-certificate-authority is set",
        server_proven: kubelets_checked,
        credential: Credential::Certificate,
        presents: "apiserver-kubelet-client.crt, checked with the kubelet's clientCAFile",
        encrypted: true,
        identity: "kube-apiserver-kubelet-client",
        authorization: "the kubelet asks the API server: SubjectAccessReview on nodes/*",
        advice: "kubeadm leaves the server unproven: whoever is on the path can pose as the kubelet and read what logs and exec carry. Let the cluster CA sign the serving certificates, approve the requests, then set --kubelet-certificate-authority.",
        versions: "Since 1.36.1 (and its backports) kubeadm writes no O=system:masters into apiserver-kubelet-client. The kubelet's read-only port 10255 is closed by default.",
        source: MANIFESTS,
        decided_by: &[
            KUBELET_SHOWS,
            API_CHECKS_KUBELETS,
            decides(
                Caller,
                &[
                    "kube-apiserver --kubelet-client-certificate",
                    "kube-apiserver --kubelet-client-key",
                    "kubelet authentication.x509.clientCAFile",
                ],
            ),
            KUBELET_ALLOWS,
        ],
    }
    "kube-apiserver->aggregated-apiserver" {
        caller: "kube-apiserver",
        server: "aggregated API servers",
        port: Some(443),
        calls: control_plane,
        serves: control_plane,
        reach: |_| Reach::Service,
        client: Side { shows: &["front-proxy-client"], anchor: FRONT_PROXY_CA },
        server_side: Side { shows: &[], anchor: Anchor::Nothing },
        server_checked: never,
    } told {
        applies: |spec| spec.layout == LayoutId::Kubeadm,
        optional: true,
        shows: "a serving certificate of its own",
        checked_with: "APIService spec.caBundle",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "front-proxy-client.crt with X-Remote-* headers, checked with the CA that ConfigMap extension-apiserver-authentication holds",
        encrypted: true,
        identity: "the user in the headers",
        authorization: "the aggregated API server, which asks the API server",
        advice: "Both ends are proven, unless the APIService says insecureSkipTLSVerify.",
        versions: "",
        source: "ConfigMap kube-system/extension-apiserver-authentication, filled from --requestheader-client-ca-file",
        decided_by: &[decides(
            Caller,
            &[
                "kube-apiserver --proxy-client-cert-file",
                "kube-apiserver --proxy-client-key-file",
                "kube-apiserver --requestheader-client-ca-file",
                "kube-apiserver --requestheader-allowed-names",
            ],
        )],
    }
}
others {
    "kubelet->etcd" {
        caller: "kubelet, probing",
        server: "etcd",
        port: Some(2381),
    } told {
        applies: always,
        optional: false,
        shows: "nothing: plain HTTP",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: false,
        identity: "none",
        authorization: "none",
        advice: "Health and metrics in plain HTTP, on loopback alone. Leave --listen-metrics-urls there.",
        versions: "",
        source: LOCAL_ETCD,
        decided_by: &[decides(Rest, &["etcd --listen-metrics-urls", "etcd --metrics"])],
    }
    "kubelet-bootstrap->kube-apiserver" {
        caller: "kubelet, joining",
        server: "kube-apiserver",
        port: None,
    } told {
        applies: |spec| spec.start == Start::Kubeadm || spec.kubelet_client == KubeletClient::Bootstrap,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "the CA pinned by its hash, then the one in cluster-info",
        server_proven: always,
        credential: Credential::Token,
        presents: "a bootstrap token, checked by the token authenticator",
        encrypted: true,
        identity: "system:bootstrap:ID; system:bootstrappers, system:bootstrappers:kubeadm:default-node-token",
        authorization: "RBAC: it may request a certificate",
        advice: "Both ends are proven, unless --discovery-token-unsafe-skip-ca-verification leaves the hash out: then whoever answers is believed.",
        versions: "",
        source: "kubeadm: cmd/kubeadm/app/discovery/token/token.go",
        decided_by: &[
            API_SHOWS,
            decides(
                Server,
                &["kubeadm discovery.bootstrapToken.unsafeSkipCAVerification", "kubeadm discovery.file"],
            ),
            decides(Caller, &["kube-apiserver --enable-bootstrap-token-auth", "kubelet --bootstrap-kubeconfig"]),
            API_ALLOWS,
        ],
    }
    "kubeadm->kube-apiserver" {
        caller: "kubeadm, joining",
        server: "kube-apiserver",
        port: None,
    } told {
        applies: |spec| spec.start == Start::Kubeadm,
        optional: false,
        shows: "apiserver.crt",
        checked_with: "nothing at first; then the signature of ConfigMap cluster-info and the CA's hash",
        server_proven: always,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: true,
        identity: "system:anonymous",
        authorization: "RBAC: it may read kube-public/cluster-info",
        advice: "Safe only with --discovery-token-ca-cert-hash: a token alone proves the ConfigMap to whoever knows the token.",
        versions: "",
        source: "kubeadm: cmd/kubeadm/app/discovery/token/token.go",
        decided_by: &[
            API_SHOWS,
            decides(
                Server,
                &["kubeadm discovery.bootstrapToken.unsafeSkipCAVerification", "kubeadm discovery.file"],
            ),
            API_ALLOWS_ANYBODY,
        ],
    }
    "kube-apiserver->kube-apiserver" {
        caller: "kube-apiserver",
        server: "itself, by loopback",
        port: None,
    } told {
        applies: always,
        optional: false,
        shows: "a certificate made in memory, chosen by the name apiserver-loopback-client",
        checked_with: "that certificate's own bytes",
        server_proven: always,
        credential: Credential::Token,
        presents: "a random token made in memory",
        encrypted: true,
        identity: "system:apiserver; system:masters",
        authorization: "none: system:masters bypasses it",
        advice: "Both ends are proven. The certificate lives as long as it says and no longer: a process that runs for years without a restart breaks.",
        versions: "The certificate lives about three years from 1.37 on, fourteen months or a year before.",
        source: "kubernetes/apiserver: pkg/server/options/serving_with_loopback.go",
        decided_by: &[],
    }
    "metrics-server->kubelet" {
        caller: "metrics-server",
        server: "kubelet",
        port: Some(10250),
    } told {
        applies: always,
        optional: true,
        shows: "the kubelet's serving certificate",
        checked_with: "nothing with --kubelet-insecure-tls, as many installations have it; else --kubelet-certificate-authority",
        server_proven: kubelets_checked,
        credential: Credential::Token,
        presents: "its service-account token, checked by TokenReview",
        encrypted: true,
        identity: "system:serviceaccount:kube-system:metrics-server",
        authorization: "the kubelet asks the API server: SubjectAccessReview on nodes/metrics",
        advice: "Sign the kubelets' serving certificates first, then drop --kubelet-insecure-tls.",
        versions: "",
        source: "kubernetes-sigs/metrics-server: README, --kubelet-insecure-tls",
        decided_by: &[
            KUBELET_SHOWS,
            decides(Caller, &["kubelet authentication.webhook.enabled"]),
            KUBELET_ALLOWS,
        ],
    }
    "aggregated-apiserver->kube-apiserver" {
        caller: "aggregated API servers",
        server: "kube-apiserver",
        port: None,
    } told {
        applies: always,
        optional: true,
        shows: "apiserver.crt",
        checked_with: "ConfigMap kube-root-ca.crt",
        server_proven: always,
        credential: Credential::Token,
        presents: "its service-account token",
        encrypted: true,
        identity: "its service account",
        authorization: "RBAC: it needs system:auth-delegator",
        advice: "Both ends are proven.",
        versions: "",
        source: "kubernetes.io: Configure the Aggregation Layer",
        decided_by: &[
            API_SHOWS,
            decides(Server, &["kube-controller-manager --root-ca-file"]),
            API_BELIEVES_TOKENS,
            API_ALLOWS,
        ],
    }
    "kube-apiserver->webhook" {
        caller: "kube-apiserver",
        server: "admission webhooks",
        port: Some(443),
    } told {
        applies: always,
        optional: true,
        shows: "the webhook's certificate, for SERVICE.NAMESPACE.svc",
        checked_with: "clientConfig.caBundle; the system's roots where that is empty",
        server_proven: always,
        credential: Credential::Nothing,
        presents: "usually nothing",
        encrypted: true,
        identity: "none",
        authorization: "none",
        advice: "The server is proven, the caller usually not: whoever reaches the webhook can ask it. Give the API server a credential in --admission-control-config-file, or limit who reaches it by NetworkPolicy.",
        versions: "",
        source: "kubernetes.io: Dynamic Admission Control",
        decided_by: &[decides(Caller, &["kube-apiserver --admission-control-config-file"])],
    }
    "kube-apiserver->pod" {
        caller: "kube-apiserver, as a proxy",
        server: "Pods and Services",
        port: None,
    } told {
        applies: always,
        optional: false,
        shows: "anything",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: false,
        identity: "none",
        authorization: "RBAC: pods/proxy, services/proxy",
        advice: "Nobody is proven, even with https:. Do not rely on it.",
        versions: "",
        source: "kubernetes/kubernetes: pkg/registry/core/pod/rest/subresources.go",
        decided_by: &[API_ALLOWS],
    }
    "kubelet->kube-controller-manager" {
        caller: "kubelet, probing",
        server: "kube-controller-manager",
        port: Some(10257),
    } told {
        applies: always,
        optional: false,
        shows: "a certificate made in memory",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing for /healthz; a token or a certificate for metrics",
        encrypted: true,
        identity: "system:anonymous",
        authorization: "/healthz is open; the rest by SubjectAccessReview",
        advice: "The server is not proven, but it listens on loopback alone.",
        versions: "Plain HTTP on 10252 is gone since 1.24.",
        source: MANIFESTS,
        decided_by: &[
            decides(
                Server,
                &["kube-controller-manager --tls-cert-file", "kube-controller-manager --tls-private-key-file"],
            ),
            decides(
                Rest,
                &[
                    "kube-controller-manager --bind-address",
                    "kube-controller-manager --authorization-always-allow-paths",
                ],
            ),
        ],
    }
    "kubelet->kube-scheduler" {
        caller: "kubelet, probing",
        server: "kube-scheduler",
        port: Some(10259),
    } told {
        applies: always,
        optional: false,
        shows: "a certificate made in memory",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing for /healthz; a token or a certificate for metrics",
        encrypted: true,
        identity: "system:anonymous",
        authorization: "/healthz is open; the rest by SubjectAccessReview",
        advice: "The server is not proven, but it listens on loopback alone.",
        versions: "Plain HTTP on 10251 is gone since 1.24.",
        source: MANIFESTS,
        decided_by: &[
            decides(Server, &["kube-scheduler --tls-cert-file", "kube-scheduler --tls-private-key-file"]),
            decides(Rest, &["kube-scheduler --bind-address", "kube-scheduler --authorization-always-allow-paths"]),
        ],
    }
    "load-balancer->kube-apiserver" {
        caller: "load balancer, probing",
        server: "kube-apiserver",
        port: None,
    } told {
        applies: |spec| spec.endpoint.is_some(),
        optional: false,
        shows: "apiserver.crt",
        checked_with: "usually nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: true,
        identity: "system:anonymous",
        authorization: "/livez and /readyz are public",
        advice: "It learns whether the server answers, nothing else. Let it pass TLS through: a balancer that ends TLS cannot hand a client certificate on.",
        versions: "The insecure port 8080, which load balancers once probed, is gone since 1.24.",
        source: "kubernetes.io: Creating Highly Available Clusters with kubeadm",
        decided_by: &[decides(Server, &["kube-apiserver --tls-cert-file", "kube-apiserver --tls-sni-cert-key"]), API_ALLOWS_ANYBODY],
    }
    "kubelet->container-runtime" {
        caller: "kubelet",
        server: "container runtime, CSI, CNI",
        port: None,
    } told {
        applies: always,
        optional: false,
        shows: "nothing: a Unix socket",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing; the socket's file mode decides",
        encrypted: false,
        identity: "none",
        authorization: "file permissions",
        advice: "No TLS: it never leaves the machine. Whoever may open the socket is root on the node.",
        versions: "",
        source: "kubernetes.io: Container Runtime Interface",
        decided_by: &[decides(Rest, &["kubelet --container-runtime-endpoint", "kubelet containerRuntimeEndpoint", "kubeadm nodeRegistration.criSocket"])],
    }
    "pod->coredns" {
        caller: "Pods",
        server: "CoreDNS",
        port: Some(53),
    } told {
        applies: always,
        optional: false,
        shows: "nothing: plain DNS",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: false,
        identity: "none",
        authorization: "none",
        advice: "No TLS. Names prove nothing; certificates at the other end do.",
        versions: "",
        source: "kubernetes.io: DNS for Services and Pods",
        decided_by: &[decides(Rest, &["kubeadm dns", "kubelet clusterDNS"])],
    }
    "pod->pod" {
        caller: "Pods, kubelet probes",
        server: "Pods",
        port: None,
    } told {
        applies: always,
        optional: false,
        shows: "whatever the Pod has; HTTPS probes do not check it",
        checked_with: "nothing",
        server_proven: never,
        credential: Credential::Nothing,
        presents: "nothing",
        encrypted: false,
        identity: "none",
        authorization: "NetworkPolicy",
        advice: "Not protected by the cluster's PKI: that is a service mesh's business, or the application's.",
        versions: "",
        source: "kubernetes.io: Network Policies",
        decided_by: &[],
    }
    "kube-apiserver->konnectivity-server" {
        caller: "kube-apiserver",
        server: "konnectivity server and agents",
        port: Some(8131),
    } told {
        applies: always,
        optional: true,
        shows: "konnectivity's certificates",
        checked_with: "the caBundle of --egress-selector-config-file; agents: --ca-cert",
        server_proven: always,
        credential: Credential::Certificate,
        presents: "a client certificate; agents a token for audience system:konnectivity-server",
        encrypted: true,
        identity: "none",
        authorization: "none",
        advice: "Only where it is installed.",
        versions: "",
        source: "kubernetes-sigs/apiserver-network-proxy: README",
        decided_by: &[
            decides(Server, &["kube-apiserver --egress-selector-config-file"]),
            decides(Caller, &["kube-apiserver --egress-selector-config-file"]),
        ],
    }
    "kube-apiserver->oidc-issuer" {
        caller: "kube-apiserver",
        server: "OIDC issuer, audit and authentication webhooks",
        port: None,
    } told {
        applies: always,
        optional: true,
        shows: "their own certificates",
        checked_with: "--oidc-ca-file or the CA in the configuration file; the system's roots where none is given",
        server_proven: always,
        credential: Credential::Nothing,
        presents: "as configured",
        encrypted: true,
        identity: "as configured",
        authorization: "theirs",
        advice: "Optional. For people, an OIDC issuer is better than certificates: it can take an identity back.",
        versions: "",
        source: "kubernetes.io: Authenticating",
        decided_by: &[
            decides(
                Server,
                &[
                    "kube-apiserver --oidc-ca-file",
                    "kube-apiserver --oidc-issuer-url",
                    "kube-apiserver --authentication-config",
                    "kube-apiserver --authentication-token-webhook-config-file",
                    "kube-apiserver --audit-webhook-config-file",
                ],
            ),
            decides(
                Caller,
                &[
                    "kube-apiserver --authentication-token-webhook-config-file",
                    "kube-apiserver --audit-webhook-config-file",
                ],
            ),
        ],
    }
}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{cert, row::CertRow};
    use std::collections::BTreeSet;

    #[test]
    fn sides_refer_to_rows_that_exist_and_ids_are_unique() {
        for row in CONNECTIONS {
            for side in [&row.client, &row.server_side] {
                assert!(side.shows.iter().all(|id| cert(id).is_some()), "{}", row.id);
                if let Anchor::File(ids) = side.anchor {
                    assert!(ids.iter().all(|id| cert(id).is_some_and(CertRow::is_ca)), "{}", row.id);
                }
            }
        }
        let ids: BTreeSet<_> = CONNECTIONS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), CONNECTIONS.len());
    }

    #[test]
    fn every_row_is_told_and_calls_by_its_id() {
        for (row, told) in CONNECTIONS.iter().zip(TOLD) {
            assert_eq!(row.id, told.id);
            // What files prove, and what people are told is proven, are one.
            for preset in crate::spec::preset::PRESETS {
                let spec = crate::spec::parse(&preset.draft()).0.expect("presets hold no error");
                assert!(!(row.server_checked)(&spec) || (told.server_proven)(&spec), "{}", row.id);
            }
        }
        let ids: BTreeSet<_> = TOLD.iter().map(|told| told.id).collect();
        assert_eq!(ids.len(), TOLD.len());
        for told in TOLD {
            assert!(told.id.split_once("->").is_some_and(|(caller, server)| !caller.is_empty() && !server.is_empty()));
            let texts = [told.shows, told.checked_with, told.presents, told.identity, told.authorization, told.advice];
            assert!(texts.iter().all(|text| !text.is_empty()) && !told.source.is_empty(), "{}", told.id);
            assert!(told.advice.ends_with('.'), "{}", told.id);
        }
    }

    #[test]
    fn every_leaf_of_the_catalog_is_shown_in_some_connection() {
        for row in crate::catalog::certs().filter(|row| !row.is_ca() && row.id != "sa") {
            let shown = CONNECTIONS
                .iter()
                .any(|one| [&one.client, &one.server_side].iter().any(|side| side.shows.contains(&row.id)));
            assert!(shown, "{} is shown nowhere", row.id);
        }
    }

    /// Flags that a row names and no kubeadm file sets: of callers that somebody installs, of commands, and those whose
    /// absence a row tells of.
    const ELSEWHERE: &[&str] = &[
        "--cacert",
        "--discovery-token-ca-cert-hash",
        "--discovery-token-unsafe-skip-ca-verification",
        "--kubelet-insecure-tls",
        "--ca-cert",
    ];

    #[test]
    fn a_row_is_decided_by_each_flag_that_it_names_and_each_that_names_what_it_shows() {
        for told in TOLD {
            let settings: Vec<&str> = told.decided_by.iter().flat_map(|one| one.settings).copied().collect();
            let decides = |name: &str| settings.iter().any(|one| one.ends_with(&format!(" {name}")));
            for text in [told.shows, told.checked_with, told.presents, told.authorization, told.advice] {
                let words = text.split([' ', ',', ';', '.', '(', ')', ':']).filter(|word| word.starts_with("--"));
                for flag in words.filter(|flag| !ELSEWHERE.contains(flag)) {
                    // metrics-server has a flag of the same name as the API server.
                    let other = told.id.starts_with("metrics-server") && flag == "--kubelet-certificate-authority";
                    assert!(other || decides(flag), "{}: {flag}", told.id);
                }
            }
            let Some(row) = connection(told.id) else { continue };
            let (caller, server) = told.id.split_once("->").unwrap_or_default();
            let sides = [(caller, &row.client, Part::Caller), (server, &row.server_side, Part::Server)];
            for (component, side, part) in sides {
                let component = component.trim_end_matches("-gateway");
                for flag in crate::catalog::flags::FLAGS.iter().filter(|flag| flag.component == component) {
                    let shown = !side.shows.is_empty() && flag.value.ids().first() == side.shows.first();
                    // The other flags of one kubeconfig ask who others are.
                    if shown && !flag.name.ends_with("-kubeconfig") {
                        let decided =
                            told.decided_by.iter().filter(|one| one.part == part).flat_map(|one| one.settings);
                        let names: Vec<&str> = decided.filter_map(|one| one.split_once(' ')).map(|one| one.1).collect();
                        let name = flag.name;
                        let there = names.iter().any(|one| one.trim_start_matches("--") == name);
                        assert!(there, "{}: {} {name} as {part:?}", told.id, component);
                    }
                }
            }
        }
    }
}
