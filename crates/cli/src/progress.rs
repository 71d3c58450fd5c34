//! How far the command is: one line on a terminal, rewritten, for whatever takes longer than a second. Where standard error
//! is no terminal nothing is said, so that logs hold results alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kubepki_core::view::words::thousands;

use crate::output;

/// Nothing is said of what takes no longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// From one line to the next.
const PACE: Duration = Duration::from_millis(200);

/// Something that may take long. It is shown until this is dropped.
#[must_use]
pub(crate) struct Stage {
    done: Arc<AtomicUsize>,
    teller: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Stage {
    /// Begins what is done in so many steps: `what` names them, such as `keys`.
    pub(crate) fn of(what: &'static str, total: usize) -> Self {
        Self::begin(what, Some(total))
    }

    /// Begins what has no steps that could be counted: `what` says what is done, such as `checking certificates`.
    pub(crate) fn whole(what: &'static str) -> Self {
        Self::begin(what, None)
    }

    fn begin(what: &'static str, total: Option<usize>) -> Self {
        let done = Arc::new(AtomicUsize::new(0));
        let teller = output::has_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let (done, began) = (Arc::clone(&done), Instant::now());
            let tell = move || {
                let mut wait = PATIENCE;
                while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    output::status(&line(what, done.load(Ordering::Relaxed), total, began.elapsed()));
                    wait = PACE;
                }
            };
            (stop, thread::spawn(tell))
        });
        Self { done, teller }
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some((stop, teller)) = self.teller.take() {
            drop(stop);
            let _ = teller.join();
            output::status("");
        }
    }
}

/// Does what has no steps that could be counted; see [`Stage::whole`].
pub(crate) fn during<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let _stage = Stage::whole(what);
    work()
}

/// `keys 120 of 5,026 · 3 min left`.
fn line(what: &str, done: usize, total: Option<usize>, elapsed: Duration) -> String {
    let Some(total) = total else { return format!("{what} · {}", duration(elapsed.as_secs())) };
    // What is counted beforehand may be a little less than what there is.
    let done = done.min(total);
    let counted = format!("{what} {} of {}", thousands(done), thousands(total));
    if done == 0 {
        return counted;
    }
    let left = elapsed.as_secs_f64() * (total - done) as f64 / done as f64;
    format!("{counted} · {} left", duration(left.ceil() as u64))
}

/// `45 s`, `3 min`, `2 h 5 min`: minutes are rounded up, so that nobody waits longer than was said.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => match seconds.div_ceil(60) {
            minutes @ 0..60 => format!("{minutes} min"),
            minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
            minutes => format!("{} h {} min", minutes / 60, minutes % 60),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_and_how_long_it_will_take() {
        let of = |done, total, seconds| line("keys", done, total, Duration::from_secs(seconds));
        assert_eq!(of(120, Some(5026), 4), "keys 120 of 5,026 · 3 min left");
        assert_eq!(of(0, Some(16), 2), "keys 0 of 16", "nobody knows yet");
        assert_eq!(of(8, Some(16), 3), "keys 8 of 16 · 3 s left");
        assert_eq!(of(1, Some(1000), 8), "keys 1 of 1,000 · 2 h 14 min left");
        assert_eq!(of(1, Some(2), 7200), "keys 1 of 2 · 2 h left");
        assert_eq!(of(17, Some(16), 3), "keys 16 of 16 · 0 s left");
        assert_eq!(of(0, Some(0), 3), "keys 0 of 0");
        assert_eq!(of(0, None, 75), "keys · 2 min");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
