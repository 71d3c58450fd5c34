//! Workers from another binary: RSA in Rust, or the one that reads, writes and draws. A key takes one of them up to many
//! seconds without a rest, so each call has a worker to itself; who gives up on a call ends its worker.

use std::pin::pin;

use futures_util::future::{Either, pending, select, select_all};
use futures_util::lock::{Mutex, MutexGuard};
use wasm_bindgen::JsValue;

use super::pace::sleep;
use super::remote::Remote;
use crate::BOOTSTRAP;
use crate::browser::scope;
use crate::message::Unanswered;

/// Slices that a second of a limit is counted in. A machine that slept meanwhile has used up one of them, not all.
const SLICES: u32 = 2;

/// Most workers to use at a time.
pub(super) fn most() -> usize {
    (scope::scope().navigator().hardware_concurrency() as usize).clamp(1, 4)
}

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
        self.call_within(None, &|_| what.to_vec()).await.map_err(|why| match why {
            Unanswered::Failed(why) => why,
            Unanswered::TooLong => String::new(),
        })
    }

    /// The same for no longer than so many seconds, after which the worker is ended, and the next call has another. Neither
    /// waiting for it to be free counts, nor the time in which it loads. What it is asked is made when its turn has come, by
    /// whether the worker is a new one.
    pub(super) async fn call_within(
        &self,
        seconds: Option<u32>,
        what: &dyn Fn(bool) -> Vec<JsValue>,
    ) -> Result<JsValue, Unanswered> {
        let mut seat = self.seat().await;
        // Out of its seat while it works: where this future is dropped, so is the worker.
        let there = seat.take();
        let is_new = there.is_none();
        let worker = match there {
            Some(worker) => worker,
            None => Remote::start(&self.script, &self.wasm).map_err(Unanswered::Failed)?,
        };
        if is_new {
            // A call for nothing: it has loaded when it answers.
            worker.call(&[]).await.map_err(Unanswered::Failed)?;
        }
        let what = what(is_new);
        let answer = match select(pin!(worker.call(&what)), pin!(pass(seconds))).await {
            Either::Left((answer, _)) => answer.map_err(Unanswered::Failed)?,
            Either::Right(_) => return Err(Unanswered::TooLong),
        };
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

/// Waits for so many seconds; without a number for ever.
async fn pass(seconds: Option<u32>) {
    let Some(seconds) = seconds else { return pending().await };
    for _ in 0..seconds * SLICES {
        sleep(1_000 / SLICES as i32).await;
    }
}
