//! Issuing: keys as they come, each certificate as soon as its own and its issuer's key are there, and every one read
//! back. RSA is waited for without blocking, ECDSA is done here or, where there is much of it, by helpers.

use std::pin::Pin;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use kubepki_core::sorted::SortedMap;
use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::{IssuedCert, Pki, PrivateKey, PublicKey, assemble, check_keys, to_be_signed_one, verify_one};

use super::helper;
use super::job::{Authority, Hand, Job};
use super::pace::Pace;
use super::progress::Progress;
use super::rsa::{MadeKey, Rsa};
use crate::browser::random;

/// Most that is begun at a time.
const AT_ONCE: usize = 16;

/// One piece of work that is finished.
enum Done {
    Key(usize, MadeKey),
    Cert(usize, IssuedCert),
}

type Doing<'a> = Pin<Box<dyn Future<Output = Result<Done, String>> + 'a>>;

/// Gives a key of an algorithm that was made ahead, if there is one.
pub(super) type Ready<'a> = dyn Fn(KeyAlgorithm) -> Option<MadeKey> + 'a;

/// Makes one key.
pub(super) async fn make_key(rsa: &Rsa, algorithm: KeyAlgorithm) -> Result<MadeKey, String> {
    if algorithm.is_rsa() {
        return rsa.generate(algorithm).await;
    }
    let key = PrivateKey::generate_ecdsa(algorithm, &mut random::fill).map_err(|error| error.to_string())?;
    Ok(MadeKey::in_rust(key))
}

/// Issues a plan. What `ready` gives need not be made.
///
/// # Errors
/// One sentence. Dropping the future gives up at once and wipes what was made.
pub(super) async fn issue(job: Job, rsa: &Rsa, ready: &Ready<'_>, progress: &Progress) -> Result<Pki, String> {
    let mut certs: Vec<Option<IssuedCert>> = job.plan.certs.iter().map(|_| None).collect();
    let mut authorities = SortedMap::default();
    let helped = helper::leaves(&job.plan);
    let (first, rest): (Vec<usize>, Vec<usize>) =
        (0..certs.len()).partition(|index| helped.binary_search(index).is_err());
    let floor = Floor { job: &job, rsa, ready, progress };
    floor.work(first, &mut authorities, &mut certs).await?;
    if !rest.is_empty() {
        // What helpers do not do, for whatever reason, is done here.
        let _ = helper::share(&job, &rest, &authorities, &mut certs, progress).await;
        let left = rest.into_iter().filter(|&index| certs[index].is_none()).collect();
        floor.work(left, &mut authorities, &mut certs).await?;
    }
    let Job { plan, now, .. } = job;
    let certs: Vec<IssuedCert> = certs.into_iter().flatten().collect();
    if certs.len() != plan.certs.len() {
        return Err("some certificates were not made".to_owned());
    }
    let public: Vec<&PublicKey> = certs.iter().map(|issued| issued.key.public_key()).collect();
    check_keys(&plan, &public).map_err(|error| error.to_string())?;
    Ok(Pki { plan, issued_at: now, certs })
}

/// Where the work is done.
struct Floor<'a> {
    job: &'a Job,
    rsa: &'a Rsa,
    ready: &'a Ready<'a>,
    progress: &'a Progress,
}

impl Floor<'_> {
    /// Issues the certificates with these indexes, issuers before what they sign.
    async fn work(
        &self,
        indexes: Vec<usize>,
        authorities: &mut SortedMap<usize, Rc<Authority>>,
        certs: &mut [Option<IssuedCert>],
    ) -> Result<(), String> {
        let plan = &self.job.plan;
        let pace = Pace::new();
        let mut indexes = indexes.into_iter().peekable();
        let mut doing = FuturesUnordered::<Doing<'_>>::new();
        // Keys whose issuer's key is not there yet.
        let mut early = Vec::<(usize, MadeKey)>::new();
        loop {
            while let Some(index) = indexes.next_if(|&index| doing.len() < self.width(index)) {
                doing.push(Box::pin(self.key(index)));
            }
            let Some(done) = doing.next().await else { break };
            match done? {
                Done::Key(index, made) => {
                    self.progress.add(1, 0);
                    if plan.certs[index].subject.is_none() {
                        certs[index] = Some(IssuedCert { der: None, serial: None, key: made.key });
                        continue;
                    }
                    if plan.certs[index].row.is_ca() {
                        let own = PrivateKey::from_own_der(made.key.der().duplicate());
                        let own = MadeKey::in_rust(own.map_err(|error| error.to_string())?);
                        authorities.insert(index, Rc::new(Authority::new(plan, index, made)?));
                        early.push((index, own));
                    } else {
                        early.push((index, made));
                    }
                    let (now, later) = early.drain(..).partition::<Vec<_>, _>(|(index, _)| {
                        authorities.contains(&plan.certs[*index].issuer.unwrap_or(*index))
                    });
                    early = later;
                    for (index, made) in now {
                        if let Some(issuer) = authorities.get(&plan.certs[index].issuer.unwrap_or(index)) {
                            doing.push(Box::pin(self.certificate(index, made.key, issuer.clone())));
                        }
                    }
                }
                Done::Cert(index, issued) => {
                    self.progress.add(0, 1);
                    certs[index] = Some(issued);
                }
            }
            pace.rest().await;
        }
        Ok(())
    }

    fn width(&self, index: usize) -> usize {
        let algorithm = self.job.plan.certs[index].key;
        if algorithm.is_rsa() { self.rsa.width(algorithm).min(AT_ONCE) } else { AT_ONCE }
    }

    async fn key(&self, index: usize) -> Result<Done, String> {
        let algorithm = self.job.plan.certs[index].key;
        let made = match (self.ready)(algorithm) {
            Some(made) => made,
            None => make_key(self.rsa, algorithm).await?,
        };
        Ok(Done::Key(index, made))
    }

    /// Signs and reads back.
    async fn certificate(&self, index: usize, key: PrivateKey, issuer: Rc<Authority>) -> Result<Done, String> {
        let Job { plan, now, .. } = self.job;
        let serial = self.job.serial(index)?;
        let (issued, found) = match &issuer.hand {
            Hand::Here(hand) => {
                let issued = hand.issue(plan, index, key, serial, *now).map_err(|error| error.to_string())?;
                let found = hand.read_back(plan, index, &issued, *now);
                (issued, found)
            }
            Hand::Elsewhere(verifier) => {
                let (own, above) = (key.public_key(), issuer.made.key.public_key());
                let signed = to_be_signed_one(plan, index, own, above, serial, *now);
                let signed = signed.map_err(|error| error.to_string())?;
                let signature = self.rsa.sign(&issuer.made, &signed.bytes).await?;
                let issued = IssuedCert { der: Some(assemble(&signed, &signature)), serial: Some(serial), key };
                let found = verify_one(plan, *now, index, &issued, verifier);
                (issued, found)
            }
        };
        if let Some(mismatch) = found.mismatches.first() {
            return Err(format!("reading back found a mistake, so nothing was kept: {mismatch}"));
        }
        for one in &found.pending {
            if !self.rsa.verify(&one.spki, &one.signature, &one.tbs).await? {
                let name = plan.key_of(one.cert);
                return Err(format!(
                    "reading back found a mistake, so nothing was kept: {name}: its signature is not its issuer's"
                ));
            }
        }
        Ok(Done::Cert(index, issued))
    }
}
