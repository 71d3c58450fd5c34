//! Workers from another binary: RSA in Rust, or the one that reads, writes and draws. A key takes one of them up to many
//! seconds without a rest, so each call has a worker to itself; who gives up on a call ends its worker.

use futures_util::future::select_all;
use futures_util::lock::{Mutex, MutexGuard};
use wasm_bindgen::JsValue;

use super::remote::Remote;
use crate::BOOTSTRAP;
use crate::browser::scope;

/// The workers, started when there is work for them.
pub(super) struct Crew {
    script: JsValue,
    wasm: JsValue,
    seats: Vec<Mutex<Option<Remote>>>,
}

impl Crew {
    /// At most so many workers of a binary that the page brought in its first message: an object with the `glue` text
    /// and the `wasm` bytes. Nothing where it brought none.
    pub(super) fn of_page(binary: &str, size: usize) -> Option<Self> {
        let parts = scope::first(binary);
        let glue = scope::property_of(&parts, "glue").as_string()?;
        let script = [&glue, "\n", BOOTSTRAP].concat().into();
        let seats = (0..size).map(|_| Mutex::new(None)).collect();
        Some(Self { script, wasm: scope::property_of(&parts, "wasm"), seats })
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
