//! RSA in Rust, by workers of its own.

use js_sys::Uint8Array;
use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::Secret;
use wasm_bindgen::JsValue;

use super::crew::{Crew, most};
use crate::browser::server::taken;

/// The workers.
pub(super) struct Rust(Crew);

impl Rust {
    /// The replacement that the page brought; nothing where it brought none.
    pub(super) fn of_page() -> Option<Self> {
        Crew::of_page("rsa", most()).map(Self)
    }

    /// How many keys are made at a time.
    pub(super) fn size(&self) -> usize {
        self.0.size()
    }

    /// Makes a key: PKCS#1 DER.
    pub(super) async fn generate(&self, algorithm: KeyAlgorithm) -> Result<Secret, String> {
        let der = self.0.call(&["generate".into(), algorithm.word().into()]).await?;
        Ok(Secret::new(taken(&der)))
    }

    /// Signs with a key in PKCS#1 DER: PKCS#1 v1.5 with SHA-256.
    pub(super) async fn sign(&self, key: &Secret, message: &[u8]) -> Result<Vec<u8>, String> {
        let der = Uint8Array::from(key.expose());
        let call = ["sign".into(), der.clone().into(), Uint8Array::from(message).into()];
        let signature = self.0.call(&call).await;
        der.fill(0, 0, der.length());
        Ok(Uint8Array::new(&signature?).to_vec())
    }

    /// Whether a signature is right.
    pub(super) async fn verify(&self, spki: &[u8], signature: &[u8], message: &[u8]) -> Result<bool, String> {
        let [spki, signature, message] = [spki, signature, message].map(|bytes| JsValue::from(Uint8Array::from(bytes)));
        Ok(self.0.call(&["verify".into(), spki, signature, message]).await?.is_truthy())
    }
}
