//! Certificate policies of a chain (RFC 9618), as far as they decide whether it is valid: without policies asked for,
//! that is whether some policy holds throughout where a CA insists on one.

use crate::certificate::Certificate;

/// anyPolicy, 2.5.29.32.0.
const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

/// A policy that holds so far, and what it is called in the next certificate.
struct Node {
    policy: Vec<u8>,
    expected: Vec<Vec<u8>>,
}

impl Node {
    fn new(policy: &[u8]) -> Self {
        Self { policy: policy.to_vec(), expected: vec![policy.to_vec()] }
    }
}

/// Whether the policies of a chain, leaf first, are valid.
pub(crate) fn are_valid(chain: &[&Certificate]) -> bool {
    if chain.len() == 1 {
        return true;
    }
    let n = chain.len() - 1;
    // The policies at this depth; nothing once none is left.
    let mut nodes = Some(vec![Node::new(ANY)]);
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
fn next(above: &[Node], it: &Certificate, takes_any: bool) -> Vec<Node> {
    let has_any = above.iter().any(|one| one.policy == ANY);
    let expected = |policy: &[u8]| above.iter().any(|one| one.expected.iter().any(|name| name == policy));
    let mut below: Vec<Node> = it
        .policies
        .iter()
        .filter(|policy| *policy != ANY && (expected(policy) || has_any))
        .map(|policy| Node::new(policy))
        .collect();
    if takes_any {
        for name in above.iter().flat_map(|one| &one.expected) {
            if !below.iter().any(|one| one.policy == *name) {
                below.push(Node::new(name));
            }
        }
    }
    below
}

/// 6.1.4 (b): what a CA calls its policies in the certificates below; false for a mapping of anyPolicy.
fn map(nodes: &mut Vec<Node>, it: &Certificate, is_allowed: bool) -> bool {
    for (issuer, subject) in &it.policy_mappings {
        if !is_allowed {
            nodes.retain(|one| one.policy != *issuer);
        } else if issuer == ANY || subject == ANY {
            return false;
        }
    }
    if !is_allowed {
        return true;
    }
    let mut issuers: Vec<&Vec<u8>> = it.policy_mappings.iter().map(|(issuer, _)| issuer).collect();
    issuers.sort();
    issuers.dedup();
    for issuer in issuers {
        let subjects: Vec<Vec<u8>> =
            it.policy_mappings.iter().filter(|(from, _)| from == issuer).map(|(_, to)| to.clone()).collect();
        match nodes.iter().position(|one| one.policy == *issuer) {
            Some(at) => nodes[at].expected = subjects,
            None if nodes.iter().any(|one| one.policy == ANY) => {
                nodes.push(Node { policy: issuer.clone(), expected: subjects });
            }
            None => {}
        }
    }
    true
}
