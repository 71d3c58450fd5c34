//! How long one handshake takes, from PEM texts to both verdicts: `cargo run --release -p kubepki-rehearsal --example
//! handshake_speed`.

use std::time::Instant;

use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Field, KeyAlgorithm, parse};
use kubepki_issuance::key::generate_rsa_native;
use kubepki_issuance::{PrivateKey, draw_serials};
use kubepki_rehearsal::{Stage, dials, issue, rehearse};

/// 2026-11-26 12:00:00 UTC.
const NOW: i64 = 1_795_694_400;
const ROUNDS: usize = 201;

fn main() {
    for algorithm in [KeyAlgorithm::EcdsaP256, KeyAlgorithm::Rsa2048] {
        let mut draft = Preset::named("ha-stacked").expect("a preset").draft();
        for field in [Field::KeysCa, Field::KeysLeaf] {
            draft.set_text(field, algorithm.word());
        }
        let stage = Stage::new(&parse(&draft).0.expect("presets hold no error"));
        let mut state = 1_u64;
        let mut entropy = |out: &mut [u8]| {
            for one in out {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *one = (state >> 33) as u8;
            }
            Ok(())
        };
        let keys = stage.plan.certs.iter().map(|cert| match cert.key.is_rsa() {
            true => generate_rsa_native(cert.key).expect("a key"),
            false => PrivateKey::generate_ecdsa(cert.key, &mut entropy).expect("a key"),
        });
        let keys = keys.collect();
        let serials = draw_serials(&stage.plan, &mut entropy).expect("serials");
        let folder = issue(&stage, keys, &serials, NOW).expect("a sound stage");
        let dial = dials(&stage, "kubectl->kube-apiserver", None).expect("kubectl calls");
        let mut times: Vec<_> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                let read = |path: &str| folder.get(path).map(|(_, bytes)| bytes.expose());
                rehearse(&stage, &dial, read, NOW).expect("every file is there");
                start.elapsed()
            })
            .collect();
        times.sort();
        println!("{}: median {:.2?}, minimum {:.2?}, {ROUNDS} rounds", algorithm.word(), times[ROUNDS / 2], times[0]);
    }
}
