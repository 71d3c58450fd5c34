//! RSA by WebCrypto: `RSASSA-PKCS1-v1_5` with SHA-256, which is what kubeadm's certificates are signed with.

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto};
use zeroize::Zeroizing;

use crate::browser::scope;

const SCHEME: &str = "RSASSA-PKCS1-v1_5";

/// `crypto.subtle`.
#[derive(Clone)]
pub(super) struct WebCrypto(SubtleCrypto);

impl WebCrypto {
    /// The browser's; nothing where the page is not a secure context.
    pub(super) fn of_browser() -> Option<Self> {
        let subtle = scope::property_of(&scope::property_of(&js_sys::global(), "crypto"), "subtle");
        subtle.dyn_into().ok().map(Self)
    }

    /// Makes a key: PKCS#8 DER, and the handle that signs.
    pub(super) async fn generate(&self, bits: u32) -> Result<(Zeroizing<Vec<u8>>, CryptoKey), String> {
        let algorithm = scheme();
        let exponent = Uint8Array::from([1u8, 0, 1].as_slice());
        let _ = Reflect::set(&algorithm, &"modulusLength".into(), &bits.into());
        let _ = Reflect::set(&algorithm, &"publicExponent".into(), &exponent);
        let usages = ["sign", "verify"].map(JsValue::from).into_iter().collect::<js_sys::Array>();
        let refused = |_| format!("the browser's WebCrypto made no RSA key of {bits} bits");
        let pair = self.0.generate_key_with_object(&algorithm, true, &usages).map_err(refused)?;
        let pair: CryptoKeyPair = JsFuture::from(pair).await.map_err(refused)?.unchecked_into();
        let handle = pair.get_private_key();
        let exported = self.0.export_key("pkcs8", &handle).map_err(refused)?;
        let exported: ArrayBuffer = JsFuture::from(exported).await.map_err(refused)?.unchecked_into();
        let exported = Uint8Array::new(&exported);
        let der = Zeroizing::new(exported.to_vec());
        exported.fill(0, 0, exported.length());
        Ok((der, handle))
    }

    /// Signs.
    pub(super) async fn sign(&self, key: &CryptoKey, message: &[u8]) -> Result<Vec<u8>, String> {
        let refused = |_| "the browser's WebCrypto made no signature".to_owned();
        // The bytes are copied before the call returns (Web Cryptography API 14.3.3, step 2).
        let signature = self.0.sign_with_str_and_u8_array(SCHEME, key, message).map_err(refused)?;
        let signature: ArrayBuffer = JsFuture::from(signature).await.map_err(refused)?.unchecked_into();
        Ok(Uint8Array::new(&signature).to_vec())
    }

    /// A public key, from DER SubjectPublicKeyInfo.
    pub(super) async fn public_key(&self, spki: &[u8]) -> Result<CryptoKey, String> {
        let refused = |_| "the browser's WebCrypto cannot read the public key of a CA".to_owned();
        let usages = js_sys::Array::of1(&"verify".into());
        let key = self.0.import_key_with_object("spki", &Uint8Array::from(spki), &scheme(), true, &usages);
        Ok(JsFuture::from(key.map_err(refused)?).await.map_err(refused)?.unchecked_into())
    }

    /// Whether a signature is right.
    pub(super) async fn verify(&self, key: &CryptoKey, signature: &[u8], message: &[u8]) -> Result<bool, String> {
        let refused = |_| "the browser's WebCrypto could not check a signature".to_owned();
        let answer = self.0.verify_with_str_and_u8_array_and_u8_array(SCHEME, key, signature, message);
        Ok(JsFuture::from(answer.map_err(refused)?).await.map_err(refused)?.is_truthy())
    }
}

/// The algorithm as WebCrypto names it, to be filled up.
fn scheme() -> Object {
    let algorithm = Object::new();
    let _ = Reflect::set(&algorithm, &"name".into(), &SCHEME.into());
    let _ = Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into());
    algorithm
}
