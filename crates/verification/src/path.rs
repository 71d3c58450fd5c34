//! Chains: from a leaf to a trust anchor, as Go's `Certificate.Verify` builds them (crypto/x509, verify.go).

use crate::certificate::Certificate;
use crate::constraint;
use crate::error::VerifyError;
use crate::policy;
use crate::pool::Pool;
use crate::signature::{self, SignatureError};
use crate::usage::Eku;

/// Signature checks that one verification may make (Go: maxChainSignatureChecks).
const MOST_CHECKS: usize = 100;
/// keyCertSign.
const CERT_SIGN: u16 = 1 << 5;

/// What a certificate is to be good for.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The host that was dialled; nothing to leave names out.
    pub dns_name: Option<&'a str>,
    /// Trust anchors.
    pub roots: &'a Pool,
    /// What may stand between.
    pub intermediates: &'a Pool,
    /// The time, Unix seconds.
    pub now: i64,
    /// Usages, of which one must hold throughout; none stands for [`Eku::ServerAuth`].
    pub ekus: Vec<Eku>,
}

/// A chain, leaf first, trust anchor last.
pub type Chain<'a> = Vec<&'a Certificate>;

/// Verifies a certificate.
///
/// # Errors
/// What Go's `Certificate.Verify` answers.
pub fn verify<'a>(leaf: &'a Certificate, options: &Options<'a>) -> Result<Vec<Chain<'a>>, VerifyError> {
    is_valid(leaf, Role::Leaf, &[], options.now)?;
    if let Some(host) = options.dns_name.filter(|host| !host.is_empty()) {
        leaf.verify_hostname(host)?;
    }
    let mut chains = match options.roots.contains(leaf) {
        true => vec![vec![leaf]],
        false => Builder { options, checks: 0 }.chains(leaf, &[leaf])?,
    };
    let ekus = if options.ekus.is_empty() { vec![Eku::ServerAuth] } else { options.ekus.clone() };
    let (mut bad_policies, mut bad_usages, mut hint) = (0, 0, None);
    chains.retain(|chain| {
        if !policy::are_valid(chain) {
            bad_policies += 1;
            return false;
        }
        if !ekus.contains(&Eku::Any) && !has_usage(chain, &ekus) {
            bad_usages += 1;
            return false;
        }
        match constraint::check(chain) {
            Ok(()) => true,
            Err(detail) => {
                hint.get_or_insert(VerifyError::NotAuthorizedForName(detail));
                false
            }
        }
    });
    if !chains.is_empty() {
        return Ok(chains);
    }
    if let Some(hint) = hint {
        return Err(hint);
    }
    if bad_usages > 0 && bad_policies == 0 {
        return Err(VerifyError::IncompatibleUsage);
    }
    let mut details = Vec::new();
    if bad_usages > 0 {
        details.push(format!("{bad_usages} candidate chains with incompatible key usage"));
    }
    if bad_policies > 0 {
        details.push(format!("{bad_policies} candidate chains with invalid policies"));
    }
    Err(VerifyError::NoValidChains(details.join(", ")))
}

/// What a certificate is in a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Leaf,
    Intermediate,
    Root,
}

/// Go's `isValid`: whether a certificate may be the next of a chain.
fn is_valid(it: &Certificate, role: Role, chain: &[&Certificate], now: i64) -> Result<(), VerifyError> {
    if it.has_unhandled_critical {
        return Err(VerifyError::UnhandledCriticalExtension);
    }
    if chain.last().is_some_and(|child| child.raw_issuer != it.raw_subject) {
        return Err(VerifyError::NameMismatch);
    }
    if now < it.not_before {
        return Err(VerifyError::Expired { now, bound: it.not_before, early: true });
    }
    if now > it.not_after {
        return Err(VerifyError::Expired { now, bound: it.not_after, early: false });
    }
    // Go looks at no key usage here, and at no basic constraints of a root.
    if role == Role::Intermediate && !(it.basic_constraints_valid && it.is_ca) {
        return Err(VerifyError::NotAuthorizedToSign);
    }
    if let (true, Some(most)) = (it.basic_constraints_valid, it.max_path_len)
        && chain.len() as u64 > most.saturating_add(1)
    {
        return Err(VerifyError::TooManyIntermediates);
    }
    Ok(())
}

struct Builder<'o, 'a> {
    options: &'o Options<'a>,
    checks: usize,
}

impl<'a> Builder<'_, 'a> {
    /// Every chain from a certificate, which ends `chain`, to a trust anchor.
    fn chains(&mut self, of: &'a Certificate, chain: &[&'a Certificate]) -> Result<Vec<Chain<'a>>, VerifyError> {
        let mut found = Vec::new();
        let mut hint: Option<(VerifyError, &Certificate)> = None;
        let mut last = None;
        let pools = [(Role::Root, self.options.roots), (Role::Intermediate, self.options.intermediates)];
        'pools: for (role, pool) in pools {
            for parent in pool.potential_parents(of) {
                self.checks += 1;
                if self.checks > MOST_CHECKS {
                    last = Some(VerifyError::SignatureLimit);
                    break 'pools;
                }
                if parent.public_key.is_none() || is_in(parent, chain) {
                    continue;
                }
                if let Err(error) = signed_by(of, parent).map_err(VerifyError::Signature) {
                    hint.get_or_insert((error, parent));
                    continue;
                }
                if let Err(error) = is_valid(parent, role, chain, self.options.now) {
                    last = Some(error.clone());
                    hint.get_or_insert((error, parent));
                    continue;
                }
                last = None;
                let longer: Chain<'a> = chain.iter().copied().chain([parent]).collect();
                if role == Role::Root {
                    found.push(longer);
                    continue;
                }
                match self.chains(parent, &longer) {
                    Ok(more) => found.extend(more),
                    Err(VerifyError::SignatureLimit) => {
                        last = Some(VerifyError::SignatureLimit);
                        break 'pools;
                    }
                    Err(error) => last = Some(error),
                }
            }
        }
        match (found.is_empty(), last) {
            (false, _) => Ok(found),
            (true, Some(error)) => Err(error),
            (true, None) => {
                let hint = hint.map(|(error, parent)| (Box::new(error), called(parent)));
                Err(VerifyError::UnknownAuthority { hint })
            }
        }
    }
}

/// What a candidate is called in Go's hint.
fn called(it: &Certificate) -> String {
    match (it.common_name.as_str(), it.organizations.first()) {
        ("", Some(organization)) => organization.clone(),
        ("", None) => format!("serial:{}", it.serial_text()),
        (name, _) => name.to_owned(),
    }
}

/// Go's `CheckSignatureFrom`.
fn signed_by(child: &Certificate, parent: &Certificate) -> Result<(), SignatureError> {
    let no_ca = match parent.basic_constraints_valid {
        true => !parent.is_ca,
        false => parent.version == 3,
    };
    if no_ca || (parent.key_usage != 0 && parent.key_usage & CERT_SIGN == 0) {
        return Err(SignatureError::CannotSign);
    }
    let key = parent.public_key.as_ref().ok_or(SignatureError::Unsupported)?;
    signature::check(child.signature_algorithm, &child.raw_tbs, &child.signature, key)
}

/// Whether a certificate is in a chain already, be it signed by another.
fn is_in(it: &Certificate, chain: &[&Certificate]) -> bool {
    for one in chain {
        if one.raw_subject != it.raw_subject || one.raw_public_key != it.raw_public_key {
            continue;
        }
        match (&it.subject_alt_name, &one.subject_alt_name) {
            (None, None) => return true,
            (None, Some(_)) | (Some(_), None) => return false,
            (Some(names), Some(others)) if names == others => return true,
            (Some(_), Some(_)) => {}
        }
    }
    false
}

/// Whether one of the usages holds from the anchor down to the leaf.
fn has_usage(chain: &[&Certificate], wanted: &[Eku]) -> bool {
    let mut left = wanted.to_vec();
    for it in chain.iter().rev() {
        if (it.ekus.is_empty() && it.unknown_ekus == 0) || it.ekus.contains(&Eku::Any) {
            continue;
        }
        left.retain(|eku| it.ekus.contains(eku));
        if left.is_empty() {
            return false;
        }
    }
    true
}
