//! No memory that held a private key is given back before it was wiped: keys are made, issued for, exported and read back
//! under an allocator that looks.

use std::collections::BTreeMap;
use std::path::Path;

use kubepki_core::plan::plan;
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{KeyAlgorithm, NodeDraft, parse};
use kubepki_core::{Draft, Plan};
use kubepki_issuance::archive::{self, Meta, Selection};
use kubepki_issuance::{EntropyError, Pki, PrivateKey, Secret, SecretText, Traces, draw_serials, issue};

#[allow(unreachable_pub, reason = "other crates include it too")]
mod freed;

#[global_allocator]
static ALLOCATOR: freed::Looking = freed::Looking;

/// 2026-09-21T14:13:20Z.
const NOW: i64 = 1_790_000_000;
/// Their sums, and the directory of the zip, are each larger than what a part of it is made for.
const WORKERS: usize = 1_400;

fn stream(mut state: u64) -> impl FnMut(&mut [u8]) -> Result<(), EntropyError> {
    move |out| {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
        Ok(())
    }
}

fn design(workers: usize) -> Draft {
    let mut draft = Preset::named("course").expect("a preset").draft();
    for place in ["keys.ca", "keys.leaf"] {
        assert!(draft.put(place, "ECDSA-P256"), "{place}");
    }
    draft.nodes.truncate(1);
    draft.nodes.extend((0..workers).map(|number| NodeDraft {
        name: format!("worker-{number}"),
        addresses: vec![format!("10.1.{}.{}", number / 250, number % 250 + 1)],
        roles: vec!["worker".to_owned()],
    }));
    draft
}

fn planned(draft: &Draft) -> Plan {
    let (spec, findings) = parse(draft);
    plan(&spec.unwrap_or_else(|| panic!("the design has errors: {findings:?}")))
}

fn keys(plan: &Plan) -> Vec<PrivateKey> {
    let mut entropy = stream(1);
    let key = |algorithm: KeyAlgorithm| PrivateKey::generate_ecdsa(algorithm, &mut entropy).expect("it never fails");
    plan.certs.iter().map(|cert| cert.key).map(key).collect()
}

fn issued(draft: &Draft) -> Pki {
    let plan = planned(draft);
    let serials = draw_serials(&plan, &mut stream(2)).expect("it never fails");
    issue(plan.clone(), keys(&plan), serials, NOW).expect("a PKI")
}

fn meta(draft: &Draft) -> Meta<'_> {
    Meta { draft, tool_version: "0", build: "" }
}

fn rsa() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/keys/rsa-2048.pem");
    std::fs::read_to_string(path).expect("a test key")
}

/// One test, for one allocator serves the whole program.
#[test]
fn nothing_of_a_key_is_given_back() {
    let (large, small) = (design(WORKERS), design(1));
    let mut known = keys(&planned(&large));
    known.extend([KeyAlgorithm::EcdsaP384].map(|of| PrivateKey::generate_ecdsa(of, &mut stream(3)).expect("a key")));
    known.push(PrivateKey::from_pem(&rsa()).expect("a key"));
    let traces = Traces::of(&known);
    drop(known);
    let count = traces.keys();
    assert!(count > 2 * WORKERS, "{count} keys");

    // What is looked for is found where it is not wiped, be it in what grew: else zero would mean nothing.
    let key = PrivateKey::generate_ecdsa(KeyAlgorithm::EcdsaP384, &mut stream(3)).expect("a key");
    let (found, ()) = freed::found(traces, || {
        let mut careless = key.der().expose().to_vec();
        careless.reserve(1_000);
    });
    assert_eq!(found, 2, "one that grew, and one that was dropped");

    let pki = issued(&large);
    let (found, parts) = freed::again(|| archive::zip(&pki, meta(&large), Selection::Whole).count());
    assert!(parts > 3, "{parts} parts");
    assert_eq!(found, 0, "while {WORKERS} workers' keys were exported");
    let (found, ()) = freed::again(|| drop(pki));
    assert_eq!(found, 0, "while they were forgotten");

    let (found, ()) = freed::again(|| {
        let pki = issued(&small);
        for selection in [Selection::CaKeys, Selection::WithoutCaKeys, Selection::Node(0)] {
            archive::zip(&pki, meta(&small), selection).for_each(drop);
        }
        assert!(archive::admin_identity(&pki).expect("an identity").is_some());
        let files: BTreeMap<String, Secret> = archive::entries(&pki, meta(&small), Selection::Whole)
            .filter_map(|entry| Some((entry.path, entry.bytes?)))
            .collect();
        let read = |path: &str| files.get(path).map(Secret::expose);
        assert_eq!(archive::keys_of(&pki.plan, read).expect("its keys").len(), pki.certs.len());
        archive::pki_of(pki.plan.clone(), NOW, read).expect("itself");
    });
    assert_eq!(found, 0, "while an export was read back");

    let rsa = zeroize::Zeroizing::new(rsa());
    let (found, ()) = freed::again(|| {
        for key in [
            PrivateKey::from_pem(&rsa).expect("a key"),
            PrivateKey::from_own_der(key.der().duplicate()).expect("a key"),
        ] {
            let pkcs8 = key.to_pkcs8().expect("PKCS#8");
            drop(PrivateKey::from_pkcs8(pkcs8.expose()).expect("the same"));
            let pem = key.to_pem();
            drop(PrivateKey::from_pem(pem.expose()).expect("the same"));
            // Cut off in the middle: what was decoded until then is part of a key.
            let mut damaged = SecretText::new(pem.expose()[..pem.expose().len() / 2].to_owned());
            damaged.push_str("!\n-----END RSA PRIVATE KEY-----\n");
            assert!(PrivateKey::from_pem(damaged.expose()).is_err());
        }
    });
    assert_eq!(found, 0, "while keys were read and written");
}
