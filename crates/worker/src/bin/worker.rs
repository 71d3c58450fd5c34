//! The worker: answers the page, or helps the worker that started it.

use kubepki_worker::browser::scope;
use kubepki_worker::engine;

fn main() {
    scope::report_panics();
    engine::serve();
}
