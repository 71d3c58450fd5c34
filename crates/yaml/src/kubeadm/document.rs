//! What kubeadm asks of a document as a whole, in its words (kubeadm: apis/kubeadm/validation/validation.go).

use kubepki_core::diag::Diagnostic;

use super::import::Import;
use super::kind::Kind;
use super::spot::Spot;
use crate::tree::{Node, Value};

/// Checks what concerns several fields of one document.
pub(super) fn document(import: &mut Import, spot: &Spot<'_>) {
    match spot.kind {
        Kind::Cluster => etcd(import, spot),
        Kind::Init => tokens(import, spot),
        Kind::Join => discovery(import, spot),
        Kind::Upgrade | Kind::Kubelet => {}
    }
}

/// The value at a path, unless it is nothing.
fn given<'a>(spot: &Spot<'a>, path: &str) -> Option<&'a Node> {
    spot.node.path(path).filter(|node| !node.is_null())
}

fn refuse(import: &mut Import, spot: &Spot<'_>, path: &str, at: &Node, message: &str) {
    import.error(&Spot { path, node: at, ..*spot }, "kubeadm-value", message, "");
}

fn etcd(import: &mut Import, spot: &Spot<'_>) {
    let Some(external) = given(spot, "etcd.external") else { return };
    if given(spot, "etcd.local").is_some() {
        refuse(import, spot, "etcd", external, ".Etcd.Local and .Etcd.External are mutually exclusive");
    }
    let has = |key| external.key(key).is_some_and(|node| node.text().is_some_and(|text| !text.is_empty()));
    let (ca, cert, key) = (has("caFile"), has("certFile"), has("keyFile"));
    let path = "etcd.external";
    if cert != key {
        let message = "either both or none of .Etcd.External.CertFile and .Etcd.External.KeyFile must be set";
        refuse(import, spot, path, external, message);
    } else if cert && !ca {
        let message = "setting .Etcd.External.CertFile and .Etcd.External.KeyFile requires .Etcd.External.CAFile";
        refuse(import, spot, path, external, message);
    }
    if external.key("endpoints").is_none_or(|node| node.items().is_empty()) {
        refuse(import, spot, path, external, "at least one endpoint must be specified");
    }
}

fn tokens(import: &mut Import, spot: &Spot<'_>) {
    for (index, token) in given(spot, "bootstrapTokens").map_or(&[][..], Node::items).iter().enumerate() {
        // kubeadm gives a token 24 hours where it says no ttl, and refuses that beside a moment.
        let moment = token.key("expires").and_then(Node::text).is_some_and(|text| super::rule::moment(text).is_none());
        if moment {
            let message = "the BootstrapToken .TTL and .Expires fields are mutually exclusive";
            refuse(import, spot, &format!("bootstrapTokens.{index}"), token, message);
        }
    }
}

/// kubeadm refuses the document without these; a design can do without, so they are warnings.
fn discovery(import: &mut Import, spot: &Spot<'_>) {
    let (token, file) = (given(spot, "discovery.bootstrapToken"), given(spot, "discovery.file"));
    let hint = "kubeadm refuses the file as it is; no certificate depends on it";
    let mut warn = |path: &str, at: &Node, message: &str| {
        let place = Spot { path, node: at, ..*spot }.place();
        import.say(&place, Diagnostic::warning("kubeadm-discovery", "", message).with_hint(hint));
    };
    match (token, file) {
        (None, None) => warn("discovery", spot.node, "bootstrapToken or file must be set"),
        (Some(token), Some(_)) => warn("discovery", token, "bootstrapToken and file cannot both be set"),
        _ => {}
    }
    let Some(token) = token else { return };
    let hashes = token.key("caCertHashes").is_some_and(|node| !node.items().is_empty());
    let skips = token.key("unsafeSkipCAVerification").and_then(Node::text) == Some("true");
    if !hashes && !skips && matches!(token.value, Value::Map(_)) {
        let message = "using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue";
        warn("discovery.bootstrapToken.caCertHashes", token, message);
    }
}
