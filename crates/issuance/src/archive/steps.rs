//! What the texts of an archive ask of a plan about joining: the hash of the CA, and who cannot join.

use kubepki_core::Plan;
use kubepki_core::spec::CaKeys;

use crate::inspect::inspect;
use crate::pki::Pki;

/// SHA-256 of the cluster CA's public key (SubjectPublicKeyInfo), hexadecimal: what joining nodes are told to expect
/// (`--discovery-token-ca-cert-hash`).
pub(super) fn ca_hash(pki: &Pki) -> Option<String> {
    let ca = pki.plan.find("ca", None)?;
    inspect(pki.certs[ca].der.as_deref()?).ok().map(|facts| facts.public_key_hash)
}

/// The heading in `README.md` above what it means that the CA's key is on no node.
pub(super) const NOBODY_SIGNS: &str = "No certificate request is signed in this cluster";

/// The id of what a kubelet shows to the API server.
pub(super) const KUBELET: &str = "kubelet.conf";

/// Nodes whose kubelet would have to request its certificate, where nobody signs what it requests.
pub(super) fn cut_off(plan: &Plan) -> Vec<usize> {
    if plan.spec.ca_keys == CaKeys::OnControlPlane {
        return Vec::new();
    }
    let kubelets = plan.unsigned.iter().filter(|one| one.row.id == KUBELET);
    kubelets.filter_map(|one| one.node).collect()
}
