//! Encrypting what leaves the page, in a worker of its own: its memory holds a passphrase and what it locks for as long as
//! one export takes, and then ends with it. Deriving a key takes a second without a rest.

use js_sys::{Array, Uint8Array};
use kubepki_core::view::act::Ask;
use kubepki_issuance::{Secret, SecretText};
use kubepki_sealing::age::{self, Recipient, Sealer, To};
use kubepki_sealing::passphrase::{self, Cost, WORDS};
use kubepki_sealing::{SealError, pkcs8, pkcs12};
use web_sys::MessagePort;

use crate::browser::random;
use crate::browser::server::{Answer, serve, taken};

/// Works for the worker at the other end of a port, for as long as this worker lives. Calls and answers:
///
/// | call | answer |
/// |---|---|
/// | `["draw"]` | a passphrase of words |
/// | `["weigh-scrypt" or "weigh-pbkdf2", passphrase]` | a sentence on what it is worth |
/// | `["recipients", text]` | a sentence on whose they are |
/// | `["begin", "passphrase" or "recipients", text]` | what the file begins with, as age has it |
/// | `["push", bytes]` | what they become |
/// | `["end"]` | what the file ends with |
/// | `["key", PKCS#8 DER, passphrase]` | encrypted, PEM |
/// | `["identity", PKCS#8 DER, passphrase, name, certificate DER, …]` | PKCS#12 |
pub fn serve_owner(port: MessagePort) {
    let mut sealer = None;
    serve(port, move |call| {
        let text = |place| SecretText::new(call.get(place).as_string().unwrap_or_default());
        let word = call.get(0).as_string().unwrap_or_default();
        let answer = match (Ask::from_word(&word), word.as_str()) {
            (Some(Ask::Draw), _) => passphrase::draw(WORDS, &mut random::fill)
                .map(|drawn| Answer::plain(drawn.expose()))
                .map_err(SealError::from),
            (Some(Ask::WeighScrypt), _) => Ok(Answer::plain(passphrase::strength(text(1).expose(), Cost::Scrypt))),
            (Some(Ask::WeighPbkdf2), _) => Ok(Answer::plain(passphrase::strength(text(1).expose(), Cost::Pbkdf2))),
            (Some(Ask::Recipients), _) => recipients(text(1).expose()).map(|found| Answer::plain(counted(found.len()))),
            (None, "begin") => begin(text(1).expose(), text(2).expose()).map(|(begun, bytes)| {
                sealer = Some(begun);
                Answer::bytes(&bytes)
            }),
            (None, "push") => push(&mut sealer, &Secret::new(taken(&call.get(1)))),
            (None, "end") => end(sealer.take()),
            (None, "key") => {
                let key = Secret::new(taken(&call.get(1)));
                pkcs8::seal(&key, text(2).expose(), pkcs8::ROUNDS, &mut random::fill).map(Answer::plain)
            }
            (None, "identity") => identity(call, text(2).expose(), text(3).expose()),
            (None, _) => return Err("the worker that encrypts was asked for what it does not do".to_owned()),
        };
        answer.map_err(|error| error.to_string())
    });
}

/// Recipients with spaces, commas or line breaks between them.
fn recipients(text: &str) -> Result<Vec<Recipient>, SealError> {
    let all = text.split(|one: char| one.is_whitespace() || one == ',').filter(|one| !one.is_empty());
    let found: Vec<Recipient> = all.map(str::parse).collect::<Result<_, _>>()?;
    if found.is_empty() { Err(SealError::NoRecipient) } else { Ok(found) }
}

fn counted(recipients: usize) -> String {
    match recipients {
        1 => "One recipient: whoever holds its identity opens it, and nobody else, you included.".to_owned(),
        more => format!("{more} recipients: each opens it with its own identity."),
    }
}

fn begin(kind: &str, text: &str) -> Result<(Sealer, Vec<u8>), SealError> {
    match kind {
        "recipients" => Sealer::new(To::Recipients(&recipients(text)?), age::WORK, &mut random::fill),
        _ => Sealer::new(To::Passphrase(text), age::WORK, &mut random::fill),
    }
}

fn push(sealer: &mut Option<Sealer>, plain: &Secret) -> Result<Answer, SealError> {
    let mut out = Vec::with_capacity(plain.expose().len() + plain.expose().len() / 1_000 + 100);
    sealer.as_mut().ok_or(SealError::Cipher)?.push(plain.expose(), &mut out)?;
    Ok(Answer::bytes(&out))
}

fn end(sealer: Option<Sealer>) -> Result<Answer, SealError> {
    let mut out = Vec::new();
    sealer.ok_or(SealError::Cipher)?.finish(&mut out)?;
    Ok(Answer::bytes(&out))
}

fn identity(call: &Array, passphrase: &str, name: &str) -> Result<Answer, SealError> {
    let key = Secret::new(taken(&call.get(1)));
    let chain: Vec<Vec<u8>> = call.iter().skip(4).map(|der| Uint8Array::new(&der).to_vec()).collect();
    let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let identity = pkcs12::Identity { key: &key, chain: &chain, name };
    pkcs12::seal(identity, passphrase, pkcs8::ROUNDS, &mut random::fill).map(|bytes| Answer::bytes(&bytes))
}
