//! Stages with faults, issued with keys that are made once.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use base64ct::{Base64, Encoding};
use kubepki_core::spec::{ClusterSpec, KeyAlgorithm};
use kubepki_issuance::key::generate_rsa_native;
use kubepki_issuance::{PrivateKey, Secret, draw_serials};
use kubepki_rehearsal::{Folder, Stage, fault, issue};
use serde_json::Value;

/// 2026-11-26 12:00:00 UTC.
pub const NOW: i64 = 1_795_694_400;

/// Bytes that are all different enough for serials and keys of a test.
pub fn entropy() -> impl FnMut(&mut [u8]) -> Result<(), kubepki_issuance::EntropyError> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |out: &mut [u8]| {
        for one in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *one = (state >> 33) as u8;
        }
        Ok(())
    }
}

/// The key with this number, always the same in one process.
fn key(algorithm: KeyAlgorithm, number: usize) -> PrivateKey {
    static MADE: OnceLock<Mutex<BTreeMap<(&'static str, usize), Secret>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let der = made.entry((algorithm.word(), number)).or_insert_with(|| {
        let key = match algorithm.is_rsa() {
            true => generate_rsa_native(algorithm),
            false => {
                let mut source = entropy();
                let mut skipped = vec![0; 48 * number + 1];
                source(&mut skipped).expect("bytes");
                PrivateKey::generate_ecdsa(algorithm, &mut source)
            }
        };
        key.expect("a key").der().duplicate()
    });
    PrivateKey::from_own_der(der.duplicate()).expect("its own key")
}

/// The stage of a design with these faults, and its files, issued at [`NOW`].
pub fn broken(spec: &ClusterSpec, faults: &[&str]) -> (Stage, Folder) {
    broken_at(spec, faults, NOW)
}

/// The same, issued at a time: now, for programs that look at the clock.
pub fn broken_at(spec: &ClusterSpec, faults: &[&str], now: i64) -> (Stage, Folder) {
    let mut stage = Stage::new(spec);
    for id in faults {
        fault::fault(id).unwrap_or_else(|| panic!("no fault {id}")).apply(&mut stage);
    }
    let files = issued(&stage, now);
    (stage, files)
}

/// The files of a stage, issued at a time.
pub fn issued(stage: &Stage, now: i64) -> Folder {
    let keys = stage.plan.certs.iter().enumerate().map(|(number, cert)| key(cert.key, number)).collect();
    let serials = draw_serials(&stage.plan, &mut entropy()).expect("serials");
    issue(stage, keys, &serials, now).unwrap_or_else(|error| panic!("{:?}: {error}", stage.faults))
}

/// What a file says: itself, or this field of the kubeconfig that it is; empty for nothing.
pub fn embedded(folder: &Folder, path: Option<&str>, field: &str) -> String {
    let Some(path) = path else { return String::new() };
    let (_, bytes) = folder.get(path).unwrap_or_else(|| panic!("no file {path}"));
    let text = std::str::from_utf8(bytes.expose()).expect("a text").to_owned();
    if !text.starts_with("apiVersion") {
        return text;
    }
    let value: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let inside = [&value["clusters"][0]["cluster"][field], &value["users"][0]["user"][field]];
    let Some(data) = inside.iter().find_map(|value| value.as_str()) else { return String::new() };
    String::from_utf8(Base64::decode_vec(data).expect("base64")).expect("a text")
}
