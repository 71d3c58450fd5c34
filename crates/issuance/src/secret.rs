//! Bytes that nobody but their holder may read.

use std::fmt;

use zeroize::Zeroizing;

/// Private bytes: wiped when dropped, redacted in `Debug`, not cloned by accident.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes bytes over. Their buffer is wiped when the secret is dropped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Whatever they are copied into must be wiped too.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Appends bytes. Whoever knows the length gives [`Secret::new`] a vector with that room: growing leaves a copy behind.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A second copy, where two holders are meant.
    pub fn duplicate(&self) -> Self {
        Self::new(self.0.to_vec())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(redacted)")
    }
}

/// Private text, such as a PEM key or a kubeconfig: wiped when dropped, redacted in `Debug`.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a text over. Its buffer is wiped when the secret is dropped.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text. Whatever it is copied into must be wiped too.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its bytes, handed over without a copy.
    pub fn into_bytes(mut self) -> Secret {
        Secret::new(std::mem::take(&mut *self.0).into_bytes())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretText(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "Secret(redacted)");
        assert_eq!(format!("{:?}", SecretText::new("hunter2".into())), "SecretText(redacted)");
    }

    #[test]
    fn text_becomes_bytes_as_it_is() {
        assert_eq!(SecretText::new("key".into()).into_bytes().expose(), b"key");
    }
}
