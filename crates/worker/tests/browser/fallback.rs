//! RSA where the browser has no WebCrypto.

use std::rc::Rc;

use crate::support::{Page, crypto, nested, object, property, replace, single, until};
use kubepki_worker::{Request, Response, fallback};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// As the page hands in the binary `rsa`.
fn brought() -> JsValue {
    let parts = object(&[("glue", "/* glue */".into()), ("wasm", JsValue::from(1))]);
    object(&[("rsa", parts)])
}

#[wasm_bindgen_test]
async fn rsa_is_done_in_rust() {
    let hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    let workers = nested(&brought(), |port, _| fallback::serve_owner(port));
    let page = Page::open();
    assert_eq!(page.heard(), [Response::Ready { webcrypto: false }]);
    page.issue(1, &single("RSA-2048", "ECDSA-P256"));
    let Response::Issued { facts, .. } = page.outcome().await else { panic!("not issued") };
    assert!(facts.iter().all(|(_, one)| one.signature == "SHA256-RSA"));
    let script = workers.started.borrow()[0].as_string().expect("a script");
    assert!(script.starts_with("/* glue */") && script.contains("wasm_bindgen("), "{script}");
    // The judge is another program: the browser's own RSA.
    drop(hidden);
    let certs: Vec<Vec<u8>> = facts.iter().map(|(_, one)| certificate(&one.pem)).collect();
    let of = |subject: &str| facts.iter().position(|(_, one)| one.subject == subject && one.ca == Some(true));
    for ((_, one), cert) in facts.iter().zip(&certs) {
        let issuer = &certs[of(&one.issuer).expect("its CA")];
        let parts = elements(elements(cert)[0].content);
        let signature = &parts[2].content[1..];
        assert!(believed(elements(elements(issuer)[0].content)[0], signature, parts[0].whole).await, "{}", one.subject);
    }
    assert!(!believed(elements(elements(&certs[0])[0].content)[0], &[0; 256], b"anything").await);
}

#[wasm_bindgen_test]
async fn cancel_ends_the_workers_that_make_keys() {
    let _hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    // They take for ever.
    let workers = nested(&brought(), |_, _| ());
    let page = Page::open();
    page.issue(1, &single("RSA-4096", "RSA-4096"));
    until("a worker is to make a key", || !workers.started.borrow().is_empty()).await;
    page.ask(&Request::Cancel { pki: 1 });
    assert_eq!(page.outcome().await, Response::Cancelled { pki: 1 });
    assert_eq!(*workers.ended.borrow() as usize, workers.started.borrow().len());
}

#[wasm_bindgen_test]
async fn without_a_replacement_it_is_said_what_to_do() {
    let _hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    let _workers = nested(&object(&[]), |_, _| ());
    let page = Page::open();
    page.issue(1, &single("ECDSA-P256", "RSA-2048"));
    let Response::Failed { pki: Some(1), message } = page.outcome().await else { panic!("not refused") };
    assert!(message.contains("https") && message.contains("ECDSA"), "{message}");
    page.issue(2, &single("ECDSA-P256", "ECDSA-P256"));
    assert!(matches!(page.outcome().await, Response::Issued { .. }), "ECDSA needs no WebCrypto");
}

#[wasm_bindgen_test]
async fn a_failing_random_source_makes_no_rsa_key() {
    let _hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    let _workers = nested(&brought(), |port, _| fallback::serve_owner(port));
    let refuse = js_sys::Function::new_no_args("throw new Error('no randomness')");
    let _refusing = Rc::new(replace(&crypto(), "getRandomValues", &refuse));
    let page = Page::open();
    page.issue(1, &single("RSA-2048", "RSA-2048"));
    let Response::Failed { message, .. } = page.outcome().await else { panic!("not refused") };
    assert!(message.contains("random source failed"), "{message}");
}

/// A piece of DER.
#[derive(Clone, Copy)]
struct Element<'a> {
    whole: &'a [u8],
    content: &'a [u8],
}

/// The elements that stand one after the other.
fn elements(mut der: &[u8]) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    while let [_, length, ..] = der {
        let octets = usize::from(length.saturating_sub(0x80));
        let long = der[2..2 + octets].iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet));
        let length = if octets == 0 { usize::from(*length) } else { long };
        let (whole, rest) = der.split_at(2 + octets + length);
        found.push(Element { whole, content: &whole[2 + octets..] });
        der = rest;
    }
    found
}

/// The DER in PEM.
fn certificate(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let decode: js_sys::Function = property(&js_sys::global(), "atob").unchecked_into();
    let text = decode.call1(&JsValue::NULL, &base64.into()).expect("base64").as_string().unwrap_or_default();
    text.chars().map(|one| one as u8).collect()
}

/// Whether WebCrypto finds a signature to be that of the key in a TBSCertificate.
async fn believed(tbs: Element<'_>, signature: &[u8], message: &[u8]) -> bool {
    // Version, serial number, algorithm, issuer, validity, subject, key (RFC 5280 4.1).
    let spki = js_sys::Uint8Array::from(elements(tbs.content)[6].whole);
    let scheme = object(&[("name", "RSASSA-PKCS1-v1_5".into()), ("hash", "SHA-256".into())]);
    let subtle: web_sys::SubtleCrypto = property(&crypto(), "subtle").unchecked_into();
    let usages = js_sys::Array::of1(&"verify".into());
    let key = subtle.import_key_with_object("spki", &spki, scheme.unchecked_ref(), true, &usages).expect("WebCrypto");
    let key: web_sys::CryptoKey = JsFuture::from(key).await.expect("a public key").unchecked_into();
    let answer = subtle.verify_with_str_and_u8_array_and_u8_array("RSASSA-PKCS1-v1_5", &key, signature, message);
    JsFuture::from(answer.expect("WebCrypto")).await.expect("an answer").is_truthy()
}
