//! Reads, writes and draws: started and called by the worker alone.

fn main() {
    kubepki_worker::browser::scope::serve_owner(kubepki_worker::study::serve_owner);
}
