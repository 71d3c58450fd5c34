//! kubeadm's configuration to a draft: ClusterConfiguration, InitConfiguration, JoinConfiguration,
//! UpgradeConfiguration and KubeletConfiguration, in one text or several, v1beta3 and v1beta4.

mod argument;
mod document;
mod effect;
mod hardening;
mod import;
mod node;
mod row;
mod rows;
mod rule;
#[cfg(test)]
mod tests;
mod walk;

use kubepki_core::diag::{Diagnostic, Quoted};
use kubepki_core::snippet::kubeadm::Api;
use kubepki_core::spec::version::KubeVersion;
use kubepki_core::spec::{ClientPairs, Draft, EtcdMode, Field, FileNames, KubeletClient, LayoutId, Start, Trust};

use self::import::Import;
use self::node::{Becomes, Seen};
use self::row::Kind;
use self::walk::Spot;
use crate::outcome::{Finding, Source};
use crate::place::{Place, Places};
use crate::tree::{self, Node};

/// The rules about machines that documents describe, or fail to.
pub(crate) const MACHINES: &[&str] = &[
    "kubeadm-no-node",
    "kubeadm-nodes-kept",
    "kubeadm-advertise-address",
    "kubeadm-node-name",
    "kubeadm-worker-unknown",
    "kubeadm-etcd-host",
];

/// What kubeadm documents came to.
pub(crate) struct Read {
    pub(crate) draft: Draft,
    pub(crate) places: Places,
    pub(crate) found: Vec<Finding>,
    /// What was read, for people.
    pub(crate) kind: String,
}

/// What a document is.
enum Document {
    /// One that shapes the PKI; the kubelet's has no version of kubeadm's API.
    Shapes(Kind, Option<Api>),
    /// One of Kubernetes that shapes no certificate.
    Other,
    /// kubeadm's, in a version that is not read.
    Version { newer: bool },
    /// Nothing of kubeadm's.
    Foreign,
}

/// Whether a document belongs to kubeadm, in whatever version.
pub(crate) fn is_kubeadm(root: &Node) -> bool {
    !matches!(classify(root), Document::Foreign)
}

fn classify(root: &Node) -> Document {
    let word = |key| root.key(key).and_then(Node::text).unwrap_or_default();
    let Some((group, version)) = word("apiVersion").split_once('/') else { return Document::Foreign };
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word("kind"));
    let api = [Api::V1beta3, Api::V1beta4].into_iter().find(|api| api.version() == word("apiVersion"));
    match (group, api, kind) {
        ("kubeadm.k8s.io", None, _) => {
            // Older ones are v1alpha1 to v1beta2; what has no such name is taken as newer.
            let older = version.starts_with("v1alpha") || ["v1beta1", "v1beta2"].contains(&version);
            Document::Version { newer: !older }
        }
        ("kubeadm.k8s.io", Some(api), Some(kind)) if kind != Kind::Kubelet => Document::Shapes(kind, Some(api)),
        ("kubelet.config.k8s.io", _, Some(Kind::Kubelet)) => Document::Shapes(Kind::Kubelet, None),
        ("kubeadm.k8s.io" | "kubelet.config.k8s.io" | "kubeproxy.config.k8s.io", ..) => Document::Other,
        _ => Document::Foreign,
    }
}

/// Reads the documents of all texts as one cluster. `base` is the design as it was: what the texts cannot say stays.
pub(crate) fn read(sources: &[Source<'_>], base: &Draft) -> Read {
    let kinds = || {
        sources.iter().flat_map(|source| &source.documents).filter_map(|document| match classify(&document.root) {
            Document::Shapes(kind, api) => Some((kind, api)),
            Document::Other | Document::Version { .. } | Document::Foreign => None,
        })
    };
    let any = |wanted: Kind| kinds().any(|(kind, _)| kind == wanted);
    let whole = any(Kind::Cluster) || any(Kind::Init);
    let mut import = Import::new(starting_point(base, whole, any(Kind::Join)));
    for source in sources {
        for document in &source.documents {
            one(&mut import, source.file, document);
        }
    }
    versions(&mut import, sources);
    let external = import.external.is_some();
    let (mut draft, places, found) = import.finish(base);
    if external {
        // kubeadm has no word for the names in external etcd's certificates, nor for its data folder.
        for field in [Field::EtcdServerCertSans, Field::EtcdPeerCertSans] {
            draft.set_list(field, base.list(field).to_vec());
        }
        draft.set_text(Field::EtcdDataDir, base.text(Field::EtcdDataDir));
    }
    let mut versions: Vec<&str> = kinds().filter_map(|(_, api)| api).map(short).collect();
    versions.sort_unstable();
    versions.dedup();
    let kind = match versions.is_empty() {
        true => "kubelet configuration".to_owned(),
        false => format!("kubeadm configuration ({})", versions.join(", ")),
    };
    Read { draft, places, found, kind }
}

/// `v1beta4`.
fn short(api: Api) -> &'static str {
    api.version().rsplit('/').next().unwrap_or_default()
}

/// The draft before any document is read. A ClusterConfiguration or InitConfiguration describes the whole cluster, what
/// it leaves out being kubeadm's default; other documents add to the design as it was.
fn starting_point(base: &Draft, whole: bool, joins: bool) -> Draft {
    let mut draft = if whole { Draft::default() } else { base.clone() };
    if whole {
        draft.set_text(Field::CaKeys, base.text(Field::CaKeys));
        draft.set_text(Field::EtcdMode, EtcdMode::Stacked.word());
    }
    if whole || joins {
        for (field, word) in [
            (Field::Start, Start::Kubeadm.word()),
            (Field::Layout, LayoutId::Kubeadm.word()),
            (Field::Trust, Trust::Separate.word()),
            (Field::FileNames, FileNames::Crt.word()),
            (Field::ApiServerClientPairs, ClientPairs::Own.word()),
            (Field::KubeletClient, KubeletClient::Bootstrap.word()),
        ] {
            draft.set_text(field, word);
        }
    }
    draft.nodes.clear();
    draft
}

/// Reads one document.
fn one(import: &mut Import, file: &str, document: &tree::Document) {
    let root = &document.root;
    let word = |key| root.key(key).and_then(Node::text).unwrap_or_default();
    let place = |called: &str| Place { file: file.to_owned(), position: root.at, called: called.to_owned() };
    match classify(root) {
        Document::Shapes(kind, api) => {
            let spot = Spot { file, kind, api, path: "", node: root };
            begin(import, &spot, document.complete);
            walk::walk(import, &spot);
            if document.complete {
                self::document::document(import, &spot);
            }
        }
        Document::Other => {
            let message = format!("{} shapes no certificate and is left out", word("kind"));
            import.say(&place(""), Diagnostic::notice("kubeadm-not-relevant", "", message));
        }
        Document::Version { newer } => {
            let at = Place { position: root.key("apiVersion").map_or(root.at, |node| node.at), ..place("apiVersion") };
            let message =
                format!("kubeadm configuration of {} is not read; v1beta3 and v1beta4 are", word("apiVersion"));
            let hint = match newer {
                true => "this program does not know the version; if it is right, a newer workbench may",
                false => "bring it up to date: kubeadm config migrate --old-config OLD.yaml --new-config NEW.yaml",
            };
            import.say(&at, Diagnostic::error("kubeadm-version", "", message).with_hint(hint));
        }
        // Half a document is not called foreign: what it lacks may stand in its other half.
        Document::Foreign if !document.complete => {}
        Document::Foreign => {
            let message = format!("a document of kind {} among kubeadm's is left out", Quoted(word("kind")));
            import.say(
                &place(""),
                Diagnostic::warning("kubeadm-foreign", "", message).with_hint("kubeadm ignores it as well"),
            );
        }
    }
}

/// What a document means before its fields are looked at.
fn begin(import: &mut Import, spot: &Spot<'_>, complete: bool) {
    let seen = |becomes| Seen { complete, ..Seen::new(becomes, spot.place()) };
    if import.first.is_none() {
        // What stands nowhere belongs to the whole.
        import.places.put("", spot.place());
        import.first = Some(spot.place());
    }
    match spot.kind {
        Kind::Init => import.nodes.push(seen(Becomes::Init)),
        Kind::Join => {
            let control_plane = spot.node.key("controlPlane").is_some_and(|node| !node.is_null());
            import.nodes.push(seen(if control_plane { Becomes::ControlPlane } else { Becomes::Worker }));
        }
        Kind::Cluster => match import.cluster {
            Some(_) => {
                import.error(spot, "kubeadm-second-cluster", "a second ClusterConfiguration", "one cluster has one")
            }
            None => import.cluster = Some(spot.place()),
        },
        Kind::Upgrade | Kind::Kubelet => {}
    }
}

/// Whether the release that the files name reads files of these versions.
fn versions(import: &mut Import, sources: &[Source<'_>]) {
    let named = import.places.names(Field::KubernetesVersion.row().path);
    if let (Some(place), false) = (import.cluster.clone(), named) {
        let message = "no Kubernetes version is named; kubeadm would look up the newest stable one";
        let found = Diagnostic::notice("kubeadm-no-version", Field::KubernetesVersion.row().path, message);
        import.say(&place, found.with_hint("name the version that your kubeadm prints"));
    }
    let Ok(version) = KubeVersion::parse(import.draft.text(Field::KubernetesVersion)) else { return };
    let minor = version.version().minor;
    for source in sources {
        for document in &source.documents {
            let Document::Shapes(_, Some(api)) = classify(&document.root) else { continue };
            let at = document.root.key("apiVersion").unwrap_or(&document.root).at;
            let place = Place { file: source.file.to_owned(), position: at, called: "apiVersion".to_owned() };
            let found = match api {
                // kubeadm sets up its own minor and the one before (kubernetes.io/releases/version-skew-policy).
                Api::V1beta4 if named && minor < 30 => Diagnostic::warning(
                    "kubeadm-api-too-new",
                    "",
                    format!("kubeadm for 1.{minor} does not read v1beta4, which came with 1.31"),
                )
                .with_hint("write the file as v1beta3"),
                Api::V1beta3 if named && minor >= 31 => {
                    Diagnostic::notice("kubeadm-api-deprecated", "", "v1beta3 is deprecated since 1.31")
                        .with_hint("kubeadm config migrate writes v1beta4")
                }
                Api::V1beta3 | Api::V1beta4 => continue,
            };
            import.say(&place, found);
        }
    }
}
