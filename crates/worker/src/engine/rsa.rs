//! RSA, by whoever does it here: the platform's WebCrypto, or Rust.

use std::cell::RefCell;

use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::PrivateKey;
use web_sys::CryptoKey;

use super::rust::Rust;
use super::webcrypto::WebCrypto;

/// A key that was made, and WebCrypto's handle for it where WebCrypto made it.
#[derive(Debug)]
pub(super) struct MadeKey {
    /// The key.
    pub(super) key: PrivateKey,
    handle: Option<CryptoKey>,
}

impl MadeKey {
    /// A key made in Rust.
    pub(super) fn in_rust(key: PrivateKey) -> Self {
        Self { key, handle: None }
    }
}

/// RSA.
pub(super) enum Rsa {
    /// By the browser.
    WebCrypto {
        /// The browser's interface.
        crypto: WebCrypto,
        /// The public keys of CAs that were asked for last, by their SubjectPublicKeyInfo.
        checked: RefCell<Vec<(Vec<u8>, CryptoKey)>>,
    },
    /// By Rust.
    Rust(Rust),
    /// By nobody.
    Nobody,
}

const NOBODY: &str = "this page has no WebCrypto, which browsers offer only over https, on localhost and for local \
    files, and its replacement was not loaded; open it that way, or choose ECDSA keys";

impl Rsa {
    /// The browser's, else the replacement that the page brought, else none.
    pub(super) fn of_browser() -> Self {
        match WebCrypto::of_browser() {
            Some(crypto) => Self::WebCrypto { crypto, checked: RefCell::default() },
            None => Rust::of_page().map_or(Self::Nobody, Self::Rust),
        }
    }

    /// How many keys to make at a time. Chromium makes one after the other whatever is asked; what is in its queue
    /// cannot be taken back after a Cancel, so the slow ones are asked for few at a time.
    pub(super) fn width(&self, algorithm: KeyAlgorithm) -> usize {
        match self {
            Self::Rust(rust) => rust.size(),
            Self::WebCrypto { .. } | Self::Nobody => {
                if algorithm.bits() > 2048 {
                    4
                } else {
                    16
                }
            }
        }
    }

    /// Whether the browser does it.
    #[cfg(feature = "worker")]
    pub(super) fn is_browsers(&self) -> bool {
        matches!(self, Self::WebCrypto { .. })
    }

    /// Makes a key.
    pub(super) async fn generate(&self, algorithm: KeyAlgorithm) -> Result<MadeKey, String> {
        let unreadable = |error| format!("an RSA key came out unreadable: {error}");
        match self {
            Self::WebCrypto { crypto, .. } => {
                let (der, handle) = crypto.generate(algorithm.bits()).await?;
                let key = PrivateKey::from_pkcs8(&der).map_err(unreadable)?;
                Ok(MadeKey { key, handle: Some(handle) })
            }
            Self::Rust(rust) => {
                let der = rust.generate(algorithm).await?;
                Ok(MadeKey::in_rust(PrivateKey::from_own_der(der).map_err(unreadable)?))
            }
            Self::Nobody => Err(NOBODY.to_owned()),
        }
    }

    /// Signs with a key that [`Rsa::generate`] made.
    pub(super) async fn sign(&self, key: &MadeKey, message: &[u8]) -> Result<Vec<u8>, String> {
        match (self, &key.handle) {
            (Self::WebCrypto { crypto, .. }, Some(handle)) => crypto.sign(handle, message).await,
            (Self::Rust(rust), _) => rust.sign(key.key.der(), message).await,
            (Self::WebCrypto { .. } | Self::Nobody, _) => Err(NOBODY.to_owned()),
        }
    }

    /// Whether a signature is right.
    pub(super) async fn verify(&self, spki: &[u8], signature: &[u8], message: &[u8]) -> Result<bool, String> {
        match self {
            Self::WebCrypto { crypto, checked } => {
                let known = |known: &[(Vec<u8>, CryptoKey)]| {
                    known.iter().find(|(one, _)| one == spki).map(|(_, handle)| handle.clone())
                };
                let found = known(&checked.borrow());
                let handle = match found {
                    Some(handle) => handle,
                    None => {
                        let handle = crypto.public_key(spki).await?;
                        let mut checked = checked.borrow_mut();
                        checked.truncate(CHECKED - 1);
                        checked.insert(0, (spki.to_vec(), handle.clone()));
                        handle
                    }
                };
                crypto.verify(&handle, signature, message).await
            }
            Self::Rust(rust) => rust.verify(spki, signature, message).await,
            Self::Nobody => Err(NOBODY.to_owned()),
        }
    }
}

/// As many CAs as a cluster has, and some.
const CHECKED: usize = 8;
