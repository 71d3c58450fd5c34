//! The bridge to the worker: requests out, responses in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Reflect;
use kubepki_worker::wire::{Asked, Said};
use kubepki_worker::{Request, Response};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, MessageEvent, Worker};
use yew::Callback;

use super::start::start;
use super::{clock, document, listener, save};
use crate::state::{Action, Once, WorkerState};

/// The field of the dialog in which a passphrase or recipients are typed, where there is one.
fn typed() -> Option<Element> {
    document().query_selector("dialog input").ok().flatten()
}

/// What is asked of what is typed in a field.
fn purpose(field: Element) -> Option<String> {
    field.get_attribute("data-act")
}

fn value_of(field: &Element) -> JsValue {
    Reflect::get(field, &JsValue::from_str("value")).unwrap_or_default()
}

/// The bridge.
pub(super) struct Bridge {
    dispatch: Callback<Action>,
    saved: Rc<RefCell<String>>,
    worker: RefCell<Option<Worker>>,
    loading: Cell<bool>,
    /// Whether the worker has said that it is ready.
    up: Cell<bool>,
    /// Requests for a worker that is not.
    waiting: RefCell<Vec<JsValue>>,
    /// The number of the last question about a secret, and what its field is for.
    asked: RefCell<(u32, Option<String>)>,
}

impl Bridge {
    /// A bridge without a worker.
    pub(super) fn new(dispatch: Callback<Action>, saved: Rc<RefCell<String>>) -> Rc<Self> {
        Rc::new(Self {
            dispatch,
            saved,
            worker: RefCell::default(),
            loading: Cell::default(),
            up: Cell::default(),
            waiting: RefCell::default(),
            asked: RefCell::default(),
        })
    }

    /// Starts the worker unless there is one.
    pub(super) fn start(self: &Rc<Self>) {
        if self.worker.borrow().is_some() || self.loading.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            let outcome = start().await;
            this.loading.set(false);
            match outcome {
                Ok(worker) => this.take(worker),
                Err(why) => this.dispatch.emit(Action::Worker(WorkerState::Broken(why))),
            }
        });
    }

    /// Listens to a worker that was started, from before its first word.
    fn take(self: &Rc<Self>, worker: Worker) {
        self.dispatch.emit(Action::Locked);
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
        self.worker.replace(Some(worker));
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
        if let Request::Secret { id, .. } = &request {
            self.asked.replace((*id, typed().and_then(purpose)));
        }
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
        let mut response = match Said::from_list(message).and_then(|said| Response::try_from(said).ok()) {
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
            Response::Told { id, .. } => {
                let drawn = Reflect::get(message, &JsValue::from_str("secret")).ok().filter(JsValue::is_string);
                // Into the field that it was drawn for, if that is still there.
                let for_it = |field: &Element| (*id, purpose(field.clone())) == *self.asked.borrow();
                if let (Some(drawn), Some(typed)) = (drawn, typed().filter(for_it)) {
                    let _ = Reflect::set(&typed, &JsValue::from_str("value"), &drawn);
                }
            }
            Response::Exported { id, pki, what, name } => {
                let kind = if name.ends_with(".zip") { "application/zip" } else { "application/octet-stream" };
                match parts.and_then(|parts| save::save(*pki, name, &parts, kind, &self.saved)) {
                    Some(saved) => self.dispatch.emit(Action::Exported(*id, what.clone(), saved)),
                    None => {
                        let told = "The browser did not take the file.".to_owned();
                        response = Response::Told { id: *id, told, ended: true };
                    }
                }
            }
            _ => {}
        }
        self.dispatch.emit(Action::Hear(Once::new(response), clock()));
    }
}
