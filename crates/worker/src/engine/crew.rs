//! Workers that do RSA in Rust. A key takes one of them up to many seconds without a rest, so each call has a worker
//! to itself; who gives up on a call ends its worker.

use futures_util::future::select_all;
use futures_util::lock::{Mutex, MutexGuard};
use wasm_bindgen::JsValue;

use super::helper;
use super::remote::Remote;

/// The workers, started when there is work for them.
pub(super) struct Crew {
    script: JsValue,
    wasm: JsValue,
    seats: Vec<Mutex<Option<Remote>>>,
}

impl Crew {
    /// A crew of workers with this script and WebAssembly.
    pub(super) fn new(script: JsValue, wasm: JsValue) -> Self {
        Self { script, wasm, seats: (0..helper::most()).map(|_| Mutex::new(None)).collect() }
    }

    /// How many calls are worked on at a time.
    pub(super) fn size(&self) -> usize {
        self.seats.len()
    }

    /// Calls a worker that has nothing else to do, waiting for one if need be.
    pub(super) async fn call(&self, what: &[JsValue]) -> Result<JsValue, String> {
        let mut seat = self.seat().await;
        // Out of its seat while it works: where this future is dropped, so is the worker.
        let worker = match seat.take() {
            Some(worker) => worker,
            None => Remote::start(&self.script, &self.wasm)?,
        };
        let answer = worker.call(what).await?;
        *seat = Some(worker);
        Ok(answer)
    }

    async fn seat(&self) -> MutexGuard<'_, Option<Remote>> {
        match self.seats.iter().find_map(Mutex::try_lock) {
            Some(seat) => seat,
            None => select_all(self.seats.iter().map(Mutex::lock)).await.0,
        }
    }
}
