//! Plans, keys and serials, the same in every run.

use base64ct::{Base64, Encoding};
use kubepki_core::plan::plan;
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{KeyAlgorithm, parse};
use kubepki_core::{Draft, Plan};
use kubepki_issuance::{EntropyError, PrivateKey, Secret, Serial, draw_serials};

/// 2026-09-21T14:13:20Z.
pub(crate) const NOW: i64 = 1_790_000_000;

/// A preset with these places changed, planned.
pub(crate) fn plan_of(preset: &str, changes: &[(&str, &str)]) -> Plan {
    let mut draft: Draft = Preset::named(preset).expect("a preset").draft();
    for (path, text) in changes {
        assert!(draft.put(path, text), "{path} is a place in {preset}");
    }
    let (spec, findings) = parse(&draft);
    plan(&spec.unwrap_or_else(|| panic!("{preset} has errors: {findings:?}")))
}

/// A stream of octets in place of the system's random source, the same for the same seed.
pub(crate) fn stream(seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), EntropyError> {
    let mut state = seed;
    move |out| {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 56) as u8;
        }
        Ok(())
    }
}

/// A text of `testdata`.
pub(crate) fn testdata(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A key of `testdata/keys`.
pub(crate) fn key_file(name: &str) -> PrivateKey {
    PrivateKey::from_pem(&testdata(&format!("keys/{name}.pem"))).expect("a readable test key")
}

/// A key for every entry of a plan. RSA keys are one from a file with a number in the middle of its modulus: making them
/// takes too long for tests. They have the form of keys, and sign nothing that anybody could check.
pub(crate) fn keys_for(plan: &Plan, seed: u64) -> Vec<PrivateKey> {
    let mut entropy = stream(seed);
    let mut number = 0_u16;
    let mut rsa = |name: &str| {
        let mut der = key_file(name).der().expose().to_vec();
        der[100..102].copy_from_slice(&number.to_be_bytes());
        number += 1;
        PrivateKey::from_own_der(Secret::new(der)).expect("the form of a key")
    };
    let key = |algorithm| match algorithm {
        KeyAlgorithm::Rsa2048 => rsa("rsa-2048"),
        KeyAlgorithm::Rsa3072 => rsa("rsa-3072"),
        _ => PrivateKey::generate_ecdsa(algorithm, &mut entropy).expect("a source that never fails"),
    };
    plan.certs.iter().map(|cert| cert.key).map(key).collect()
}

/// Serials for a plan.
pub(crate) fn serials_for(plan: &Plan, seed: u64) -> Vec<Option<Serial>> {
    draw_serials(plan, &mut stream(seed)).expect("a source that never fails")
}

/// The certificates of `golden.txt`: a line `# name` before each PEM block.
pub(crate) fn named_certificates(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let (mut name, mut body) = ("", String::new());
    for line in text.lines() {
        match line.strip_prefix("# ") {
            Some(comment) => name = comment,
            None if line.starts_with("-----BEGIN") => body.clear(),
            None if line.starts_with("-----END") => {
                found.push((name.to_owned(), Base64::decode_vec(&body).expect("base64 within a PEM block")));
            }
            None => body.push_str(line),
        }
    }
    found
}
