//! One export's lock: a worker that encrypts, which the desk ends with the export, and what was typed to lock with.

use std::rc::Rc;

use js_sys::Uint8Array;
use kubepki_core::view::act::Ask;
use kubepki_core::view::export::Lock;
use kubepki_issuance::archive::AdminIdentity;
use kubepki_issuance::{PrivateKey, Secret};
use wasm_bindgen::JsValue;

use super::crew::Crew;
use super::say::Say;
use crate::message::Response;

/// What is said of a passphrase that was drawn (`kubepki_sealing::passphrase::WORDS`).
const DRAWN: &str = "Strong: seven words out of 2048, drawn by chance, are 77 bits. Write them down before you download: nobody can tell them to you later.";

/// The lock of one export.
pub(super) struct Seal<'a> {
    /// The worker that encrypts; nothing where the page brought none.
    crew: Option<Rc<Crew>>,
    /// A passphrase or recipients, as they were typed. Never a text of this worker's own memory.
    secret: JsValue,
    /// What it is for: the request's id.
    id: u32,
    say: &'a Say,
}

impl<'a> Seal<'a> {
    /// A lock with what a message carries.
    pub(super) fn new(crew: Option<Rc<Crew>>, secret: JsValue, id: u32, say: &'a Say) -> Self {
        Self { crew, secret, id, say }
    }

    /// Says how far it is.
    pub(super) fn tell(&self, told: &str) {
        self.say.say(Response::Told { id: self.id, told: told.to_owned(), ended: false });
    }

    /// Draws a passphrase, or says what is thought of what was typed: the sentence, and what was drawn.
    pub(super) async fn ask(&self, ask: Ask) -> Result<(String, JsValue), String> {
        let answer = self.call(&[ask.word().into(), self.secret.clone()]).await?;
        Ok(match ask {
            Ask::Draw => (DRAWN.to_owned(), answer),
            Ask::WeighScrypt | Ask::WeighPbkdf2 | Ask::Recipients => {
                (answer.as_string().unwrap_or_default(), JsValue::UNDEFINED)
            }
        })
    }

    /// Begins an age file; gives its first bytes.
    pub(super) async fn begin(&self, lock: Lock) -> Result<JsValue, String> {
        let kind = match lock {
            Lock::Recipients => "recipients",
            _ => {
                self.tell("Deriving the key from the passphrase, which takes a second on purpose…");
                "passphrase"
            }
        };
        self.call(&["begin".into(), kind.into(), self.secret.clone()]).await
    }

    /// Encrypts the next part of the file.
    pub(super) async fn push(&self, part: &Secret) -> Result<Uint8Array, String> {
        self.with(part, &["push".into()], &[]).await.map(|bytes| Uint8Array::new(&bytes))
    }

    /// Ends the file; gives its last bytes.
    pub(super) async fn end(&self) -> Result<JsValue, String> {
        self.call(&["end".into()]).await
    }

    /// A private key, encrypted, PEM.
    pub(super) async fn key(&self, key: &PrivateKey) -> Result<String, String> {
        let der = key.to_pkcs8().map_err(|error| error.to_string())?;
        let pem = self.with(&der, &["key".into()], std::slice::from_ref(&self.secret)).await?;
        Ok(pem.as_string().unwrap_or_default())
    }

    /// An identity, PKCS#12.
    pub(super) async fn identity(&self, identity: &AdminIdentity<'_>) -> Result<Uint8Array, String> {
        let mut rest = vec![self.secret.clone(), identity.name.as_str().into()];
        rest.extend(identity.chain.iter().map(|der| Uint8Array::from(*der).into()));
        self.with(&identity.key, &["identity".into()], &rest).await.map(|bytes| Uint8Array::new(&bytes))
    }

    /// A call with bytes that are overwritten here once they were copied.
    async fn with(&self, bytes: &Secret, before: &[JsValue], after: &[JsValue]) -> Result<JsValue, String> {
        let array = Uint8Array::from(bytes.expose());
        let answer = self.call(&[before, &[array.clone().into()], after].concat()).await;
        array.fill(0, 0, array.length());
        answer
    }

    async fn call(&self, what: &[JsValue]) -> Result<JsValue, String> {
        let crew = self.crew.as_ref().ok_or("the page brought no worker that encrypts; reload it")?;
        crew.call(what).await
    }
}
