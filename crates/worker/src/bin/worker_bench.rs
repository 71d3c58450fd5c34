//! The worker for measuring; see `kubepki_worker::engine`. Never shipped.

use kubepki_worker::browser::scope;
use kubepki_worker::engine;

fn main() {
    scope::report_panics();
    engine::serve();
}
