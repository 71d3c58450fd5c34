//! Looking for keys where none should be left: in memory that held them.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::key::PrivateKey;

/// Bytes of a trace.
const LENGTH: usize = 16;

/// What recognises private keys without being them: of each key sixteen bytes of its private part as DER, sixteen
/// characters of the same as PEM, and sixteen of that as kubeconfigs have it, in base64 once more; every bit turned.
#[derive(Default)]
pub struct Traces {
    keys: usize,
    /// In order.
    turned: Vec<[u8; LENGTH]>,
    /// By the first two bytes of what is looked for: whether any trace begins so.
    begins: Vec<bool>,
}

impl Traces {
    /// Of these keys.
    pub fn of<'k>(keys: impl IntoIterator<Item = &'k PrivateKey>) -> Self {
        let mut traces = Self { keys: 0, turned: Vec::new(), begins: vec![false; 1 << 16] };
        for key in keys {
            traces.keys += 1;
            let der = key.der().expose();
            // In the middle of the private exponent of RSA, or in the scalar of SEC 1; at a place where base64 begins a
            // character, and so that the sixteen characters stand in one line of the PEM.
            let at = if key.algorithm().is_rsa() { der.len() / 2 / 48 * 48 } else { 9 };
            let pem = key.to_pem();
            let text = pem.expose().as_bytes();
            let head = text.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            // 48 bytes are a line of 64 characters and its end.
            let column = head + at / 48 * 65 + at % 48 / 3 * 4;
            let begin = column.next_multiple_of(3);
            let mut again = Zeroizing::new([0; LENGTH]);
            // Twelve bytes are sixteen characters. They would be found where they stand.
            let _ = Base64::encode(&text[begin..begin + LENGTH / 4 * 3], &mut *again);
            for found in [&der[at..at + LENGTH], &text[column..column + LENGTH], &*again] {
                let mut turned = [0; LENGTH];
                turned.iter_mut().zip(found).for_each(|(turned, byte)| *turned = !byte);
                traces.begins[usize::from(found[0]) << 8 | usize::from(found[1])] = true;
                traces.turned.push(turned);
            }
        }
        traces.turned.sort_unstable();
        traces
    }

    /// How many keys they are of.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// As many bytes of one stretch are looked at again at the beginning of the next.
    pub const OVERLAP: usize = LENGTH - 1;

    /// How many traces begin in a stretch of memory.
    pub fn found_in(&self, stretch: &[u8]) -> usize {
        let is_found = |window: &&[u8]| {
            if !self.begins.get(usize::from(window[0]) << 8 | usize::from(window[1])).copied().unwrap_or(false) {
                return false;
            }
            let turned = window.iter().map(|byte| !byte);
            self.turned.binary_search_by(|one| one.iter().copied().cmp(turned.clone())).is_ok()
        };
        stretch.windows(LENGTH).filter(is_found).count()
    }
}

#[cfg(test)]
mod tests {
    use kubepki_core::spec::KeyAlgorithm;

    use super::*;

    fn key(algorithm: KeyAlgorithm, seed: u8) -> PrivateKey {
        let mut next = seed;
        let mut entropy = move |out: &mut [u8]| {
            for one in out {
                next = next.wrapping_mul(73).wrapping_add(41);
                *one = next;
            }
            Ok(())
        };
        PrivateKey::generate_ecdsa(algorithm, &mut entropy).expect("a key")
    }

    #[test]
    fn a_key_is_found_as_der_as_pem_and_in_a_kubeconfig_and_another_is_not() {
        for algorithm in [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384] {
            let (own, other) = (key(algorithm, 1), key(algorithm, 2));
            let traces = Traces::of([&own]);
            let memory = |key: &PrivateKey| {
                let data = Base64::encode_string(key.to_pem().expose().as_bytes());
                [&[7; 300], key.der().expose(), key.to_pem().expose().as_bytes(), data.as_bytes()].concat()
            };
            assert_eq!(traces.found_in(&memory(&own)), 3);
            assert_eq!(traces.found_in(&memory(&other)), 0);
            assert_eq!((traces.keys(), Traces::of([&own, &other]).keys()), (1, 2));
        }
    }

    #[test]
    fn an_rsa_key_is_found_too() {
        let text = include_str!("../testdata/keys/rsa-2048.pem");
        let own = PrivateKey::from_pem(text).expect("a key");
        let traces = Traces::of([&own]);
        assert_eq!(traces.found_in(own.to_pem().expose().as_bytes()), 1);
        assert_eq!(traces.found_in(own.der().expose()), 1);
        assert_eq!(traces.found_in(Base64::encode_string(own.to_pem().expose().as_bytes()).as_bytes()), 1);
    }

    #[test]
    fn traces_are_not_what_they_look_for() {
        let own = key(KeyAlgorithm::EcdsaP256, 3);
        let traces = Traces::of([&own]);
        let held: Vec<u8> = traces.turned.concat();
        assert_eq!(traces.found_in(&held), 0);
    }
}
