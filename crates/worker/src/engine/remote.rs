//! Another worker that this one calls; the other side is [`crate::browser::server`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Object, Reflect};
use kubepki_core::sorted::SortedMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageChannel, MessageEvent, MessagePort, Worker};

#[wasm_bindgen]
extern "C" {
    /// A worker of this worker, from a script's text or else from this worker's own script; see `bootstrap.js`.
    #[wasm_bindgen(js_namespace = kubepki, catch)]
    fn nested(script: &JsValue) -> Result<Worker, JsValue>;
}

/// Calls that wait for their answer. Taken away as a whole when the other side is lost: each then fails.
type Waiting = Rc<RefCell<Option<SortedMap<u32, oneshot::Sender<Result<JsValue, String>>>>>>;

/// A worker that answers calls. Dropping it ends that worker, whatever it is doing.
pub(super) struct Remote {
    port: MessagePort,
    worker: Option<Worker>,
    waiting: Waiting,
    next: Cell<u32>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _lost: Option<Closure<dyn FnMut()>>,
}

const LOST: &str = "a worker that was to help stopped, perhaps for want of memory";

impl Remote {
    /// Starts a worker from a script's text (undefined: this worker's own script) and hands it its WebAssembly.
    pub(super) fn start(script: &JsValue, wasm: &JsValue) -> Result<Self, String> {
        let refused = |_| "the browser starts no further worker".to_owned();
        let channel = MessageChannel::new().map_err(refused)?;
        let worker = nested(script).map_err(refused)?;
        let mut remote = Self::at(channel.port1());
        let waiting = remote.waiting.clone();
        // It speaks through its port alone, so any message or error on the worker itself says that it failed.
        let lost = Closure::<dyn FnMut()>::new(move || drop(waiting.borrow_mut().take()));
        worker.set_onmessage(Some(lost.as_ref().unchecked_ref()));
        worker.set_onerror(Some(lost.as_ref().unchecked_ref()));
        let first = Object::new();
        let _ = Reflect::set(&first, &"wasm".into(), wasm);
        let _ = Reflect::set(&first, &"port".into(), &channel.port2());
        worker.post_message_with_transfer(&first, &Array::of1(&channel.port2())).map_err(refused)?;
        remote.worker = Some(worker);
        remote._lost = Some(lost);
        Ok(remote)
    }

    /// A worker that listens at the other end of a port.
    pub(super) fn at(port: MessagePort) -> Self {
        let waiting: Waiting = Rc::new(RefCell::new(Some(SortedMap::default())));
        let answered = waiting.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let answer: Array = event.data().unchecked_into();
            let id = answer.get(0).as_f64().unwrap_or_default() as u32;
            let call = answered.borrow_mut().as_mut().and_then(|calls| calls.remove(&id));
            let result = match answer.get(2).as_string() {
                Some(why) => Err(why),
                None => Ok(answer.get(1)),
            };
            // Whoever asked may have gone meanwhile.
            call.map(|call| call.send(result));
        });
        port.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Self { port, worker: None, waiting, next: Cell::new(0), _heard: heard, _lost: None }
    }

    /// Calls the other side. Several calls may wait at a time; they are answered in their order.
    pub(super) async fn call(&self, what: &[JsValue]) -> Result<JsValue, String> {
        let id = self.next.replace(self.next.get().wrapping_add(1));
        let (tell, told) = oneshot::channel();
        match self.waiting.borrow_mut().as_mut() {
            Some(calls) => calls.insert(id, tell),
            None => return Err(LOST.to_owned()),
        }
        let call: Array = std::iter::once(JsValue::from(id)).chain(what.iter().cloned()).collect();
        self.port.post_message(&call).map_err(|_| LOST.to_owned())?;
        told.await.unwrap_or_else(|_| Err(LOST.to_owned()))
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
        if let Some(worker) = &self.worker {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }
}
