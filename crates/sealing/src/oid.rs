//! Object identifiers.

use yasna::models::ObjectIdentifier;

/// The identifier of these arcs.
pub(crate) fn oid(arcs: &[u64]) -> ObjectIdentifier {
    ObjectIdentifier::from_slice(arcs)
}
