//! How long P-256 certificates take, step by step, on one core: `cargo run --release -p kubepki-issuance --example
//! speed [NODES]`. Each node has a client and a serving certificate; 500 nodes are 1,000 certificates.

use std::hint::black_box;
use std::time::Instant;

use kubepki_core::spec::{Draft, KeyAlgorithm, NodeDraft};
use kubepki_core::{Plan, plan};
use kubepki_issuance::{EntropyError, Issuer, PrivateKey, Serial, Signer, to_be_signed_one};

fn main() {
    let nodes = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(500);
    let plan = plan_of(nodes);
    // A fixed stream in place of the system's random source: the same work every time.
    let mut state = 0u64;
    let mut entropy = |out: &mut [u8]| -> Result<(), EntropyError> {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
        Ok(())
    };
    let now = 1_790_000_000;
    let ca = plan.find("ca", None).expect("a cluster has a CA");
    let ca_key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut entropy).expect("entropy");
    let issuer = Issuer::new(&plan, ca, &ca_key).expect("a P-256 CA");
    let leaves: Vec<usize> = plan.signed_by(ca).filter(|&index| plan.certs[index].node.is_some()).collect();
    let count = leaves.len();
    println!("{count} certificates");
    let report = |what: &str, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        println!("{what:<14} {:>8.1} ms  {:>6.1} us each", seconds * 1e3, seconds * 1e6 / count as f64);
    };

    let start = Instant::now();
    let keys: Vec<PrivateKey> = leaves
        .iter()
        .map(|_| PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP256, &mut entropy).expect("entropy"))
        .collect();
    report("keys", start);
    let serials: Vec<Serial> = leaves.iter().map(|_| Serial::draw(&mut entropy).expect("entropy")).collect();

    let start = Instant::now();
    let to_sign: Vec<_> = leaves
        .iter()
        .zip(&keys)
        .zip(&serials)
        .map(|((&cert, key), &serial)| {
            to_be_signed_one(&plan, cert, key.public_key(), ca_key.public_key(), serial, now)
                .expect("a planned certificate")
        })
        .collect();
    report("to be signed", start);

    let signer = Signer::new(&ca_key).expect("a P-256 key");
    let start = Instant::now();
    for one in &to_sign {
        black_box(signer.sign(&one.bytes).expect("a P-256 key signs"));
    }
    report("signatures", start);

    let issued: Vec<_> = leaves
        .iter()
        .zip(keys)
        .zip(&serials)
        .map(|((&cert, key), &serial)| issuer.issue(&plan, cert, key, serial, now).expect("a planned certificate"))
        .collect();
    let start = Instant::now();
    for (&cert, one) in leaves.iter().zip(&issued) {
        assert!(issuer.read_back(&plan, cert, one, now).is_good());
    }
    report("reading back", start);

    let start = Instant::now();
    for one in &issued {
        black_box(one.key.to_pem());
    }
    report("PEM keys", start);
}

fn plan_of(nodes: u32) -> Plan {
    let mut draft = Draft::default();
    for (path, text) in [
        ("clusterName", "speed"),
        ("start", "manual"),
        ("keys.ca", "ECDSA-P256"),
        ("keys.leaf", "ECDSA-P256"),
        ("kubelet.client", "issued"),
        ("kubelet.serving", "clusterCA"),
    ] {
        assert!(draft.put(path, text), "{path} is a field");
    }
    draft.nodes = (0..nodes)
        .map(|node| NodeDraft {
            name: format!("node-{node}"),
            addresses: vec![format!("10.{}.{}.{}", 100 + node / 62_500, node / 250 % 250, node % 250 + 1)],
            roles: vec![if node == 0 { "control-plane" } else { "worker" }.to_owned()],
        })
        .collect();
    let (spec, findings) = kubepki_core::spec::parse(&draft);
    plan::plan(&spec.unwrap_or_else(|| panic!("the design has errors: {findings:?}")))
}
