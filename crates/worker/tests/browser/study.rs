//! Texts, which a worker of their own reads and writes.

use crate::support::{Page, nested, object, single};
use kubepki_core::snippet;
use kubepki_core::spec::{Draft, Field, link};
use kubepki_core::view::ViewId;
use kubepki_worker::{ParsedText, Part, Request, Response, TextFile, study};
use std::cell::Cell;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MessageEvent, MessagePort};

/// As the page hands in the binary `study`.
fn brought() -> JsValue {
    object(&[("study", object(&[("glue", "/* glue */".into()), ("wasm", JsValue::from(1))]))])
}

async fn read(page: &Page, id: u32, text: &str, nodes_only: bool) -> ParsedText {
    let files = vec![TextFile { name: "a.yaml".to_owned(), bytes: text.as_bytes().to_vec() }];
    let base = link::encode(&single("RSA-2048", "RSA-2048"));
    page.ask(&Request::Parse { id, files, base, nodes_only });
    let (answer, _) = page.hear(|one| matches!(one, Response::Parsed { id: answered, .. } if *answered == id)).await;
    let Response::Parsed { text, .. } = answer else { panic!("{answer:?}") };
    text
}

async fn write(page: &Page, draft: &Draft, picture: Option<ViewId>) -> Result<String, String> {
    page.ask(&Request::Write { name: "a".to_owned(), design: link::encode(draft), pki: 0, picture });
    let (answer, _) = page.hear(|one| matches!(one, Response::Written { .. })).await;
    let Response::Written { text, .. } = answer else { panic!("{answer:?}") };
    text
}

/// A drawing of the connections with one selected, or a dialog to embed them.
fn connections(id: u32, part: Part) -> Request {
    let connection = "connection:kube-apiserver->etcd";
    Request::Draw {
        id,
        part,
        design: link::encode(&single("RSA-2048", "RSA-2048")),
        pki: 0,
        view: ViewId::Connections,
        selected: if part == Part::Dialog { format!("embed:{connection}") } else { connection.to_owned() },
        guide: String::new(),
    }
}

/// Says no more than that it has loaded, to whoever calls at a port.
fn fall_silent(port: &MessagePort) {
    let to = port.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let call: Array = event.data().unchecked_into();
        if call.length() == 1 {
            drop(to.post_message(&call));
        }
    });
    port.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
}

#[wasm_bindgen_test]
async fn designs_and_lists_are_read_by_one_worker() {
    let workers = nested(&brought(), |port, _| study::serve_owner(port));
    let page = Page::open();
    let text = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: x\nnope: 1\n";
    let text = read(&page, 1, text, false).await;
    assert_eq!(text.design, None);
    assert!(
        text.findings.iter().any(|one| one.file == "a.yaml" && one.diagnostic.position.is_some_and(|at| at.line == 4))
    );
    let text = read(&page, 2, "w-1 10.0.0.1 worker\n", true).await;
    let draft = link::decode(&text.design.expect("a design")).expect("a link");
    assert!(draft.nodes.iter().any(|node| node.name == "w-1"));
    assert_eq!(workers.started.borrow().len(), 1);
}

#[wasm_bindgen_test]
async fn designs_and_pictures_are_written() {
    let _workers = nested(&brought(), |port, _| study::serve_owner(port));
    let page = Page::open();
    let mut draft = single("RSA-2048", "RSA-2048");
    let svg = write(&page, &draft, Some(ViewId::Hierarchy)).await.expect("a picture");
    assert!(svg.starts_with("<svg ") && svg.contains("kube-apiserver"));
    draft.set_text(Field::KubernetesVersion, "9.99");
    assert_eq!(
        write(&page, &draft, None).await,
        Ok(snippet::design(&draft)),
        "a design with errors is written as it is"
    );
    let refused = write(&page, &draft, Some(ViewId::Files)).await;
    assert_eq!(refused, Err("a design with errors has no picture".to_owned()));
}

#[wasm_bindgen_test]
async fn connections_are_drawn_with_what_is_told_of_the_selected_one() {
    let _workers = nested(&brought(), |port, _| study::serve_owner(port));
    let page = Page::open();
    page.ask(&connections(9, Part::Page));
    let (answer, _) = page.hear(|one| matches!(one, Response::Drawn { .. })).await;
    let Response::Drawn { id: 9, text: Ok(text) } = answer else { panic!("{answer:?}") };
    let parts: Vec<&str> = text.split(kubepki_worker::PARTS).collect();
    let [picture, sheet, guide] = parts[..] else { panic!("{} parts", parts.len()) };
    assert_eq!(guide, "");
    assert!(picture.contains("data-choose=connection:kube-apiserver->kubelet"), "{picture}");
    assert!(sheet.contains("kube-apiserver --etcd-cafile"), "{sheet}");
}

#[wasm_bindgen_test]
async fn a_worker_that_is_lost_or_missing_loses_one_answer_alone() {
    for brought in [brought(), object(&[])] {
        let _workers = nested(&brought, |_, worker| {
            let heard: js_sys::Function = crate::support::property(worker, "onmessage").into();
            wasm_bindgen_futures::spawn_local(async move { drop(heard.call0(&JsValue::NULL)) });
        });
        let page = Page::open();
        let text = read(&page, 1, "w-1 10.0.0.1\n", true).await;
        assert!(text.design.is_none() && text.findings[0].diagnostic.message.contains("worker"), "{text:?}");
        let refused = write(&page, &single("RSA-2048", "RSA-2048"), None).await;
        assert!(refused.as_ref().is_err_and(|why| why.contains("worker")), "{refused:?}");
        page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
        assert!(matches!(page.outcome().await, Response::Issued { .. }));
    }
}

#[wasm_bindgen_test]
async fn a_call_that_never_ends_is_stopped_and_those_behind_it_are_answered_by_a_new_worker() {
    // Every second worker never answers.
    let count = Cell::new(0);
    let workers = nested(&brought(), move |port, _| match count.replace(count.get() + 1) % 2 {
        0 => fall_silent(&port),
        _ => study::serve_owner(port),
    });
    let page = Page::open();
    let parse = |id| {
        let files = vec![TextFile { name: String::new(), bytes: b"w-1 10.0.0.1 worker\n".to_vec() }];
        Request::Parse { id, files, base: link::encode(&single("RSA-2048", "RSA-2048")), nodes_only: true }
    };
    let began = js_sys::Date::now();
    // Each behind the other: the first meets a worker that is silent, the second a new one.
    for request in [parse(1), parse(2)] {
        page.ask(&request);
    }
    let answered = |id| move |one: &Response| matches!(one, Response::Parsed { id: said, .. } if *said == id);
    let (first, _) = page.hear(answered(1)).await;
    let after = js_sys::Date::now() - began;
    let Response::Parsed { text, .. } = first else { panic!("{first:?}") };
    let message = &text.findings[0].diagnostic.message;
    assert!(text.design.is_none() && message.contains("longer than five seconds"), "{message}");
    assert!(after >= 4_900.0, "{after}");
    let (second, _) = page.hear(answered(2)).await;
    let Response::Parsed { text, .. } = second else { panic!("{second:?}") };
    let read = link::decode(&text.design.expect("a design")).expect("a link");
    assert!(read.nodes.iter().any(|node| node.name == "w-1"), "{:?}", read.nodes);
    assert_eq!((workers.started.borrow().len(), *workers.ended.borrow()), (2, 1));
}

#[wasm_bindgen_test]
async fn a_drawing_and_a_dialog_that_never_end_are_answered_for_too() {
    let _workers = nested(&brought(), |port, _| fall_silent(&port));
    let page = Page::open();
    page.ask(&connections(1, Part::Page));
    page.ask(&connections(2, Part::Dialog));
    page.ask(&Request::Write { name: "a.svg".to_owned(), design: String::new(), pki: 0, picture: None });
    for part in 1..=2 {
        let (answer, _) = page.hear(|one| matches!(one, Response::Drawn { id, .. } if *id == part)).await;
        let Response::Drawn { text: Err(why), .. } = answer else { panic!("{answer:?}") };
        assert!(why.contains("longer than five seconds"), "{why}");
    }
    let (answer, _) = page.hear(|one| matches!(one, Response::Written { .. })).await;
    assert!(matches!(&answer, Response::Written { text: Err(why), .. } if why.contains("five seconds")), "{answer:?}");
}
