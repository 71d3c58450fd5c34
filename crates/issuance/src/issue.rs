//! From a plan, keys, serials and a time to a PKI.

use kubepki_core::Plan;
use kubepki_core::sorted::SortedMap;

use crate::issue_error::IssueError;
use crate::key::{PrivateKey, PublicKey};
use crate::pki::{IssuedCert, Pki};
use crate::serial::Serial;
use crate::sign::{Signer, assemble};
use crate::tbs::{ToBeSigned, to_be_signed, to_be_signed_one};
use crate::verifier::Verifier;
use crate::verify::{ReadBack, verify_one};

/// Whether every certificate and key pair of a plan has a key of its own. `keys` are index-aligned with `Plan::certs`.
///
/// # Errors
/// [`IssueError::SameKey`].
pub fn check_keys(plan: &Plan, keys: &[&PublicKey]) -> Result<(), IssueError> {
    let mut sorted: Vec<usize> = (0..keys.len()).collect();
    sorted.sort_by_key(|&index| keys[index].spki());
    let twice = sorted.windows(2).filter(|pair| keys[pair[0]].spki() == keys[pair[1]].spki());
    match twice.map(|pair| (pair[1], pair[0])).min() {
        Some((second, first)) => Err(IssueError::SameKey { cert: plan.key_of(second), other: plan.key_of(first) }),
        None => Ok(()),
    }
}

/// Issues a plan where Rust signs everything: ECDSA always, RSA with the feature `native` or `rsa-rust`. `keys` and
/// `serials` are index-aligned with `Plan::certs`; a bare key pair has no serial. `now` is the issue time in Unix
/// seconds.
///
/// # Errors
/// See [`IssueError`].
pub fn issue(plan: Plan, keys: Vec<PrivateKey>, serials: Vec<Option<Serial>>, now: i64) -> Result<Pki, IssueError> {
    let issuance = Issuance::new(plan, keys, serials, now)?;
    let mut signers = SortedMap::<usize, Signer>::default();
    let mut signatures = Vec::with_capacity(issuance.to_sign().len());
    for one in issuance.to_sign() {
        let refused = |error| IssueError::Key { cert: issuance.plan.key_of(one.signer), error };
        let signer = match signers.get(&one.signer) {
            Some(made) => made,
            None => signers.or_insert(one.signer, Signer::new(&issuance.keys[one.signer]).map_err(refused)?),
        };
        signatures.push(signer.sign(&one.bytes).map_err(refused)?);
    }
    issuance.finish(signatures)
}

/// Issuing in two steps, for a signer outside: WebCrypto, or a machine without a network.
#[derive(Debug)]
pub struct Issuance {
    plan: Plan,
    issued_at: i64,
    keys: Vec<PrivateKey>,
    serials: Vec<Option<Serial>>,
    to_sign: Vec<ToBeSigned>,
}

impl Issuance {
    /// First step: everything but the signatures. Arguments as for [`issue()`].
    ///
    /// # Errors
    /// See [`IssueError`].
    pub fn new(plan: Plan, keys: Vec<PrivateKey>, serials: Vec<Option<Serial>>, now: i64) -> Result<Self, IssueError> {
        let public: Vec<&PublicKey> = keys.iter().map(PrivateKey::public_key).collect();
        let to_sign = to_be_signed(&plan, &public, &serials, now)?;
        // An issuer and a serial number together name one certificate (RFC 5280 4.1.2.2).
        let name = |(place, one): (usize, &ToBeSigned)| Some((one.signer, serials[one.cert]?, place));
        let mut given: Vec<_> = to_sign.iter().enumerate().filter_map(name).collect();
        given.sort_unstable();
        let twice = given.windows(2).filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1));
        if let Some((_, serial, place)) = twice.map(|pair| pair[1]).min_by_key(|(.., place)| *place) {
            return Err(IssueError::SameSerial { cert: plan.key_of(to_sign[place].cert), serial });
        }
        for (index, key) in public.iter().enumerate() {
            IssueError::check_algorithm(&plan, index, key)?;
        }
        check_keys(&plan, &public)?;
        Ok(Self { plan, issued_at: now, keys, serials, to_sign })
    }

    /// What is to be signed, and by whose key.
    pub fn to_sign(&self) -> &[ToBeSigned] {
        &self.to_sign
    }

    /// A private key, by its index in `Plan::certs`: the signer of a [`ToBeSigned`].
    pub fn key(&self, index: usize) -> &PrivateKey {
        &self.keys[index]
    }

    /// Second step: the signatures, in the order of [`Issuance::to_sign`], each as [`Signer::sign`] gives it. They are
    /// put in unseen; [`crate::verify()`] looks at them.
    ///
    /// # Errors
    /// When there are not as many signatures as there is to sign.
    pub fn finish(self, signatures: Vec<Vec<u8>>) -> Result<Pki, IssueError> {
        let Self { plan, issued_at, keys, serials, to_sign } = self;
        if signatures.len() != to_sign.len() {
            return Err(IssueError::Signatures { wanted: to_sign.len(), given: signatures.len() });
        }
        let mut certs: Vec<IssuedCert> =
            keys.into_iter().zip(serials).map(|(key, serial)| IssuedCert { der: None, serial, key }).collect();
        for (one, signature) in to_sign.iter().zip(&signatures) {
            certs[one.cert].der = Some(assemble(one, signature));
        }
        Ok(Pki { plan, issued_at, certs })
    }
}

/// A CA made ready to issue certificate by certificate, for workers that share a plan between them. Only for keys that
/// Rust can sign with here.
#[derive(Debug)]
pub struct Issuer {
    index: usize,
    public: PublicKey,
    signer: Signer,
    verifier: Verifier,
}

impl Issuer {
    /// Makes the CA at `index` of `Plan::certs` ready.
    ///
    /// # Errors
    /// When its key has another algorithm than planned, or cannot sign here.
    pub fn new(plan: &Plan, index: usize, key: &PrivateKey) -> Result<Self, IssueError> {
        IssueError::check_algorithm(plan, index, key.public_key())?;
        let refused = |error| IssueError::Key { cert: plan.key_of(index), error };
        let signer = Signer::new(key).map_err(refused)?;
        let signatures = plan.signed_by(index).count() + 1;
        let verifier = Verifier::new(key.public_key(), signatures).map_err(refused)?;
        Ok(Self { index, public: key.public_key().clone(), signer, verifier })
    }

    /// Issues one certificate of this CA (its own, too): to-be-signed bytes and signature. Does not read it back.
    ///
    /// # Errors
    /// See [`IssueError`].
    pub fn issue(
        &self,
        plan: &Plan,
        cert: usize,
        key: PrivateKey,
        serial: Serial,
        now: i64,
    ) -> Result<IssuedCert, IssueError> {
        let to_be_signed = to_be_signed_one(plan, cert, key.public_key(), &self.public, serial, now)?;
        let signature = self
            .signer
            .sign(&to_be_signed.bytes)
            .map_err(|error| IssueError::Key { cert: plan.key_of(self.index), error })?;
        Ok(IssuedCert { der: Some(assemble(&to_be_signed, &signature)), serial: Some(serial), key })
    }

    /// Reads one certificate of this CA back and compares it with the plan; see [`verify_one`].
    pub fn read_back(&self, plan: &Plan, cert: usize, issued: &IssuedCert, now: i64) -> ReadBack {
        verify_one(plan, now, cert, issued, &self.verifier)
    }
}
