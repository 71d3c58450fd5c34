//! An allocator that looks at memory when it is given back: whatever of a key stands in it then was not wiped.

#![allow(unsafe_code, reason = "an allocator is unsafe by its interface; tests alone have this one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kubepki_issuance::Traces;

/// The allocator. It hands out zeroed memory, so that what is found was written by whoever gives it back.
pub struct Looking;

static TRACES: OnceLock<Traces> = OnceLock::new();
static LOOKS: AtomicBool = AtomicBool::new(false);
static FOUND: AtomicUsize = AtomicUsize::new(0);
static LOOKED_AT: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator; memory is read between being owned and being given back. What grows is
// moved by the default of `realloc`, which allocates, copies and gives back.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as asked.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as asked.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // What is shorter than a key's shortest form holds none.
        if layout.size() >= 64
            && LOOKS.load(Ordering::Relaxed)
            && let Some(traces) = TRACES.get()
        {
            // SAFETY: all of it was initialised when it was allocated.
            let bytes = unsafe { std::slice::from_raw_parts(memory, layout.size()) };
            FOUND.fetch_add(in_what_is_not_zero(traces, bytes), Ordering::Relaxed);
            LOOKED_AT.fetch_add(bytes.len(), Ordering::Relaxed);
        }
        // SAFETY: as asked.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Pages of zeros, which most of what was wiped is, are passed over: without optimization a search is slow.
fn in_what_is_not_zero(traces: &Traces, bytes: &[u8]) -> usize {
    const PAGE: usize = 4_096;
    static ZEROS: [u8; PAGE] = [0; PAGE];
    let is_zero = |page: &[u8]| page == &ZEROS[..page.len()];
    let pages = bytes.chunks(PAGE).enumerate().filter(|(_, page)| !is_zero(page));
    pages.map(|(at, _)| traces.found_in(&bytes[at * PAGE..bytes.len().min((at + 1) * PAGE + Traces::OVERLAP)])).sum()
}

/// Does something; gives how many traces of keys were given back with memory, and what it did. Once in each test program.
pub fn found<T>(traces: Traces, work: impl FnOnce() -> T) -> (usize, T) {
    assert!(TRACES.set(traces).is_ok(), "traces of other keys are looked for");
    again(work)
}

/// The same, for the same traces.
pub fn again<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let (found, looked_at) = (FOUND.load(Ordering::Relaxed), LOOKED_AT.load(Ordering::Relaxed));
    LOOKS.store(true, Ordering::Relaxed);
    let done = work();
    LOOKS.store(false, Ordering::Relaxed);
    assert!(LOOKED_AT.load(Ordering::Relaxed) > looked_at, "this allocator is not in use");
    (FOUND.load(Ordering::Relaxed) - found, done)
}
