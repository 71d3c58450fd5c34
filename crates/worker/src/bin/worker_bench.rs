//! The worker for measuring; see `kubepki_worker::engine`. Never shipped.

fn main() {
    kubepki_worker::engine::serve();
}
