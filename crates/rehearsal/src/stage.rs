//! The stage: what every component of a running cluster holds, before any key exists.

use kubepki_core::catalog::row::{Eku, Kind};
use kubepki_core::plan::{self, Holding, Plan, PlannedCert, PlannedFile, Root};
use kubepki_core::spec::{ClusterSpec, KeyAlgorithm, KubeletClient, LayoutId, Lifetime, San, Start};

use crate::extra;

/// A part of a PEM file, by index into [`Plan::certs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The certificate.
    Certificate(usize),
    /// The private key.
    PrivateKey(usize),
    /// The public key.
    PublicKey(usize),
}

/// What a kubeconfig embeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubeconfig {
    /// URL of the API server.
    pub server: String,
    /// The CA whose copy it holds.
    pub authority: usize,
    /// The certificates it presents, leaf first.
    pub shown: Vec<usize>,
    /// The key; nothing for none.
    pub key: Option<usize>,
    /// Whether certificate and key stand in each other's place.
    pub swapped: bool,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// PEM blocks, one after the other.
    Pem(Vec<Piece>),
    /// A kubeconfig.
    Kubeconfig(Kubeconfig),
    /// A service-account token, signed with the key at this index.
    Token(usize),
}

/// One file of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageFile {
    /// Its path in the folder: `nodes/cp-1/etc/kubernetes/pki/ca.crt`.
    pub path: String,
    /// Unix mode.
    pub mode: u32,
    /// What it holds.
    pub content: Content,
}

impl StageFile {
    /// The certificates and keys in it, by index.
    fn certs(&self) -> Vec<usize> {
        match &self.content {
            Content::Pem(pieces) => pieces.iter().map(|piece| piece.cert()).collect(),
            Content::Kubeconfig(one) => {
                one.shown.iter().copied().chain(one.key).chain([one.authority]).collect::<Vec<_>>()
            }
            Content::Token(key) => vec![*key],
        }
    }

    fn renumber(&mut self, now_at: impl Fn(usize) -> usize) {
        match &mut self.content {
            Content::Pem(pieces) => pieces.iter_mut().for_each(|piece| match piece {
                Piece::Certificate(cert) | Piece::PrivateKey(cert) | Piece::PublicKey(cert) => *cert = now_at(*cert),
            }),
            Content::Kubeconfig(one) => {
                one.authority = now_at(one.authority);
                one.shown.iter_mut().chain(&mut one.key).for_each(|cert| *cert = now_at(*cert));
            }
            Content::Token(key) => *key = now_at(*key),
        }
    }
}

impl Piece {
    /// The certificate or key it is of.
    pub fn cert(self) -> usize {
        match self {
            Self::Certificate(cert) | Self::PrivateKey(cert) | Self::PublicKey(cert) => cert,
        }
    }
}

/// How a server's process differs from what a design can say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// It speaks plain HTTP.
    pub plain_http: bool,
    /// It speaks TLS 1.3 alone, and its callers no more than TLS 1.2.
    pub newer_than_callers: bool,
    /// It offers suites for the other kind of key alone, and its callers speak no more than TLS 1.2.
    pub other_suites: bool,
}

/// A binding as it stands in the cluster, whatever certificates say since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) is_group: bool,
    pub(crate) subject: String,
}

/// A running cluster, or one with faults.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The design as it was given.
    pub design: ClusterSpec,
    /// Every certificate and key that the cluster's components hold.
    pub plan: Plan,
    /// Seconds between the issue time and the time at which each was issued; index-aligned with the plan's.
    pub offsets: Vec<i64>,
    /// Every file.
    pub files: Vec<StageFile>,
    /// Faults that were put in, in order.
    pub faults: Vec<String>,
    /// What RBAC binds: the name of the binding, its role, whether to a group, and whom.
    pub(crate) bound: Vec<Bound>,
    pub(crate) processes: Vec<(&'static str, Process)>,
    /// Files that a process read before they were replaced: the path now, the path of what it still holds.
    pub(crate) loaded: Vec<(String, String)>,
    /// Whether `--requestheader-client-ca-file` names the cluster CA.
    pub(crate) shared_header_ca: bool,
}

/// Path of the folder in which Pods find their token and their CA.
pub(crate) const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The folder of an aggregated API server, for whom there is no node.
pub(crate) const EXTENSION: &str = "aggregated-apiserver";
/// The name by which the API server dials it.
pub(crate) const EXTENSION_NAME: &str = "metrics-server.kube-system.svc";

/// A path of the folder as its own machine calls it; of a file that belongs to no machine, the path itself.
pub fn on_machine(path: &str) -> &str {
    let rest = path.strip_prefix("loaded/").unwrap_or(path);
    rest.strip_prefix("nodes/").and_then(|rest| Some(&rest[rest.find('/')?..])).unwrap_or(path)
}

impl Stage {
    /// What the components of a design hold once they run: kubelets have their certificates, Pods their tokens.
    pub fn new(design: &ClusterSpec) -> Self {
        let mut running = design.clone();
        if design.layout == LayoutId::Kubeadm {
            // Whatever joining kubelets request is there by then.
            running.start = Start::Manual;
            running.kubelet_client = KubeletClient::Issued;
        }
        let plan = plan::unchecked(&running);
        let offsets = vec![0; plan.certs.len()];
        let bound = plan.bindings().into_iter().map(|one| Bound {
            name: one.row.name,
            role: one.row.role,
            is_group: one.kind == "Group",
            subject: one.subject.to_owned(),
        });
        let bound = bound.collect();
        let mut stage = Self {
            design: design.clone(),
            plan,
            offsets,
            files: Vec::new(),
            faults: Vec::new(),
            bound,
            processes: Vec::new(),
            loaded: Vec::new(),
            shared_header_ca: false,
        };
        stage.files = stage.plan.files.iter().filter_map(|file| stage.planned(file)).collect();
        stage.kubelets_sign_for_themselves();
        stage.pods();
        stage.extension();
        stage
    }

    fn planned(&self, file: &PlannedFile) -> Option<StageFile> {
        let Root::Node(node) = file.root else { return None };
        let cert = file.content.cert;
        let content = match file.content.holding {
            Holding::Certificate => Content::Pem(vec![Piece::Certificate(cert)]),
            Holding::PrivateKey => Content::Pem(vec![Piece::PrivateKey(cert)]),
            Holding::PublicKey => Content::Pem(vec![Piece::PublicKey(cert)]),
            Holding::Kubeconfig => Content::Kubeconfig(Kubeconfig {
                server: self.plan.certs[cert].server.clone()?,
                authority: self.plan.certs[cert].issuer?,
                shown: vec![cert],
                key: Some(cert),
                swapped: false,
            }),
        };
        Some(StageFile { path: self.path(node, &file.path), mode: file.mode, content })
    }

    /// The path in the folder of a path on a node.
    pub(crate) fn path(&self, node: usize, path: &str) -> String {
        format!("nodes/{}{path}", self.plan.spec.nodes[node].name)
    }

    /// A kubelet without a serving certificate makes a CA, a certificate for its node's name, and shows both.
    fn kubelets_sign_for_themselves(&mut self) {
        let year = Lifetime { seconds: 365 * 86_400 };
        let unsigned: Vec<_> = self
            .plan
            .unsigned
            .iter()
            .filter(|one| one.row.id == "kubelet-serving")
            .map(|one| (one.row, one.node))
            .collect();
        for (row, node) in unsigned {
            let Some(index) = node else { continue };
            let name = self.plan.spec.nodes[index].name.clone();
            let key = self.plan.spec.leaf_key;
            let ca =
                self.add(PlannedCert { node, ..extra::planned(&extra::KUBELET_CA, &format!("{name}-ca"), key, year) });
            let leaf = self.add(PlannedCert {
                node,
                issuer: Some(ca),
                sans: vec![San::Dns(name.clone())],
                ekus: vec![Eku::ServerAuth],
                ..extra::planned(row, &name, key, year)
            });
            let shown = vec![Piece::Certificate(leaf), Piece::Certificate(ca)];
            let files = [
                ("crt", 0o644, Holding::Certificate, shown),
                ("key", 0o600, Holding::PrivateKey, vec![Piece::PrivateKey(leaf)]),
            ];
            for (end, mode, holding, pieces) in files {
                let path = format!("/var/lib/kubelet/pki/kubelet.{end}");
                self.files.push(StageFile { path: self.path(index, &path), mode, content: Content::Pem(pieces) });
                let content = kubepki_core::plan::Content { cert: leaf, holding };
                let owner = "root:root";
                self.plan.files.push(PlannedFile { root: Root::Node(index), path, mode, owner, content });
            }
        }
    }

    /// A Pod on each control plane, with its token and the cluster CA.
    fn pods(&mut self) {
        let (Some(ca), Some(sa)) = (self.plan.find("ca", None), self.plan.find("sa", None)) else { return };
        let nodes: Vec<usize> =
            (0..self.plan.spec.nodes.len()).filter(|&node| self.plan.spec.nodes[node].control_plane).collect();
        for node in nodes {
            let file = |name: &str| self.path(node, &format!("{SERVICE_ACCOUNT}/{name}"));
            let files = [
                StageFile { path: file("ca.crt"), mode: 0o644, content: Content::Pem(vec![Piece::Certificate(ca)]) },
                StageFile { path: file("token"), mode: 0o600, content: Content::Token(sa) },
            ];
            self.files.extend(files);
        }
    }

    /// An aggregated API server, where the design has an aggregation layer.
    fn extension(&mut self) {
        let Some(front_proxy) = self.plan.find("front-proxy-ca", None) else { return };
        let (key, year) = (self.plan.spec.leaf_key, Lifetime { seconds: 365 * 86_400 });
        let ca = self.add(extra::planned(&extra::EXTENSION_CA, "metrics-server-ca", key, year));
        let leaf = self.add(PlannedCert {
            issuer: Some(ca),
            sans: vec![San::Dns(EXTENSION_NAME.to_owned())],
            ekus: vec![Eku::ServerAuth],
            ..extra::planned(&extra::EXTENSION, EXTENSION_NAME, key, year)
        });
        let files = [
            ("ca-bundle.crt", 0o644, Piece::Certificate(ca)),
            ("requestheader-client-ca.crt", 0o644, Piece::Certificate(front_proxy)),
            ("tls.crt", 0o644, Piece::Certificate(leaf)),
            ("tls.key", 0o600, Piece::PrivateKey(leaf)),
        ];
        self.files.extend(files.map(|(name, mode, piece)| StageFile {
            path: format!("{EXTENSION}/{name}"),
            mode,
            content: Content::Pem(vec![piece]),
        }));
    }

    /// The same with keys that are quickly made: ECDSA P-256 instead of RSA. For samples; call it before faults are put
    /// in.
    #[must_use]
    pub fn with_quick_keys(mut self) -> Self {
        for cert in self.plan.certs.iter_mut().filter(|cert| cert.key.is_rsa()) {
            cert.key = KeyAlgorithm::EcdsaP256;
        }
        self
    }

    /// The part of the stage that is needed for these files: them, what is in them, and whoever signed that. Issue this
    /// instead of the whole where few files are wanted.
    #[must_use]
    pub fn only<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Self {
        let wanted: Vec<&str> = paths.into_iter().collect();
        let mut part = self.clone();
        part.files.retain(|file| wanted.contains(&&*file.path));
        let mut needed: Vec<bool> = vec![false; self.plan.certs.len()];
        part.files.iter().flat_map(StageFile::certs).for_each(|cert| needed[cert] = true);
        for index in (0..needed.len()).filter(|&index| needed[index]).collect::<Vec<_>>() {
            let mut above = self.plan.certs[index].issuer;
            while let Some(issuer) = above.filter(|&issuer| !std::mem::replace(&mut needed[issuer], true)) {
                above = self.plan.certs[issuer].issuer;
            }
        }
        let kept: Vec<usize> = (0..needed.len()).filter(|&index| needed[index]).collect();
        let now_at = |old: usize| kept.binary_search(&old).unwrap_or_default();
        part.plan.certs = kept
            .iter()
            .map(|&old| {
                let cert = &self.plan.certs[old];
                PlannedCert { issuer: cert.issuer.map(now_at), ..cert.clone() }
            })
            .collect();
        part.offsets = kept.iter().map(|&old| self.offsets[old]).collect();
        // What else the plan says is about certificates that are not here any more.
        (part.plan.files, part.plan.flags, part.plan.unsigned) = (Vec::new(), Vec::new(), Vec::new());
        part.files.iter_mut().for_each(|file| file.renumber(now_at));
        part
    }

    /// Adds a certificate or key; its index.
    pub(crate) fn add(&mut self, cert: PlannedCert) -> usize {
        self.plan.certs.push(cert);
        self.offsets.push(0);
        self.plan.certs.len() - 1
    }

    /// Every certificate of an id.
    pub(crate) fn of(&self, id: &str) -> Vec<usize> {
        self.plan.certs.iter().enumerate().filter(|(_, cert)| cert.row.id == id).map(|(index, _)| index).collect()
    }

    /// A file by its path.
    pub fn file(&self, path: &str) -> Option<&StageFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// How a component's process differs from what a design can say.
    pub fn process_of(&self, component: &str) -> Process {
        self.processes.iter().find(|(name, _)| *name == component).map(|(_, process)| *process).unwrap_or_default()
    }

    /// The same, to be changed.
    pub(crate) fn process(&mut self, component: &'static str) -> &mut Process {
        let at = match self.processes.iter().position(|(name, _)| *name == component) {
            Some(at) => at,
            None => {
                self.processes.push((component, Process::default()));
                self.processes.len() - 1
            }
        };
        &mut self.processes[at].1
    }

    /// Whether what a certificate's row is drawn as lets it be shown by a server, and by a client.
    pub(crate) fn roles(kind: Kind) -> (bool, bool) {
        (matches!(kind, Kind::Server | Kind::Peer), matches!(kind, Kind::Client | Kind::Peer))
    }
}
