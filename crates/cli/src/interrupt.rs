//! Signals that end the command: what is half written holds private keys, so it is removed first, and said.
//!
//! Whatever touches a draft does so in a [`step`]. A signal waits for the step that is being done and lets no other begin:
//! so nothing is written while the draft is removed, and a draft that took its place is not taken for one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::signal_name;

use crate::failure::why;
use crate::output;

/// What is on the disk of what this run writes.
#[derive(Debug)]
pub(crate) enum Written {
    /// Nothing.
    Nothing,
    /// A draft at this path.
    Half(PathBuf),
    /// All of it at this path.
    Whole(PathBuf),
}

static WRITTEN: Mutex<Written> = Mutex::new(Written::Nothing);
static ENDING: AtomicBool = AtomicBool::new(false);

/// What people and programs send to end a command. SIGQUIT is among them because it would leave keys in a core file.
const ENDS: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// Begins to wait for signals, once. Where that fails a signal ends the command as it always did.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ignored = ignored();
        // Whoever started this with nohup means it.
        let wanted = ENDS.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
        if let Ok(mut signals) = Signals::new(wanted) {
            thread::spawn(move || signals.forever().next().map(end));
        }
    });
}

/// The signals that were ignored when this began, as Linux tells them: bit 0 is signal 1. Elsewhere none.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

/// Does something with what is written, which no signal comes in between.
pub(crate) fn step<T>(work: impl FnOnce(&mut Written) -> T) -> T {
    // A lock that is let go and taken again at once may not come to who waits for it.
    while ENDING.load(Ordering::Acquire) {
        thread::park();
    }
    work(&mut written())
}

fn written() -> MutexGuard<'static, Written> {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end(signal: i32) {
    ENDING.store(true, Ordering::Release);
    // Held until the process is no more.
    let written = written();
    let name = signal_name(signal).unwrap_or("a signal");
    let what = match &*written {
        Written::Nothing => "nothing was written".to_owned(),
        Written::Whole(path) => format!("{} was written whole before that", path.display()),
        Written::Half(path) => match remove(path) {
            Ok(()) => "what was half written has been removed".to_owned(),
            Err(error) => format!(
                "what was half written could not be removed and may hold private keys: {}: {}",
                path.display(),
                why(&error)
            ),
        },
    };
    output::say_last(&format!("kubepki: interrupted by {name}; {what}"));
    process::exit(128 + signal);
}

/// Removes a file or a folder; that there is none is fine.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
