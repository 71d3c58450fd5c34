//! The worker: answers the page, or helps the worker that started it.

fn main() {
    kubepki_worker::engine::serve();
}
