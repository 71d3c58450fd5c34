//! Keys, from the operating system's random source, on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use kubepki_core::Plan;
use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::key::generate_rsa_native;
use kubepki_issuance::{Entropy, EntropyError, Health, PrivateKey};

use crate::failure::Failure;
use crate::progress::Stage;

/// What this process has drawn so far.
static HEALTH: Mutex<Health> = Mutex::new(Health::new());

/// Fills a buffer from the operating system's random source, and looks at what that gave. There is no other one behind it.
pub(crate) fn entropy(out: &mut [u8]) -> Result<(), EntropyError> {
    let mut source = |out: &mut [u8]| getrandom::fill(out).map_err(|_| EntropyError::Failed);
    // Whoever ended while drawing has left it whole.
    HEALTH.lock().unwrap_or_else(PoisonError::into_inner).draw(out, &mut source)
}

/// One key for each certificate and key pair of a plan, in its order.
///
/// # Errors
/// When the random source fails.
pub(crate) fn keys(plan: &Plan) -> Result<Vec<PrivateKey>, Failure> {
    let stage = Stage::of("keys", plan.certs.len());
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from).min(plan.certs.len().max(1));
    // Each worker takes the next key there is to make, so that none waits for another's.
    let work = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(cert) = plan.certs.get(index) else { return Ok(made) };
            made.push((index, key(cert.key, &mut entropy)?));
            stage.step();
        }
    };
    let made: Vec<Result<Vec<_>, Failure>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let lost = || Err(Failure::Undone("a thread that makes keys ended early".to_owned()));
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| lost())).collect()
    });
    let mut keys = Vec::new();
    for made in made {
        keys.extend(made?);
    }
    keys.sort_by_key(|(index, _)| *index);
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn key(algorithm: KeyAlgorithm, entropy: &mut Entropy<'_>) -> Result<PrivateKey, Failure> {
    let key = match algorithm.is_rsa() {
        true => generate_rsa_native(algorithm),
        false => PrivateKey::generate_ecdsa(algorithm, entropy),
    };
    key.map_err(|error| Failure::Undone(error.to_string()))
}
