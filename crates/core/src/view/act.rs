//! What a button or a field of a drawing does, as the text of its `data-act`: drawings write it, the page reads it.

use super::export::EXPORT;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act<'a> {
    /// The dialog is closed.
    Close,
    /// Everything is forgotten.
    Forget,
    /// The leak test is run.
    LeakTest,
    /// An export is made, by its name and lock; see [`super::export::write`].
    Export(&'a str),
    /// The worker is asked about a passphrase or recipients.
    Secret(Ask),
}

/// What the worker is asked about the passphrase or the recipients in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To draw a passphrase.
    Draw,
    /// How strong a passphrase is that age stretches with scrypt.
    WeighScrypt,
    /// How strong a passphrase is that PKCS#8 and PKCS#12 stretch with PBKDF2.
    WeighPbkdf2,
    /// Whose the recipients are.
    Recipients,
}

/// Stands before an [`Ask`].
const SECRET: &str = "secret:";

/// The acts that have no more to say than their name.
const ACTS: [(Act<'static>, &str); 3] = [(Act::Close, "close"), (Act::Forget, "forget"), (Act::LeakTest, "leaks")];

const ASKS: [(Ask, &str); 4] = [
    (Ask::Draw, "draw"),
    (Ask::WeighScrypt, "weigh-scrypt"),
    (Ask::WeighPbkdf2, "weigh-pbkdf2"),
    (Ask::Recipients, "recipients"),
];

impl Ask {
    /// Its word.
    pub fn word(self) -> &'static str {
        ASKS.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    /// What a word asks; nothing for any other text.
    pub fn from_word(word: &str) -> Option<Self> {
        ASKS.iter().find(|(_, one)| *one == word).map(|(ask, _)| *ask)
    }
}

impl<'a> Act<'a> {
    /// The text of `data-act`: `close`, `export:whole?open`, `secret:draw`.
    pub fn to_text(self) -> String {
        match self {
            Self::Export(what) => [EXPORT, what].concat(),
            Self::Secret(ask) => [SECRET, ask.word()].concat(),
            Self::Close | Self::Forget | Self::LeakTest => {
                ACTS.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word).to_owned()
            }
        }
    }

    /// What a text of [`Act::to_text`] does; nothing for any other text.
    pub fn from_text(text: &'a str) -> Option<Self> {
        if let Some(what) = text.strip_prefix(EXPORT) {
            return Some(Self::Export(what));
        }
        if let Some(ask) = text.strip_prefix(SECRET) {
            return Ask::from_word(ask).map(Self::Secret);
        }
        ACTS.iter().find(|(_, word)| *word == text).map(|(act, _)| *act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_read_from_its_text_and_nothing_from_another() {
        let asks = ASKS.map(|(ask, _)| Act::Secret(ask));
        for act in ACTS.map(|(act, _)| act).into_iter().chain(asks).chain([Act::Export("whole?open")]) {
            assert_eq!(Act::from_text(&act.to_text()), Some(act));
        }
        for strange in ["", "leak", "leaks ", "close:", "secret:", "secret:end", "draw", "other:draw"] {
            assert_eq!(Act::from_text(strange), None, "{strange}");
        }
    }
}
