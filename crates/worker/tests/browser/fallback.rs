//! RSA where the browser has no WebCrypto.

use std::rc::Rc;

use crate::support::{Page, crypto, nested, object, replace, single, sleep};
use kubepki_worker::{Request, Response, fallback};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// As the page hands in the binary `rsa`.
fn brought() -> JsValue {
    let parts = object(&[("glue", "/* glue */".into()), ("wasm", JsValue::from(1))]);
    object(&[("rsa", parts)])
}

#[wasm_bindgen_test]
async fn rsa_is_done_in_rust() {
    let _hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    let workers = nested(&brought(), |port, _| fallback::serve_owner(port));
    let page = Page::open();
    assert_eq!(page.heard(), [Response::Ready { webcrypto: false }]);
    page.issue(1, &single("RSA-2048", "ECDSA-P256"));
    let Response::Issued { facts, .. } = page.outcome().await else { panic!("not issued") };
    assert!(facts.iter().all(|(_, one)| one.signature == "SHA256-RSA"));
    let started = workers.started.borrow();
    assert!(
        started[0]
            .as_string()
            .is_some_and(|script| script.starts_with("/* glue */") && script.contains("wasm_bindgen("))
    );
}

#[wasm_bindgen_test]
async fn cancel_ends_the_workers_that_make_keys() {
    let _hidden = replace(&crypto(), "subtle", &JsValue::UNDEFINED);
    // They take for ever.
    let workers = nested(&brought(), |_, _| ());
    let page = Page::open();
    page.issue(1, &single("RSA-4096", "RSA-4096"));
    sleep(50).await;
    let started = workers.started.borrow().len();
    assert!(started > 0);
    page.ask(&Request::Cancel { pki: 1 });
    assert_eq!(page.outcome().await, Response::Cancelled { pki: 1 });
    assert_eq!(*workers.ended.borrow() as usize, started);
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
