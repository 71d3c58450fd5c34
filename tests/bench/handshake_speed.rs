//! How long one handshake takes, from PEM texts to both verdicts: `cargo run --release -p kubepki-tests --example
//! handshake_speed`.

use std::time::Instant;

use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Field, KeyAlgorithm, parse};
use kubepki_rehearsal::{dials, rehearse};
use support::stage::{NOW, broken};

const ROUNDS: usize = 201;

fn main() {
    for algorithm in [KeyAlgorithm::EcdsaP256, KeyAlgorithm::Rsa2048] {
        let mut draft = Preset::named("ha-stacked").expect("a preset").draft();
        for field in [Field::KeysCa, Field::KeysLeaf] {
            draft.set_text(field, algorithm.word());
        }
        let (stage, folder) = broken(&parse(&draft).0.expect("presets hold no error"), &[]);
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
