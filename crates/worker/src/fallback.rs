//! RSA in Rust, for browsers without WebCrypto. It runs in workers of its own: making a key takes many seconds without
//! a rest.

use js_sys::{Array, Uint8Array};
use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::Secret;
use kubepki_issuance::key::{generate_rsa, sign_rsa, verify_rsa_by_spki};
use web_sys::MessagePort;

use crate::browser::random;
use crate::browser::server::{Answer, serve, taken};

/// Works for the worker at the other end of a port, for as long as this worker lives. Calls and answers:
///
/// | call | answer |
/// |---|---|
/// | `["generate", algorithm's word]` | PKCS#1 DER |
/// | `["sign", PKCS#1 DER, message]` | the signature, PKCS#1 v1.5 with SHA-256 |
/// | `["verify", SubjectPublicKeyInfo DER, signature, message]` | whether it is right |
pub fn serve_owner(port: MessagePort) {
    serve(port, |call| match call.get(0).as_string().as_deref() {
        Some("generate") => generate(call),
        Some("sign") => sign(call),
        Some("verify") => Ok(verify(call)),
        _ => Err("the replacement for WebCrypto was asked for what it does not do".to_owned()),
    });
}

fn generate(call: &Array) -> Result<Answer, String> {
    let algorithm = call.get(1).as_string().and_then(|word| KeyAlgorithm::from_word(&word));
    let algorithm = algorithm.ok_or("a key of an unknown algorithm was asked for")?;
    let key = generate_rsa(algorithm, &mut random::fill).map_err(|error| error.to_string())?;
    Ok(Answer::bytes(key.der().expose()))
}

fn sign(call: &Array) -> Result<Answer, String> {
    let key = Secret::new(taken(&call.get(1)));
    let signature = sign_rsa(key.expose(), &bytes(call, 2)).map_err(|error| error.to_string())?;
    Ok(Answer::bytes(&signature))
}

fn verify(call: &Array) -> Answer {
    Answer::plain(verify_rsa_by_spki(&bytes(call, 1), &bytes(call, 3), &bytes(call, 2)))
}

fn bytes(call: &Array, place: u32) -> Vec<u8> {
    Uint8Array::new(&call.get(place)).to_vec()
}
