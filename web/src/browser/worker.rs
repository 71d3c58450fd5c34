//! The bridge to the worker: fetch, lock, start; requests out, responses in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect};
use kubepki_worker::wire::{Asked, Said};
use kubepki_worker::{Request, Response};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, Element, Event, MessageEvent, Url};
use yew::Callback;

use super::parts::{Parts, fetch};
use super::{clock, document, listener, lock, save, window};
use crate::state::{Action, Once, WorkerState};

#[wasm_bindgen]
extern "C" {
    /// A worker whose address may be a `TrustedScriptURL`, which web-sys has no type for.
    #[wasm_bindgen(js_name = Worker, extends = web_sys::Worker)]
    type TrustedWorker;
    #[wasm_bindgen(constructor, catch, js_class = "Worker")]
    fn new(url: &JsValue) -> Result<TrustedWorker, JsValue>;

    /// The page's `trustedTypes`, where the browser has them.
    type Policies;
    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Policies, name: &str, rules: &JsValue) -> Result<Policy, JsValue>;
    #[derive(Clone)]
    type Policy;
    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &Policy, url: &str) -> Result<JsValue, JsValue>;
}

/// The field of the dialog in which a passphrase or recipients are typed, where there is one.
fn typed() -> Option<Element> {
    document().query_selector("dialog input").ok().flatten()
}

fn value_of(field: &Element) -> JsValue {
    Reflect::get(field, &JsValue::from_str("value")).unwrap_or_default()
}

/// The bridge.
pub(super) struct Bridge {
    dispatch: Callback<Action>,
    saved: Rc<RefCell<String>>,
    parts: RefCell<Option<Parts>>,
    policy: RefCell<Option<Policy>>,
    worker: RefCell<Option<TrustedWorker>>,
    loading: Cell<bool>,
    /// Whether the worker has said that it is ready.
    up: Cell<bool>,
    /// Requests for a worker that is not.
    waiting: RefCell<Vec<JsValue>>,
}

impl Bridge {
    /// A bridge without a worker.
    pub(super) fn new(dispatch: Callback<Action>, saved: Rc<RefCell<String>>) -> Rc<Self> {
        Rc::new(Self {
            dispatch,
            saved,
            parts: RefCell::default(),
            policy: RefCell::default(),
            worker: RefCell::default(),
            loading: Cell::default(),
            up: Cell::default(),
            waiting: RefCell::default(),
        })
    }

    /// Starts the worker unless there is one; what it is made of is fetched first, once, and then the network locked.
    pub(super) fn start(self: &Rc<Self>) {
        if self.worker.borrow().is_some() || self.loading.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            let outcome = this.load().await.and_then(|()| this.begin());
            this.loading.set(false);
            if let Err(why) = outcome {
                this.dispatch.emit(Action::Worker(WorkerState::Broken(why)));
            }
        });
    }

    async fn load(&self) -> Result<(), String> {
        if self.parts.borrow().is_some() {
            return Ok(());
        }
        let parts = fetch().await?;
        if !lock::lock() {
            return Err("The network could not be locked, so the worker was not started.".to_owned());
        }
        self.dispatch.emit(Action::Locked);
        self.parts.replace(Some(parts));
        Ok(())
    }

    /// Makes the worker from what was fetched.
    fn begin(self: &Rc<Self>) -> Result<(), String> {
        let parts = self.parts.borrow();
        let parts = parts.as_ref().ok_or("The worker was not fetched.")?;
        let fail = |_| "The browser did not let the page start its worker.".to_owned();
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let script = Array::of1(&JsValue::from_str(&parts.script));
        let blob = Blob::new_with_str_sequence_and_options(&script, &options).map_err(fail)?;
        // Not revoked: the worker starts helpers from it.
        let url = Url::create_object_url_with_blob(&blob).map_err(fail)?;
        let worker = TrustedWorker::new(&self.trusted(&url).map_err(fail)?).map_err(fail)?;
        let this = self.clone();
        let hear = move |event: Event| this.hear(&event.unchecked_ref::<MessageEvent>().data());
        worker.set_onmessage(Some(&listener(Box::new(hear))));
        let dispatch = self.dispatch.clone();
        let stopped = move |event: Event| {
            event.prevent_default();
            dispatch.emit(Action::Worker(WorkerState::Broken(
                "The worker stopped, perhaps for want of memory.".to_owned(),
            )));
        };
        worker.set_onerror(Some(&listener(Box::new(stopped))));
        worker.post_message(&parts.first).map_err(fail)?;
        self.worker.replace(Some(worker));
        Ok(())
    }

    /// The address as the page's policy wants it.
    fn trusted(&self, url: &str) -> Result<JsValue, JsValue> {
        let types = Reflect::get(&window(), &JsValue::from_str("trustedTypes"))?;
        if !types.is_object() {
            return Ok(JsValue::from_str(url));
        }
        let kept = self.policy.borrow().clone();
        let policy = match kept {
            Some(policy) => policy,
            None => {
                let rules = js_sys::Object::new();
                // A function that gives back the text it is given: the browser's own.
                let same = Reflect::get(&window(), &JsValue::from_str("String"))?;
                Reflect::set(&rules, &JsValue::from_str("createScriptURL"), &same)?;
                let policy = types.unchecked_ref::<Policies>().create_policy("kubepki", &rules)?;
                self.policy.replace(Some(policy.clone()));
                policy
            }
        };
        policy.create_script_url(url)
    }

    /// Stops the worker, and drops what waits for it.
    pub(super) fn stop(&self) {
        if let Some(worker) = self.worker.take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
        self.up.set(false);
        self.waiting.borrow_mut().clear();
    }

    /// Sends a request, or keeps it until the worker is up.
    pub(super) fn post(&self, request: Request) {
        let locks = matches!(request, Request::Export { .. } | Request::Secret { .. });
        let message = Asked::from(request).to_list();
        // What is typed to lock an export with goes from the page's field into the message, and nowhere between.
        if let Some(typed) = locks.then(typed).flatten() {
            let _ = Reflect::set(&message, &JsValue::from_str("secret"), &value_of(&typed));
        }
        match self.worker.borrow().as_ref().filter(|_| self.up.get()) {
            Some(worker) => drop(worker.post_message(&message)),
            None => self.waiting.borrow_mut().push(message),
        }
    }

    fn hear(&self, message: &JsValue) {
        let parts = save::take_parts(message);
        let response = match Said::from_list(message).and_then(|said| Response::try_from(said).ok()) {
            Some(response) => response,
            None => Response::Failed {
                pki: None,
                message: "Page and worker are not of the same build; reload the page.".to_owned(),
            },
        };
        match &response {
            Response::Ready { .. } => {
                self.up.set(true);
                if let Some(worker) = self.worker.borrow().as_ref() {
                    self.waiting.borrow_mut().drain(..).for_each(|message| drop(worker.post_message(&message)));
                }
            }
            Response::Told { .. } => {
                let drawn = Reflect::get(message, &JsValue::from_str("secret")).ok().filter(JsValue::is_string);
                if let (Some(drawn), Some(typed)) = (drawn, typed()) {
                    let _ = Reflect::set(&typed, &JsValue::from_str("value"), &drawn);
                }
            }
            Response::Exported { what, name, .. } => {
                let kind = if name.ends_with(".zip") { "application/zip" } else { "application/octet-stream" };
                let saved = parts.and_then(|parts| save::save(name, &parts, kind, &self.saved));
                self.dispatch.emit(match saved {
                    Some(saved) => Action::Exported(what.clone(), saved),
                    None => Action::Say("The browser did not take the file.".to_owned()),
                });
            }
            _ => {}
        }
        self.dispatch.emit(Action::Hear(Once::new(response), clock()));
    }
}
