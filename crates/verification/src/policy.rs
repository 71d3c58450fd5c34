//! Certificate policies of a chain (RFC 9618), as far as they decide whether it is valid: without policies asked for,
//! that is whether some policy holds throughout where a CA insists on one.

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::Certificate;

/// anyPolicy, 2.5.29.32.0.
const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

/// The policies that hold at one depth, each with what it is called in the next certificate. Kept in order, so that as many
/// as a certificate can hold are looked up fast.
type Nodes<'a> = BTreeMap<&'a [u8], BTreeSet<&'a [u8]>>;

/// Whether the policies of a chain, leaf first, are valid.
pub(crate) fn are_valid(chain: &[&Certificate]) -> bool {
    if chain.len() == 1 {
        return true;
    }
    let n = chain.len() - 1;
    // The policies at this depth; nothing once none is left.
    let mut nodes: Option<Nodes<'_>> = Some(BTreeMap::from([(ANY, BTreeSet::from([ANY]))]));
    let (mut any_left, mut explicit, mut mapping) = (n + 1, n + 1, n + 1);
    for at in (0..n).rev() {
        let it = chain[at];
        let is_self_signed = it.raw_issuer == it.raw_subject;
        if it.policies.is_empty() {
            nodes = None;
        }
        if explicit == 0 && nodes.is_none() {
            return false;
        }
        if let Some(above) = &nodes {
            let takes_any = it.policies.iter().any(|one| one == ANY) && (any_left > 0 || (at > 0 && is_self_signed));
            let mut below = next(above, it, takes_any);
            if at != 0 && !map(&mut below, it, mapping > 0) {
                return false;
            }
            nodes = Some(below);
        }
        if at == 0 {
            continue;
        }
        if !is_self_signed {
            [&mut explicit, &mut mapping, &mut any_left].into_iter().for_each(|one| *one = one.saturating_sub(1));
        }
        let lower = |limit: &mut usize, given: Option<i64>| {
            if let Some(given) = given.and_then(|given| usize::try_from(given).ok()) {
                *limit = (*limit).min(given);
            }
        };
        lower(&mut explicit, it.require_explicit_policy);
        lower(&mut mapping, it.inhibit_policy_mapping);
        lower(&mut any_left, it.inhibit_any_policy);
    }
    explicit = explicit.saturating_sub(1);
    if chain[0].require_explicit_policy == Some(0) {
        explicit = 0;
    }
    explicit > 0 || nodes.is_some_and(|nodes| !nodes.is_empty())
}

/// 6.1.3 (d): the policies of a certificate that the ones above lead to.
fn next<'a>(above: &Nodes<'a>, it: &'a Certificate, takes_any: bool) -> Nodes<'a> {
    let has_any = above.contains_key(ANY);
    let expected: BTreeSet<&[u8]> = above.values().flatten().copied().collect();
    let own = it.policies.iter().map(Vec::as_slice);
    let mut below: BTreeSet<&[u8]> =
        own.filter(|policy| *policy != ANY && (has_any || expected.contains(policy))).collect();
    if takes_any {
        below.extend(expected);
    }
    below.into_iter().map(|policy| (policy, BTreeSet::from([policy]))).collect()
}

/// 6.1.4 (b): what a CA calls its policies in the certificates below; false for a mapping of anyPolicy.
fn map<'a>(nodes: &mut Nodes<'a>, it: &'a Certificate, is_allowed: bool) -> bool {
    if !is_allowed {
        it.policy_mappings.iter().for_each(|(issuer, _)| drop(nodes.remove(issuer.as_slice())));
        return true;
    }
    let mut mapped = Nodes::new();
    for (issuer, subject) in &it.policy_mappings {
        if issuer == ANY || subject == ANY {
            return false;
        }
        mapped.entry(issuer).or_default().insert(subject);
    }
    let has_any = nodes.contains_key(ANY);
    for (issuer, subjects) in mapped {
        if has_any || nodes.contains_key(issuer) {
            nodes.insert(issuer, subjects);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn oid(number: u8) -> Vec<u8> {
        vec![0x2b, number]
    }

    fn certificate(policies: Vec<Vec<u8>>) -> Certificate {
        // Another subject than issuer: not self-signed.
        Certificate { policies, raw_subject: vec![1], ..Certificate::default() }
    }

    #[test]
    fn a_policy_must_hold_throughout_where_one_is_required() {
        let root = certificate(Vec::new());
        let ca = |own, mappings| Certificate {
            policy_mappings: mappings,
            require_explicit_policy: Some(0),
            ..certificate(vec![oid(own)])
        };
        let leaf = |number| certificate(vec![oid(number)]);
        assert!(are_valid(&[&leaf(1), &ca(1, Vec::new()), &root]));
        assert!(!are_valid(&[&leaf(2), &ca(1, Vec::new()), &root]));
        assert!(are_valid(&[&leaf(2), &ca(1, vec![(oid(1), oid(2))]), &root]), "under another name");
        assert!(!are_valid(&[&leaf(2), &ca(1, vec![(oid(1), ANY.to_vec())]), &root]), "anyPolicy is not mapped");
    }

    /// As many as a large certificate can hold, each mapped to another: minutes, if each met each.
    #[test]
    fn policies_are_not_multiplied() {
        let number = |at: u32| [&[0x2b][..], &at.to_be_bytes()].concat();
        let own: Vec<Vec<u8>> = (0..60_000).map(number).collect();
        let mappings = (0..60_000).map(|at| (number(at), number(at + 60_000))).collect();
        let root = certificate(Vec::new());
        let ca = Certificate { policy_mappings: mappings, ..certificate(own) };
        let leaf = certificate((60_000..120_000).map(number).collect());
        let began = Instant::now();
        assert!(are_valid(&[&leaf, &ca, &root]));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
