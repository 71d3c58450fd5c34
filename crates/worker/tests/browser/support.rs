//! What stands in for the page: it asks, keeps what it hears, and changes what the browser offers.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use kubepki_core::spec::preset::Preset;
use kubepki_core::spec::{Draft, Field, NodeDraft, link};
use kubepki_worker::engine::{Desk, Say};
use kubepki_worker::wire::{Asked, Said};
use kubepki_worker::{Request, Response};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessagePort;

/// An issue time: 2026-11-23 20:39:00.
pub(crate) const NOW: i64 = 1_795_466_340;

/// How long a test waits for what must come, in milliseconds.
const PATIENCE: f64 = 150_000.0;

/// A page and its worker's desk.
pub(crate) struct Page {
    desk: Rc<Desk>,
    heard: Rc<RefCell<Vec<(Response, JsValue)>>>,
}

impl Page {
    pub(crate) fn open() -> Self {
        // What `bootstrap.js` leaves where a page brought nothing.
        if property(&js_sys::global(), "kubepki").is_undefined() {
            let kubepki = Object::new();
            let _ = Reflect::set(&kubepki, &"first".into(), &Function::new_no_args("return null"));
            let _ = Reflect::set(&js_sys::global(), &"kubepki".into(), &kubepki);
        }
        let heard = Rc::new(RefCell::new(Vec::new()));
        let ear = heard.clone();
        let desk = Desk::new(Say::new(move |message| {
            let parts = property(&message, "parts");
            ear.borrow_mut().push((response(message), parts));
        }));
        Self { desk, heard }
    }

    pub(crate) fn ask(&self, request: &Request) {
        self.desk.hear(&Asked::from(request.clone()).to_list());
    }

    /// Has a design issued.
    pub(crate) fn issue(&self, pki: u32, draft: &Draft) {
        self.ask(&Request::Issue { pki, design: link::encode(draft), now: NOW });
    }

    /// Takes the first answer that fits out of what was heard, waiting for it if need be.
    pub(crate) async fn hear(&self, fits: impl Fn(&Response) -> bool) -> (Response, JsValue) {
        let place = || self.heard.borrow().iter().position(|(response, _)| fits(response));
        until("such an answer", || place().is_some()).await;
        let place = place().expect("it is there");
        self.heard.borrow_mut().remove(place)
    }

    /// How issuing ended.
    pub(crate) async fn outcome(&self) -> Response {
        use Response::{Cancelled, Failed, Issued};
        self.hear(|one| matches!(one, Issued { .. } | Failed { .. } | Cancelled { .. })).await.0
    }

    /// The last that was heard of keys made ahead.
    pub(crate) fn keys_ready(&self) -> Option<(u32, u32)> {
        self.heard.borrow().iter().rev().find_map(|(one, _)| match one {
            Response::KeysReady { ready, target } => Some((*ready, *target)),
            _ => None,
        })
    }

    /// Forgets what was heard.
    pub(crate) fn clear(&self) {
        self.heard.borrow_mut().clear();
    }

    pub(crate) fn heard(&self) -> Vec<Response> {
        self.heard.borrow().iter().map(|(one, _)| one.clone()).collect()
    }
}

/// A message as another reader of such lists takes it.
pub(crate) fn response(message: JsValue) -> Response {
    let (which, numbers, texts) = serde_wasm_bindgen::from_value(message).expect("three lists in one");
    Said(which, numbers, texts).try_into().expect("a response")
}

pub(crate) fn property(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = js_sys::Date::now();
    while !is_so() {
        assert!(js_sys::Date::now() - began < PATIENCE, "waited in vain until {what}");
        sleep(2).await;
    }
}

/// Lets others have their turn. How long that takes decides nothing.
async fn sleep(milliseconds: i32) {
    let wait = Promise::new(&mut |done, _| {
        let timeout: Function = property(&js_sys::global(), "setTimeout").unchecked_into();
        let _ = timeout.call2(&JsValue::NULL, &done, &milliseconds.into());
    });
    let _ = JsFuture::from(wait).await;
}

/// The single node, with these algorithms.
pub(crate) fn single(ca: &str, leaf: &str) -> Draft {
    let mut draft = Preset::named("single").expect("a preset").draft();
    draft.set_text(Field::KeysCa, ca);
    draft.set_text(Field::KeysLeaf, leaf);
    draft
}

/// A cluster with a client and a serving certificate for each of so many workers, P-256.
pub(crate) fn many(workers: usize) -> Draft {
    let mut draft = single("ECDSA-P256", "ECDSA-P256");
    draft.set_text(Field::Start, "manual");
    draft.set_text(Field::KubeletClient, "issued");
    draft.set_text(Field::KubeletServing, "clusterCA");
    draft.nodes.extend((0..workers).map(|index| NodeDraft {
        name: format!("w-{index}"),
        addresses: vec![format!("10.0.{}.{}", index / 250, index % 250 + 1)],
        roles: vec!["worker".to_owned()],
    }));
    draft
}

/// Something of the browser that is replaced until this is dropped.
pub(crate) struct Replaced {
    of: JsValue,
    name: &'static str,
    before: JsValue,
}

/// Replaces a property of an object of the global scope.
pub(crate) fn replace(of: &JsValue, name: &'static str, value: &JsValue) -> Replaced {
    let before = Object::get_own_property_descriptor(of.unchecked_ref::<Object>(), &name.into());
    let descriptor = Object::new();
    let _ = Reflect::set(&descriptor, &"value".into(), value);
    let _ = Reflect::set(&descriptor, &"configurable".into(), &true.into());
    Object::define_property(of.unchecked_ref::<Object>(), &name.into(), &descriptor);
    Replaced { of: of.clone(), name, before }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        let _ = Reflect::delete_property(self.of.unchecked_ref::<Object>(), &self.name.into());
        if !self.before.is_undefined() {
            Object::define_property(
                self.of.unchecked_ref::<Object>(),
                &self.name.into(),
                self.before.unchecked_ref::<Object>(),
            );
        }
    }
}

/// `crypto` of the global scope.
pub(crate) fn crypto() -> JsValue {
    property(&js_sys::global(), "crypto")
}

/// Workers of the worker, as `bootstrap.js` starts them, but served in this very thread. What they were started from
/// and how many were ended stays to be looked at.
pub(crate) struct Nested {
    _replaced: Replaced,
    pub(crate) started: Rc<RefCell<Vec<JsValue>>>,
    pub(crate) ended: Rc<RefCell<u32>>,
    _kept: Vec<JsValue>,
}

/// Serves further workers by a function of their port; `first` is what this worker was started with.
pub(crate) fn nested(first: &JsValue, serve: impl Fn(MessagePort, &JsValue) + 'static) -> Nested {
    let started = Rc::new(RefCell::new(Vec::new()));
    let ended = Rc::new(RefCell::new(0));
    let (counted, listed, serve) = (ended.clone(), started.clone(), Rc::new(serve));
    let start = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |script: JsValue| {
        listed.borrow_mut().push(script);
        let worker = Object::new();
        let (serve, itself, counted) = (serve.clone(), JsValue::from(worker.clone()), counted.clone());
        let post = Closure::<dyn Fn(JsValue, JsValue)>::new(move |first: JsValue, _: JsValue| {
            serve(property(&first, "port").unchecked_into(), &itself);
        });
        let terminate = Closure::<dyn Fn()>::new(move || *counted.borrow_mut() += 1);
        let _ = Reflect::set(&worker, &"postMessage".into(), &post.into_js_value());
        let _ = Reflect::set(&worker, &"terminate".into(), &terminate.into_js_value());
        worker.into()
    })
    .into_js_value();
    let first = first.clone();
    let first = Closure::<dyn Fn() -> JsValue>::new(move || first.clone()).into_js_value();
    let kubepki = Object::new();
    let _ = Reflect::set(&kubepki, &"nested".into(), &start);
    let _ = Reflect::set(&kubepki, &"first".into(), &first);
    let replaced = replace(&js_sys::global(), "kubepki", &kubepki);
    Nested { _replaced: replaced, started, ended, _kept: vec![start, first] }
}

/// The bytes of a part of an export.
pub(crate) async fn bytes(part: JsValue) -> Vec<u8> {
    let buffer = part.unchecked_into::<web_sys::Blob>().array_buffer();
    js_sys::Uint8Array::new(&JsFuture::from(buffer).await.expect("a blob")).to_vec()
}

/// An object of names and values.
pub(crate) fn object(rows: &[(&str, JsValue)]) -> JsValue {
    let pairs: Array = rows.iter().map(|(name, value)| Array::of2(&(*name).into(), value)).collect();
    Object::from_entries(&pairs).expect("an object").into()
}
