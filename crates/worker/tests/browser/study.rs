//! Texts, which a worker of their own reads and writes.

use crate::support::{Page, nested, object, single};
use kubepki_core::snippet;
use kubepki_core::spec::{Draft, Field, link};
use kubepki_core::view::ViewId;
use kubepki_worker::{ParsedText, Request, Response, TextFile, study};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

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
    page.ask(&Request::Write {
        name: "a".to_owned(),
        design: link::encode(draft),
        pki: 0,
        picture,
        selected: String::new(),
        guide: String::new(),
    });
    let (answer, _) = page.hear(|one| matches!(one, Response::Written { .. })).await;
    let Response::Written { text, .. } = answer else { panic!("{answer:?}") };
    text
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
    assert!(write(&page, &draft, Some(ViewId::Files)).await.is_err());
}

#[wasm_bindgen_test]
async fn connections_are_drawn_with_what_is_told_of_the_selected_one() {
    let _workers = nested(&brought(), |port, _| study::serve_owner(port));
    let page = Page::open();
    let design = link::encode(&single("RSA-2048", "RSA-2048"));
    let selected = "connection:kube-apiserver->etcd".to_owned();
    page.ask(&Request::Write {
        name: String::new(),
        design,
        pki: 0,
        picture: Some(ViewId::Connections),
        selected,
        guide: String::new(),
    });
    let (answer, _) = page.hear(|one| matches!(one, Response::Written { .. })).await;
    let Response::Written { name, text: Ok(text) } = answer else { panic!("{answer:?}") };
    assert_eq!(name, "");
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
        assert!(write(&page, &single("RSA-2048", "RSA-2048"), None).await.is_err());
        page.issue(1, &single("ECDSA-P256", "ECDSA-P256"));
        assert!(matches!(page.outcome().await, Response::Issued { .. }));
    }
}
