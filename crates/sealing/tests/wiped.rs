//! No memory that held a private key is given back before it was wiped, while it is locked or unlocked.

use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::{EntropyError, PrivateKey, Secret, Traces};
use kubepki_sealing::age::{self, Identity, Sealer, To, With};
use kubepki_sealing::{pkcs8, pkcs12};

#[path = "../../issuance/tests/freed/mod.rs"]
#[allow(unreachable_pub, reason = "other crates include it too")]
mod freed;

#[global_allocator]
static ALLOCATOR: freed::Looking = freed::Looking;

/// Cheap, for tests.
const WORK: u8 = 2;

fn stream(mut state: u64) -> impl FnMut(&mut [u8]) -> Result<(), EntropyError> {
    move |out| {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
        Ok(())
    }
}

/// One test, for one allocator serves the whole program.
#[test]
fn nothing_of_a_key_is_given_back() {
    let key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut stream(1)).expect("a key");
    let identity = Identity::draw(&mut stream(2)).expect("an identity");
    let recipient = identity.recipient();
    // As much as several chunks, and no multiple of any.
    let mut plain = Secret::default();
    (0..2_000).for_each(|_| plain.extend(key.to_pem().expose().as_bytes()));
    let pkcs8 = key.to_pkcs8().expect("PKCS#8");
    let (found, sealed) = freed::found(Traces::of([&key]), || {
        let pem = pkcs8::seal(&pkcs8, "passphrase", 10, &mut stream(3)).expect("locked");
        assert!(pem.contains("ENCRYPTED PRIVATE KEY"));
        let one = pkcs12::Identity { key: &pkcs8, chain: &[b"certificate"], name: "name" };
        pkcs12::seal(one, "passphrase", 10, &mut stream(4)).expect("locked");
        let (mut sealer, mut out) = Sealer::new(To::Recipients(&[recipient]), WORK, &mut stream(5)).expect("begun");
        for part in plain.expose().chunks(50_000) {
            sealer.push(part, &mut out).expect("pushed");
        }
        sealer.finish(&mut out).expect("ended");
        out
    });
    assert_eq!(found, 0, "while it was locked");
    let identities = [identity];
    let (found, ()) = freed::again(|| {
        let opened = age::open(&sealed, With::Identities(&identities)).expect("opened");
        assert!(opened.expose() == plain.expose());
        // Damaged at its very end: all but that was opened before it showed.
        let mut damaged = sealed.clone();
        damaged.last_mut().into_iter().for_each(|last| *last ^= 1);
        assert!(age::open(&damaged, With::Identities(&identities)).is_err());
        let sealed = age::seal(plain.expose(), To::Passphrase("passphrase"), WORK, &mut stream(6)).expect("locked");
        drop(age::open(&sealed, With::Passphrase("passphrase")).expect("opened"));
    });
    assert_eq!(found, 0, "while it was unlocked");
}
