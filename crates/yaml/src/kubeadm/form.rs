//! What kubeadm asks of a file as a whole, before it looks at fields: parts that are documents, each kind once, a version of its
//! API that it reads, gates that it has (kubernetes/kubernetes: cmd/kubeadm/app/util/{marshal.go, config/common.go}, features).

use kubepki_core::diag::{Diagnostic, Quoted};
use kubepki_core::snippet::kubeadm::Api;
use kubepki_core::spec::Field;
use kubepki_core::spec::version::KubeVersion;

use super::classify::{Document, classify};
use super::import::Import;
use super::kind::Kind;
use crate::near::nearest;
use crate::outcome::Source;
use crate::place::Place;
use crate::tree::Node;

/// Versions of kubeadm's API that went, each with the last minor of kubeadm that reads it.
const OLD: &[(&str, u16)] = &[
    ("kubeadm.k8s.io/v1alpha1", 11),
    ("kubeadm.k8s.io/v1alpha2", 12),
    ("kubeadm.k8s.io/v1alpha3", 14),
    ("kubeadm.k8s.io/v1beta1", 15),
    ("kubeadm.k8s.io/v1beta2", 22),
    ("kubeadm.k8s.io/v1beta3", 36),
];

/// The first minor whose gates are known: older ones had others beside these.
const GATES_SINCE: u16 = 34;

/// kubeadm's own feature gates, each with the minor that has it no more, and what to do then.
const GATES: &[(&str, u16, &str)] = &[
    ("PublicKeysECDSA", 37, "set encryptionAlgorithm instead: ECDSA-P256"),
    ("ControlPlaneKubeletLocalMode", 36, "take it out: it is always on"),
    ("NodeLocalCRISocket", 37, "take it out: it is always on"),
    ("WaitForAllControlPlaneComponents", 35, "take it out: it is always on"),
    ("RootlessControlPlane", u16::MAX, ""),
];

/// Whether kubeadm of the release that the files name reads them, and has the gates that they set.
pub(super) fn versions(import: &mut Import, sources: &[Source<'_>]) {
    let named = import.places.names(Field::KubernetesVersion.row().path);
    if let (Some(place), false) = (import.cluster.clone(), named) {
        let message = "no Kubernetes version is named; kubeadm would look up the newest stable one";
        let found = Diagnostic::notice("kubeadm-no-version", Field::KubernetesVersion.row().path, message);
        import.say(&place, found.with_hint("name the version that your kubeadm prints"));
    }
    let version = KubeVersion::parse(import.draft.text(Field::KubernetesVersion)).ok();
    let minor = version.map(|version| version.version().minor).filter(|_| named);
    gates(import, minor);
    for (since, path, place) in std::mem::take(&mut import.newer) {
        if minor.is_some_and(|minor| minor < since) {
            let message = format!("unknown field {}", Quoted(&path));
            let hint = format!("kubeadm has it since 1.{since}: kubeadm init ignores it with a warning");
            import.say(&place, Diagnostic::warning("kubeadm-unknown-field", "", message).with_hint(hint));
        }
    }
    for source in sources {
        for document in &source.documents {
            let at = document.root.key("apiVersion").unwrap_or(&document.root).at;
            let place = Place { file: source.file.to_owned(), position: at, called: "apiVersion".to_owned() };
            let found = match classify(&document.root) {
                Document::Shapes(_, Some(api)) => minor.and_then(|minor| of_release(api, minor)),
                Document::Version => {
                    Some(unread(document.root.key("apiVersion").and_then(Node::text).unwrap_or_default()))
                }
                Document::Shapes(_, None)
                | Document::Other(_)
                | Document::Ignored(_)
                | Document::Nameless
                | Document::Foreign => None,
            };
            if let Some(found) = found {
                import.say(&place, found);
            }
        }
    }
}

/// What there is to say of a version of the API that is read here, to whom sets up this minor.
fn of_release(api: Api, minor: u16) -> Option<Diagnostic> {
    match api {
        // kubeadm sets up its own minor and the one before (kubernetes.io/releases/version-skew-policy).
        Api::V1beta4 if minor < 30 => {
            let message = format!("kubeadm for 1.{minor} does not read v1beta4, which came with 1.31");
            Some(Diagnostic::warning("kubeadm-api-too-new", "", message).with_hint("write the file as v1beta3"))
        }
        Api::V1beta3 if minor >= 37 => Some(unread(api.version())),
        Api::V1beta3 if minor >= 31 => {
            let found = Diagnostic::notice(
                "kubeadm-api-deprecated",
                "",
                "v1beta3 is deprecated since 1.31, and kubeadm 1.37 reads it no more",
            );
            Some(found.with_hint("kubeadm config migrate writes v1beta4"))
        }
        Api::V1beta3 | Api::V1beta4 => None,
    }
}

/// What kubeadm says to a version of its API that it does not read, up to the document that it names.
fn unread(version: &str) -> Diagnostic {
    let (message, hint) = match OLD.iter().find(|(old, _)| *old == version) {
        Some((_, minor)) => (
            format!("your configuration file uses an old API spec: {}", Quoted(version)),
            format!(
                "bring it up to date with kubeadm 1.{minor}: kubeadm config migrate --old-config OLD.yaml --new-config NEW.yaml"
            ),
        ),
        None if version == "kubeadm.k8s.io/v1" => (
            format!("experimental API spec: {}", Quoted(version)),
            "kubeadm has it since 1.37 and refuses it unless --allow-experimental-api is given: write v1beta4"
                .to_owned(),
        ),
        None => (
            format!("kubeadm configuration of {version} is not read; v1beta3 and v1beta4 are"),
            "this program does not know the version; if it is right, a newer workbench may".to_owned(),
        ),
    };
    Diagnostic::error("kubeadm-version", "", message).with_hint(hint)
}

/// The feature gates that were read: kubeadm refuses a file with one that it does not have.
fn gates(import: &mut Import, minor: Option<u16>) {
    for (gate, place) in std::mem::take(&mut import.gates) {
        let row = GATES.iter().find(|(name, ..)| *name == gate);
        let message = format!("{gate} is not a valid feature name.");
        let near = || nearest(&gate, GATES.iter().map(|(name, ..)| *name));
        let hint = match (row, minor) {
            (Some((_, until, remedy)), Some(minor)) if minor >= *until => format!("gone since 1.{until}: {remedy}"),
            (Some(_), _) => continue,
            (None, Some(minor)) if minor >= GATES_SINCE => near().map_or_else(
                || "take it out: kubeadm refuses gates that it does not have".to_owned(),
                |near| format!("is {near} meant? kubeadm refuses gates that it does not have"),
            ),
            (None, _) => {
                if let Some(near) = near() {
                    let hint = format!("is {near} meant? kubeadm refuses gates that it does not have");
                    let found =
                        Diagnostic::warning("kubeadm-gate", "", format!("kubeadm may know no gate {}", Quoted(&gate)));
                    import.say(&place, found.with_hint(hint));
                }
                continue;
            }
        };
        import.say(&place, Diagnostic::error("kubeadm-gate", "", message).with_hint(hint));
    }
}

/// Notes a document's kind, of which a file has one.
pub(super) fn kind(import: &mut Import, kind: Kind, place: &Place) -> bool {
    let twice = import.kinds.iter().any(|(file, one)| *one == kind && *file == place.file);
    import.kinds.push((place.file.clone(), kind));
    if twice {
        let message = format!("invalid configuration: kind {} is specified twice in YAML file", Quoted(kind.word()));
        let hint = match kind {
            Kind::Join => "give each machine a file of its own: kubeadm reads the one of the machine on which it runs",
            Kind::Cluster | Kind::Init | Kind::Upgrade | Kind::Kubelet => "take one of them out",
        };
        import.say(place, Diagnostic::error("kubeadm-kind-twice", "", message).with_hint(hint));
    }
    twice
}
