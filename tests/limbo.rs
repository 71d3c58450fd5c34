//! x509-limbo: paths that are good or bad in one known way each (tests/data/x509-limbo, C2SP/x509-limbo 8a2e6f41,
//! Apache-2.0). The verdict must be Go's on every case, and the words too; rustls-webpki runs beside them.

use std::fs;
use std::time::Duration;

use kubepki_core::instant;
use kubepki_verification::{Certificate, Eku, Options, Pool, verify};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use support::design::tests_folder;
use support::difference::Known;
use support::go::{Answer, ask_as};
use support::stage::NOW;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};

/// A question; see `tests/judge/go/rehearse.go`.
#[derive(Serialize)]
struct Path {
    id: String,
    leaf: String,
    intermediates: Vec<String>,
    roots: Vec<String>,
    name: String,
    usages: Vec<String>,
    now: i64,
}

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Value>,
}

fn cases() -> Vec<(Path, bool)> {
    let path = tests_folder().join("data/x509-limbo/limbo-dev.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let suite: Suite = serde_json::from_str(&text).expect("the suite");
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = |case: &Value| {
        let given = texts(&case["extended_key_usage"]);
        let of_kind = if case["validation_kind"] == "CLIENT" { "clientAuth" } else { "serverAuth" };
        Path {
            id: text(&case["id"]),
            leaf: text(&case["peer_certificate"]),
            intermediates: texts(&case["untrusted_intermediates"]),
            roots: texts(&case["trusted_certs"]),
            name: text(&case["expected_peer_name"]["value"]),
            usages: if given.is_empty() { vec![of_kind.to_owned()] } else { given },
            now: case["validation_time"].as_str().map_or(NOW, |time| instant::parse(time).expect("a time")),
        }
    };
    suite.testcases.iter().map(|case| (path(case), case["expected_result"] == "SUCCESS")).collect()
}

fn pool(pems: &[String]) -> Pool {
    let mut pool = Pool::default();
    for pem in pems {
        Pool::from_pem(pem).0.certificates().iter().for_each(|one| pool.add(one.clone()));
    }
    pool
}

fn ours(path: &Path) -> String {
    let leaf = match Certificate::from_pem(&path.leaf) {
        Ok(leaf) => leaf,
        Err(error) => return error.to_string(),
    };
    let usage = |word: &String| match word.as_str() {
        "clientAuth" => Eku::ClientAuth,
        "serverAuth" => Eku::ServerAuth,
        other => panic!("no usage is called {other}"),
    };
    let (roots, intermediates) = (pool(&path.roots), pool(&path.intermediates));
    let options = Options {
        dns_name: Some(&path.name),
        roots: &roots,
        intermediates: &intermediates,
        now: path.now,
        ekus: path.usages.iter().map(usage).collect(),
    };
    verify(&leaf, &options).map_or_else(|error| error.to_string(), |_| String::new())
}

const ALGORITHMS: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm] = &[
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
];

/// Whether rustls-webpki accepts a path, under each of its usages' names the same question: one that fits is enough.
fn webpki_accepts(path: &Path) -> bool {
    let der = |pem: &String| CertificateDer::from_pem_slice(pem.as_bytes()).ok();
    let Some(leaf) = der(&path.leaf) else { return false };
    let roots: Vec<CertificateDer> = path.roots.iter().filter_map(der).collect();
    let intermediates: Vec<CertificateDer> = path.intermediates.iter().filter_map(der).collect();
    let anchors: Vec<_> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
    let Ok(leaf) = EndEntityCert::try_from(&leaf) else { return false };
    let now = UnixTime::since_unix_epoch(Duration::from_secs(path.now.unsigned_abs()));
    let fits = path.usages.iter().any(|word| {
        let usage = if word == "clientAuth" { KeyUsage::client_auth() } else { KeyUsage::server_auth() };
        leaf.verify_for_usage(ALGORITHMS, &anchors, &intermediates, now, usage, None, None).is_ok()
    });
    let named = || {
        ServerName::try_from(path.name.as_str()).is_ok_and(|name| leaf.verify_is_valid_for_subject_name(&name).is_ok())
    };
    fits && (path.name.is_empty() || named())
}

#[test]
fn the_verdict_is_gos_on_every_case() {
    let mut known = Known::of("go-limbo");
    let (paths, expected): (Vec<Path>, Vec<bool>) = cases().into_iter().unzip();
    let answers: Vec<Answer> = ask_as("paths", &paths);
    let (mut as_expected, mut go_as_expected, mut webpki_as_expected) = (0, 0, 0);
    for ((path, go), expected) in paths.iter().zip(&answers).zip(expected) {
        let ours = ours(path);
        as_expected += usize::from(ours.is_empty() == expected);
        go_as_expected += usize::from(go.error.is_empty() == expected);
        webpki_as_expected += usize::from(webpki_accepts(path) == expected);
        if ours != go.error {
            known.differs("*", &path.id, &format!("Go: {:?}, here: {ours:?}", go.error));
        }
    }
    println!(
        "{} cases; as the suite expects: {as_expected} here, {go_as_expected} by Go, {webpki_as_expected} by rustls-webpki",
        paths.len()
    );
    // Cases on which the two agree are most of them: far off, the question was put wrongly.
    assert!(webpki_as_expected * 3 > paths.len() * 2, "{webpki_as_expected}");
    known.finish();
}
