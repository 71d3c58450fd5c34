//! Passphrases: drawn as words, and how strong one can be at best.

use bip39::Language;
use kubepki_issuance::{Entropy, EntropyError, SecretText};

/// Words of a passphrase that is drawn: 77 bits, beyond what guessing at scrypt's cost can reach.
pub const WORDS: usize = 7;
/// Bits of a word out of 2048.
const BITS_A_WORD: u32 = 11;

/// Draws a passphrase of words from the list of BIP 39: short, distinct in their first four letters.
///
/// # Errors
/// When the random source fails.
pub fn draw(words: usize, entropy: &mut Entropy<'_>) -> Result<SecretText, EntropyError> {
    let list = Language::English.word_list();
    // Room for the longest words, so that growing leaves no copy behind.
    let mut text = String::with_capacity(words * 9);
    for index in 0..words {
        let mut drawn = [0; 2];
        entropy(&mut drawn)?;
        if index > 0 {
            text.push('-');
        }
        // 65536 is a multiple of 2048: every word is equally likely.
        text.push_str(list[usize::from(u16::from_be_bytes(drawn)) % list.len()]);
    }
    Ok(SecretText::new(text))
}

/// What one guess costs whoever tries passphrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// scrypt with [`crate::age::WORK`]: 64 MiB and a fifth of a second of a processor.
    Scrypt,
    /// PBKDF2 with [`crate::pkcs8::ROUNDS`]: a graphics card tries some ten thousand a second.
    Pbkdf2,
}

impl Cost {
    /// Guesses a second, as a power of two, of somebody with ten thousand processors or a thousand graphics cards.
    fn guesses(self) -> u32 {
        match self {
            Self::Scrypt => 16,
            Self::Pbkdf2 => 23,
        }
    }
}

/// What a passphrase is worth, for people: how long somebody with much hardware guesses at it, at the very best.
pub fn strength(passphrase: &str, cost: Cost) -> String {
    let bits = bits_at_best(passphrase);
    // Half of all are tried before it is found; a year has 2^25 seconds, a day 2^16.
    let seconds = bits.saturating_sub(1 + cost.guesses());
    let (word, time) = match seconds {
        _ if passphrase.is_empty() => return String::new(),
        0..=6 => ("Worthless", "within a minute"),
        7..=16 => ("Weak", "within a day"),
        17..=24 => ("Weak", "within a year"),
        25..=38 => ("Fair", "in years to thousands of years"),
        _ => ("Strong", "not in ten thousand years"),
    };
    format!(
        "{word}: {bits} bits at the very best, if it was drawn by chance. Somebody with ten thousand processors guesses that {time}; what people make up is guessed sooner."
    )
}

/// How many bits a passphrase has at the very best: if every word of the list, or else every character, was drawn by chance.
/// What people make up is weaker than that, by how much nobody can tell from the text.
pub fn bits_at_best(passphrase: &str) -> u32 {
    let list = Language::English.word_list();
    let words: Vec<&str> = passphrase.split(['-', ' ']).filter(|word| !word.is_empty()).collect();
    if words.len() > 1 && words.iter().all(|word| list.binary_search(word).is_ok()) {
        return distinct(&words) * BITS_A_WORD;
    }
    let characters: Vec<char> = passphrase.chars().collect();
    let kinds = [
        (26, char::is_ascii_lowercase as fn(&char) -> bool),
        (26, char::is_ascii_uppercase),
        (10, char::is_ascii_digit),
    ];
    let known = kinds.iter().filter(|(_, is)| characters.iter().any(is)).map(|(count, _)| count).sum::<u32>();
    let others = characters.iter().any(|one| !one.is_ascii_alphanumeric());
    let alphabet = f64::from(known + if others { 33 } else { 0 }).max(1.0);
    // Repeated characters count once: `aaaaaaaa` is no eight draws.
    let bits = f64::from(distinct(&characters)) * alphabet.log2();
    bits as u32
}

fn distinct<T: Ord>(all: &[T]) -> u32 {
    let mut sorted: Vec<&T> = all.iter().collect();
    sorted.sort();
    sorted.dedup();
    u32::try_from(sorted.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_called_what_it_is() {
        assert!(strength("", Cost::Scrypt).is_empty());
        for (passphrase, cost, word) in [
            ("aaaaaaaaaaaaaaaa", Cost::Scrypt, "Worthless"),
            ("hunter2", Cost::Pbkdf2, "Weak"),
            ("hunter2", Cost::Scrypt, "Weak"),
            ("ozone-drastic-pitch-amateur-lava-oyster-ring", Cost::Pbkdf2, "Strong"),
        ] {
            let told = strength(passphrase, cost);
            assert!(told.starts_with(word), "{passphrase}: {told}");
        }
    }

    #[test]
    fn words_are_drawn_and_counted() {
        let mut next = 0_u8;
        let drawn = draw(WORDS, &mut |buffer: &mut [u8]| {
            for byte in buffer {
                next = next.wrapping_add(37);
                *byte = next;
            }
            Ok(())
        })
        .expect("drawn");
        assert_eq!(drawn.expose().split('-').count(), WORDS);
        assert_eq!(bits_at_best(drawn.expose()), 77);
    }

    #[test]
    fn what_repeats_is_not_strong() {
        assert!(bits_at_best("aaaaaaaaaaaaaaaaaaaaaaaa") < 10);
        assert_eq!(bits_at_best("abandon abandon abandon"), 11);
        assert!(bits_at_best("Tr0ub4dor&3") < 77);
        assert_eq!(bits_at_best(""), 0);
    }
}
