//! Rests between pieces of work, so that messages are heard.

use std::cell::Cell;

use futures_channel::oneshot;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

use crate::browser::scope;

/// Longest piece of work between two rests, in milliseconds.
const STRETCH: f64 = 30.0;

/// Milliseconds on a clock that never goes back.
pub(super) fn clock() -> f64 {
    scope::scope().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Measures how long work went on without a rest.
#[derive(Debug)]
pub struct Pace {
    since: Cell<f64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace {
    /// Begins a stretch of work.
    pub fn new() -> Self {
        Self { since: Cell::new(clock()) }
    }

    /// Rests if work went on for long enough; whether it did.
    pub async fn rest(&self) -> bool {
        let long = clock() - self.since.get() > STRETCH;
        if long {
            turn().await;
            self.since.set(clock());
        }
        long
    }
}

/// Lets everything that waits in the worker's queue go first. By a message to oneself, for timers are held back by
/// some milliseconds each.
pub(super) async fn turn() {
    let Ok(channel) = MessageChannel::new() else { return };
    let channel = Open(channel);
    let (tell, told) = oneshot::channel::<()>();
    let heard = Closure::once_into_js(move || drop(tell));
    channel.0.port1().set_onmessage(Some(heard.unchecked_ref()));
    if channel.0.port2().post_message(&JsValue::NULL).is_ok() {
        // Dropping the sender is the signal.
        let _ = told.await;
    }
}

/// Waits for so many milliseconds.
#[cfg(feature = "worker")]
pub(super) async fn sleep(milliseconds: i32) {
    let (tell, told) = oneshot::channel::<()>();
    let passed = Closure::once_into_js(move || drop(tell));
    let scope = scope::scope();
    if scope.set_timeout_with_callback_and_timeout_and_arguments_0(passed.unchecked_ref(), milliseconds).is_ok() {
        // Dropping the sender is the signal.
        let _ = told.await;
    }
}

/// A channel that is closed when dropped, also by whoever gives up while it waits: an open one keeps Node running.
struct Open(MessageChannel);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.port1().close();
    }
}
