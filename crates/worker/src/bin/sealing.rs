//! Encrypts what leaves the page: started and called by the worker alone.

fn main() {
    kubepki_worker::browser::scope::serve_owner(kubepki_worker::sealing::serve_owner);
}
