//! RSA in Rust for browsers without WebCrypto: started and called by the worker alone.

fn main() {
    kubepki_worker::browser::scope::serve_owner(kubepki_worker::fallback::serve_owner);
}
