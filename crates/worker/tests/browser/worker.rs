//! The worker in a real browser, asked as the page asks it.

use std::cell::Cell;
use std::rc::Rc;

use crate::support::{Page, bytes, crypto, many, nested, property, replace, single, until};
use js_sys::{Array, Function, Promise, Uint8Array};
use kubepki_core::facts::CertFacts;
use kubepki_core::spec::Field;
use kubepki_worker::{KeyNeed, Request, Response, engine};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::MessageEvent;

fn facts_of(outcome: Response) -> Vec<(u32, CertFacts)> {
    match outcome {
        Response::Issued { facts, .. } => facts,
        other => panic!("not issued: {other:?}"),
    }
}

fn need(algorithm: &str, count: u32) -> KeyNeed {
    KeyNeed { algorithm: algorithm.to_owned(), count }
}

#[wasm_bindgen_test]
async fn a_single_node_is_issued_and_exported() {
    let page = Page::open();
    let (ready, _) = page.hear(|one| matches!(one, Response::Ready { .. })).await;
    assert_eq!(ready, Response::Ready { webcrypto: true });
    page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
    let facts = facts_of(page.outcome().await);
    assert_eq!(facts.len(), 15);
    let ca = &facts[0].1;
    assert_eq!((ca.subject.as_str(), ca.ca, ca.not_before), ("CN=kubernetes", Some(true), crate::support::NOW - 300));
    assert!(
        facts.iter().filter(|(_, one)| one.issuer == ca.subject).all(|(_, one)| one.aki == ca.ski || one.ca.is_some())
    );
    assert!(facts.iter().all(|(_, one)| one.signature == "ECDSA-SHA256" && one.key == "ECDSA-P256"));
    let serials: std::collections::BTreeSet<_> = facts.iter().map(|(_, one)| &one.serial).collect();
    assert_eq!(serials.len(), 15);

    // The second waits for the first.
    page.ask(&Request::Export { id: 1, pki: 1, what: "whole?open".to_owned() });
    page.ask(&Request::Export { id: 2, pki: 1, what: "node=cp-1?open".to_owned() });
    let (exported, parts) = page.hear(|one| matches!(one, Response::Exported { .. })).await;
    let Response::Exported { id: 1, pki: 1, what, name } = exported else { panic!("{exported:?}") };
    assert_eq!((what.as_str(), name.as_str()), ("whole?open", "kubernetes-pki.zip"));
    let zip = bytes(parts.unchecked_into::<Array>().get(0)).await;
    assert_eq!((&zip[..4], &zip[zip.len() - 22..zip.len() - 18]), (&b"PK\x03\x04"[..], &b"PK\x05\x06"[..]));

    let (second, _) = page.hear(|one| matches!(one, Response::Exported { .. } | Response::Told { .. })).await;
    assert!(matches!(&second, Response::Exported { id: 2, name, .. } if name.ends_with("cp-1.zip")), "{second:?}");

    page.ask(&Request::Facts { pki: 1, certs: vec![2, 99] });
    let (answer, _) = page.hear(|one| matches!(one, Response::Facts { .. })).await;
    let Response::Facts { facts: again, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(again, facts.into_iter().filter(|(index, _)| *index == 2).collect::<Vec<_>>());

    page.ask(&Request::Forget { pki: 1 });
    page.ask(&Request::Export { id: 3, pki: 1, what: "ca-keys?open".to_owned() });
    let (answer, _) = page.hear(|one| matches!(one, Response::Told { .. })).await;
    assert!(matches!(&answer, Response::Told { id: 3, ended: true, .. }), "{answer:?}");
}

#[wasm_bindgen_test]
async fn an_export_says_which_pki_it_is_of_though_another_is_made_meanwhile() {
    let page = Page::open();
    let draft = single("ECDSA-P256", "ECDSA-P256");
    page.issue(1, &draft);
    facts_of(page.outcome().await);
    let mut other = draft.clone();
    other.set_text(Field::ClusterName, "other");
    page.ask(&Request::Export { id: 7, pki: 1, what: "whole?open".to_owned() });
    page.issue(2, &other);
    let ended = page.outcome().await;
    assert!(matches!(ended, Response::Issued { pki: 2, .. }), "{ended:?}");
    let (exported, _) = page.hear(|one| matches!(one, Response::Exported { .. })).await;
    let Response::Exported { id: 7, pki: 1, name, .. } = exported else { panic!("{exported:?}") };
    assert_eq!(name, "kubernetes-pki.zip");
    page.ask(&Request::Export { id: 8, pki: 2, what: "whole?open".to_owned() });
    let (exported, _) = page.hear(|one| matches!(one, Response::Exported { .. })).await;
    assert!(matches!(&exported, Response::Exported { id: 8, pki: 2, name, .. } if name == "other-pki.zip"));
}

#[wasm_bindgen_test]
async fn rsa_is_done_by_webcrypto() {
    let page = Page::open();
    page.issue(1, &single("RSA-2048", "RSA-2048"));
    let facts = facts_of(page.outcome().await);
    assert_eq!(facts.len(), 15);
    assert!(facts.iter().all(|(_, one)| one.signature == "SHA256-RSA" && one.key == "RSA-2048"));
}

#[wasm_bindgen_test]
async fn algorithms_of_cas_and_leaves_mix() {
    let page = Page::open();
    for (ca, leaf, signature) in [("ECDSA-P384", "RSA-2048", "ECDSA-SHA384"), ("RSA-2048", "ECDSA-P256", "SHA256-RSA")]
    {
        page.issue(1, &single(ca, leaf));
        let facts = facts_of(page.outcome().await);
        assert!(facts.iter().all(|(_, one)| one.signature == signature));
        assert!(facts.iter().all(|(_, one)| one.key == if one.ca == Some(true) { ca } else { leaf }));
    }
}

#[wasm_bindgen_test]
async fn a_design_with_errors_is_refused_in_a_sentence() {
    let page = Page::open();
    let mut draft = single("RSA-2048", "RSA-2048");
    draft.nodes[0].addresses[0] = "nowhere".to_owned();
    page.issue(1, &draft);
    let Response::Failed { pki: Some(1), message } = page.outcome().await else { panic!("not refused") };
    assert!(message.starts_with("The design has errors") && message.contains("nowhere") && message.ends_with('.'));
}

#[wasm_bindgen_test]
async fn cancel_is_heard_while_slow_keys_are_made() {
    // They take for ever: what waited for one would not end.
    let begun = Rc::new(Cell::new(0));
    let count = begun.clone();
    let begin = Closure::<dyn Fn() -> Promise>::new(move || {
        count.set(count.get() + 1);
        Promise::new(&mut |_, _| ())
    });
    let subtle = property(&crypto(), "subtle");
    let _slow = replace(&subtle, "generateKey", &begin.into_js_value());
    let page = Page::open();
    page.issue(7, &single("RSA-4096", "RSA-4096"));
    until("a key is being made", || begun.get() > 0).await;
    page.ask(&Request::Cancel { pki: 7 });
    assert_eq!(page.outcome().await, Response::Cancelled { pki: 7 });
    page.ask(&Request::Facts { pki: 7, certs: vec![0] });
    assert!(matches!(page.outcome().await, Response::Failed { pki: Some(7), .. }));
}

#[wasm_bindgen_test]
async fn cancel_is_heard_in_the_middle_of_much_work_in_rust() {
    let page = Page::open();
    page.issue(1, &many(400));
    page.hear(|one| matches!(one, Response::Progress { .. })).await;
    page.clear();
    page.ask(&Request::Cancel { pki: 1 });
    assert_eq!(page.outcome().await, Response::Cancelled { pki: 1 });
    // A whole PKI is made behind it in the same thread: what was left of the first had its turn.
    page.issue(2, &many(100));
    let ended = page.outcome().await;
    assert!(matches!(ended, Response::Issued { pki: 2, .. }), "{ended:?}");
    let is_other = |one: &Response| matches!(one, Response::KeysReady { .. } | Response::Progress { pki: 2, .. });
    assert!(page.heard().iter().all(is_other), "{:?}", page.heard());
}

#[wasm_bindgen_test]
async fn keys_are_made_ahead_and_used() {
    let page = Page::open();
    page.ask(&Request::Prepare { needs: vec![need("ECDSA-P256", 16)] });
    page.hear(|one| *one == Response::KeysReady { ready: 16, target: 16 }).await;
    page.ask(&Request::Prepare { needs: vec![need("ECDSA-P256", 5), need("ECDSA-P384", 1)] });
    page.hear(|one| *one == Response::KeysReady { ready: 5, target: 6 }).await;
    page.hear(|one| *one == Response::KeysReady { ready: 6, target: 6 }).await;
    page.ask(&Request::Prepare { needs: vec![need("ECDSA-P256", 100)] });
    page.hear(|one| *one == Response::KeysReady { ready: 64, target: 64 }).await;
    page.ask(&Request::Visible(false));
    page.clear();
    page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
    facts_of(page.outcome().await);
    page.hear(|one| *one == Response::KeysReady { ready: 48, target: 64 }).await;
    // The worker of a tab that is seen makes as many in the same thread: a key of the hidden one would have had its turn.
    let seen = Page::open();
    seen.ask(&Request::Prepare { needs: vec![need("ECDSA-P256", 16)] });
    seen.hear(|one| *one == Response::KeysReady { ready: 16, target: 16 }).await;
    assert_eq!(page.keys_ready(), None, "keys were made while the tab was hidden");
    page.ask(&Request::Visible(true));
    page.hear(|one| *one == Response::KeysReady { ready: 64, target: 64 }).await;
    page.ask(&Request::Prepare { needs: Vec::new() });
    page.hear(|one| *one == Response::KeysReady { ready: 0, target: 0 }).await;
}

#[wasm_bindgen_test]
async fn a_failing_random_source_makes_no_key() {
    let page = Page::open();
    {
        let refuse = Function::new_no_args("throw new Error('no randomness')");
        let _replaced = replace(&crypto(), "getRandomValues", &refuse);
        page.ask(&Request::Prepare { needs: vec![need("ECDSA-P256", 4)] });
        page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
        let Response::Failed { pki: Some(1), message } = page.outcome().await else { panic!("not refused") };
        assert!(message.contains("random source failed"), "{message}");
        assert_eq!(page.keys_ready(), Some((0, 4)));
    }
    page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
    facts_of(page.outcome().await);
}

#[wasm_bindgen_test]
async fn helpers_make_what_one_worker_would() {
    let workers = nested(&JsValue::UNDEFINED, |port, _| engine::help(port));
    let page = Page::open();
    page.issue(1, &many(110));
    let facts = facts_of(page.outcome().await);
    assert_eq!(facts.len(), 100);
    let helpers = workers.started.borrow().len();
    assert!(helpers > 1 && workers.started.borrow().iter().all(JsValue::is_undefined));
    assert_eq!(*workers.ended.borrow() as usize, helpers);
    page.ask(&Request::Export { id: 1, pki: 1, what: "node=w-109?open".to_owned() });
    let (_, parts) = page.hear(|one| matches!(one, Response::Exported { .. })).await;
    assert!(parts.is_object());
}

#[wasm_bindgen_test]
async fn what_a_lost_helper_leaves_is_done_all_the_same() {
    let (first, lost) = (Cell::new(true), Rc::new(Cell::new(false)));
    let fell = lost.clone();
    let _workers = nested(&JsValue::UNDEFINED, move |port, worker| {
        if first.replace(false) {
            // It takes the design, and traps at its first slice: `bootstrap.js` posts on the worker itself.
            let trap: Function = property(worker, "onmessage").unchecked_into();
            let (to, fell) = (port.clone(), fell.clone());
            let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let call: Array = event.data().unchecked_into();
                if call.get(1) == "slice" {
                    fell.set(true);
                    let _ = trap.call0(&JsValue::NULL);
                } else {
                    let _ = to.post_message(&Array::of2(&call.get(0), &JsValue::UNDEFINED));
                }
            });
            port.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
        } else {
            engine::help(port);
        }
    });
    let page = Page::open();
    page.issue(1, &many(110));
    assert_eq!(facts_of(page.outcome().await).len(), 100);
    assert!(lost.get(), "no helper was lost");
}

#[wasm_bindgen_test]
async fn a_message_of_another_build_is_said_to_be_one() {
    let page = Page::open();
    page.clear();
    let desk = engine::Desk::new(engine::Say::new(|_| ()));
    desk.hear(&Uint8Array::new_with_length(1).into());
    page.ask(&Request::Cancel { pki: 1 });
    assert!(page.heard().is_empty(), "cancelling what does not run is not an answer");
}
