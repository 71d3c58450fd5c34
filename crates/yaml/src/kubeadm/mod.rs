//! kubeadm's configuration to a draft: ClusterConfiguration, InitConfiguration, JoinConfiguration,
//! UpgradeConfiguration and KubeletConfiguration, in one text or several, v1beta3 and v1beta4.

mod argument;
mod classify;
mod document;
mod effect;
mod form;
mod hardening;
mod import;
mod kind;
mod known;
mod left;
mod machine;
mod node;
pub(crate) mod parts;
mod row;
mod rows;
mod rule;
mod setting;
mod spot;
mod suites;
#[cfg(test)]
mod tests;
mod tls;
#[cfg(any(test, feature = "values"))]
pub(crate) mod values;
mod walk;

use kubepki_core::diag::{Diagnostic, Quoted};
use kubepki_core::snippet::kubeadm::Api;
use kubepki_core::spec::{
    ClientPairs, Draft, EtcdMode, Field, FileNames, KubeletClient, LayoutId, NodeDraft, Start, Trust,
};

pub(crate) use self::classify::is_kubeadm;
use self::classify::{Document, KINDS, classify};
use self::import::Import;
use self::kind::Kind;
use self::machine::{Becomes, Seen};
use self::spot::Spot;
use crate::finding::Finding;
use crate::outcome::Source;
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

/// The rules about what the files do not say, which may stand where they could not be read.
pub(crate) const LACKS: &[&str] = &[
    "kubeadm-no-node",
    "kubeadm-advertise-address",
    "kubeadm-node-name",
    "kubeadm-worker-unknown",
    "kubeadm-no-version",
];

/// What kubeadm documents came to.
pub(crate) struct Read {
    pub(crate) draft: Draft,
    pub(crate) places: Places,
    pub(crate) found: Vec<Finding>,
    /// What was read, for people.
    pub(crate) kind: String,
}

/// Reads the documents of all texts as one cluster. `base` is the design as it was: what the texts cannot say stays;
/// `nodes` are given beside the texts.
pub(crate) fn read(sources: &[Source<'_>], base: &Draft, nodes: &[NodeDraft]) -> Read {
    let kinds = || {
        sources.iter().flat_map(|source| &source.documents).filter_map(|document| match classify(&document.root) {
            Document::Shapes(kind, api) => Some((kind, api)),
            Document::Other(_) | Document::Ignored(_) | Document::Nameless | Document::Version | Document::Foreign => {
                None
            }
        })
    };
    let any = |wanted: Kind| kinds().any(|(kind, _)| kind == wanted);
    let whole = any(Kind::Cluster) || any(Kind::Init);
    let mut import = Import::new(starting_point(base, whole, any(Kind::Join)));
    for source in sources {
        for (position, found) in &source.parts {
            import.say(
                &Place { file: source.file.to_owned(), position: *position, called: String::new() },
                found.clone(),
            );
        }
        for document in &source.documents {
            one(&mut import, source.file, document);
        }
    }
    form::versions(&mut import, sources);
    let (draft, places, found) = import.finish(base, nodes);
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

/// What every document begins with.
const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];

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
        Document::Other(component) => {
            let message = format!("{} is left to your own file: no certificate depends on it", word("kind"));
            import.say(&place(""), Diagnostic::notice("kubeadm-left-out", "", message));
            let settings = root.entries().iter().filter(|(key, _)| !HEAD.contains(&&*key.text));
            let spot = Spot { file, kind: Kind::Cluster, api: None, path: "", node: root };
            if component == "kubeadm" {
                import.leave_said(component, word("kind"), &spot);
            } else {
                settings.for_each(|(key, _)| import.leave_said(component, key.text.clone(), &spot));
            }
        }
        Document::Ignored(meant) => {
            let message = format!("kubeadm ignores a document of kind {} in {}", word("kind"), word("apiVersion"));
            let hint = match meant {
                Some(meant) => format!("{meant} is meant; as it stands, nothing of it has an effect"),
                None => "kubeadm knows no such kind; nothing of it has an effect".to_owned(),
            };
            import.say(&place(""), Diagnostic::warning("kubeadm-ignored-document", "", message).with_hint(hint));
        }
        // Half a document is not called nameless: what it lacks may stand in its other half.
        Document::Nameless if !document.complete => {}
        Document::Nameless => {
            let message = "kind and apiVersion is mandatory information that must be specified";
            let kind = word("kind");
            let version =
                KINDS.iter().rev().find(|(_, one, _)| *one == kind).map_or("kubeadm.k8s.io/v1beta4", |one| one.0);
            let hint = match kind.is_empty() {
                true => {
                    "kubeadm refuses the whole file: begin the document with its apiVersion and its kind".to_owned()
                }
                false => format!(
                    "kubeadm refuses the whole file: begin the document with apiVersion: {version}, or take it out"
                ),
            };
            import.say(&place(""), Diagnostic::error("kubeadm-nameless", "", message).with_hint(hint));
        }
        // Said with what the release reads.
        Document::Version => {}
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
    let twice = form::kind(import, spot.kind, &spot.place());
    match spot.kind {
        Kind::Init => import.nodes.push(seen(Becomes::Init)),
        Kind::Join => {
            let control_plane = spot.node.key("controlPlane").is_some_and(|node| !node.is_null());
            import.nodes.push(seen(if control_plane { Becomes::ControlPlane } else { Becomes::Worker }));
        }
        Kind::Cluster => match import.cluster {
            Some(_) if twice => {}
            Some(_) => {
                import.error(spot, "kubeadm-second-cluster", "a second ClusterConfiguration", "one cluster has one")
            }
            None => import.cluster = Some(spot.place()),
        },
        Kind::Upgrade | Kind::Kubelet => {}
    }
}
