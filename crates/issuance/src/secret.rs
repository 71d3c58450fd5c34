//! Bytes that nobody but their holder may read.

use std::fmt;
use std::io::{self, Read};

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// Bytes that a reader is asked for where nothing says how many there are.
const PIECE: usize = 64 << 10;

/// Private bytes: wiped when dropped and when they move because they grow, redacted in `Debug`, not cloned by accident.
#[derive(Default)]
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

    /// No bytes yet, and room for so many: whoever knows the length saves moving them.
    pub fn with_capacity(bytes: usize) -> Self {
        Self::new(Vec::with_capacity(bytes))
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends bytes. Where they need more room all of them move, and the place where they stood is wiped.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Appends all that a reader gives.
    ///
    /// # Errors
    /// The reader's; what came before stays.
    pub fn extend_from(&mut self, mut reader: impl Read) -> io::Result<()> {
        loop {
            if self.0.len() == self.0.capacity() {
                self.reserve(PIECE);
            }
            let length = self.0.len();
            // A piece at a time: what is made ready for a reader that gives little is little.
            let room = self.0.capacity().min(length + PIECE);
            self.0.resize(room, 0);
            let read = reader.read(&mut self.0[length..]);
            self.0.truncate(length + read.as_ref().copied().unwrap_or_default());
            match read {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes room for so many more bytes.
    fn reserve(&mut self, more: usize) {
        let needed = self.0.len().saturating_add(more);
        if needed > self.0.capacity() {
            let mut larger = Self::with_capacity(needed.max(2 * self.0.capacity()));
            larger.0.extend_from_slice(&self.0);
            *self = larger;
        }
    }

    /// As text; U+FFFD stands for what is no UTF-8.
    pub fn into_text_lossy(self) -> SecretText {
        let mut text = SecretText::new(String::with_capacity(self.len()));
        for chunk in self.0.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push_str("\u{fffd}");
            }
        }
        text
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

/// Private text, such as a PEM key or a kubeconfig: wiped when dropped and when it moves because it grows, redacted in
/// `Debug`.
#[derive(Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a text over. Its buffer is wiped when the secret is dropped.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text that base64 (RFC 4648 section 4) in one line stands for; nothing where it stands for none.
    pub fn from_base64(encoded: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new(vec![0; encoded.len().div_ceil(4) * 3]);
        let text = std::str::from_utf8(Base64::decode(encoded, &mut bytes).ok()?).ok()?;
        Some(Self::new(text.to_owned()))
    }

    /// Appends text. Where it needs more room all of it moves, and the place where it stood is wiped.
    pub fn push_str(&mut self, text: &str) {
        let needed = self.0.len() + text.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(needed.max(2 * self.0.capacity())));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(text);
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
    fn bytes_are_appended_however_they_come() {
        let mut secret = Secret::with_capacity(3);
        (0..100_u8).for_each(|one| secret.extend(&[one, one]));
        let expected: Vec<u8> = (0..100).flat_map(|one| [one, one]).collect();
        assert_eq!(secret.expose(), expected);
        // A reader that gives a byte at a time, and one that fails in between.
        struct Halting<'a>(&'a [u8], bool);
        impl Read for Halting<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                match self.0.split_first() {
                    Some((first, rest)) => {
                        (out[0], self.0) = (*first, rest);
                        Ok(1)
                    }
                    None if self.1 => Err(io::Error::other("the end")),
                    None => Ok(0),
                }
            }
        }
        let mut read = Secret::default();
        read.extend_from(Halting(&expected, false)).expect("all of it");
        assert_eq!(read.expose(), expected);
        assert!(read.extend_from(Halting(b"more", true)).is_err());
        assert_eq!(read.expose(), [&expected[..], b"more"].concat());
        assert_eq!(Secret::new(b"a\xffb".to_vec()).into_text_lossy().expose(), "a\u{fffd}b");
        assert!(Secret::default().is_empty() && read.len() == 204);
    }

    #[test]
    fn text_becomes_bytes_as_it_is() {
        assert_eq!(SecretText::new("key".into()).into_bytes().expose(), b"key");
        let mut text = SecretText::from_base64("a2V5").expect("base64");
        text.push_str(" and more");
        assert_eq!(text.expose(), "key and more");
        // No base64, and no text.
        assert!(SecretText::from_base64("a2V5!").is_none() && SecretText::from_base64("/////w==").is_none());
    }
}
