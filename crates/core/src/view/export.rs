//! What of a PKI leaves the page, and under which lock, as texts: page, workers and drawings all say it so.

/// What an export holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Export {
    /// The whole archive.
    Whole,
    /// The archive without any CA private key.
    WithoutCaKeys,
    /// The CAs, certificates and private keys.
    CaKeys,
    /// Certificate and key of admin.conf.
    Admin,
    /// One node's bundle, by the node's name.
    Node(String),
    /// One file, by its index in `Plan::files`.
    File(usize),
}

/// How an export is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// As `age` does, under a passphrase.
    Passphrase,
    /// As `age` does, to recipients.
    Recipients,
    /// In the form that such things have of their own, under a passphrase: PKCS#8 for keys, PKCS#12 for identities.
    Own,
    /// Not at all.
    Open,
}

/// Stands before an export in the name of what is told about it.
pub const EXPORT: &str = "export:";

const WORDS: [(Lock, &str); 4] =
    [(Lock::Passphrase, "passphrase"), (Lock::Recipients, "recipients"), (Lock::Own, "own"), (Lock::Open, "open")];

/// The exports that have no more to say than their name.
const NAMES: [(Export, &str); 4] = [
    (Export::Whole, "whole"),
    (Export::WithoutCaKeys, "without-ca-keys"),
    (Export::CaKeys, "ca-keys"),
    (Export::Admin, "admin"),
];

impl Lock {
    /// What it is called: `passphrase`, `open`.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }
}

impl Export {
    /// What it is called: `whole`, `node=cp-1`, `file=7`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Node(name) => format!("node={name}"),
            Self::File(index) => format!("file={index}"),
            named => NAMES.iter().find(|(one, _)| one == named).map(|(_, name)| (*name).to_owned()).unwrap_or_default(),
        }
    }

    /// The locks there are for it, the best first.
    pub fn locks(&self) -> &'static [Lock] {
        match self {
            Self::Whole | Self::WithoutCaKeys => &[Lock::Passphrase, Lock::Recipients, Lock::Open],
            // A node has an identity of its own to be encrypted to.
            Self::Node(_) => &[Lock::Recipients, Lock::Passphrase, Lock::Open],
            Self::CaKeys => &[Lock::Passphrase, Lock::Recipients, Lock::Own, Lock::Open],
            Self::Admin => &[Lock::Own],
            Self::File(_) => &[Lock::Own, Lock::Open],
        }
    }
}

/// Reads `whole?passphrase`: an export, and its lock where one is named that there is for it.
pub fn read(text: &str) -> Option<(Export, Option<Lock>)> {
    let (name, lock) = text.split_once('?').unwrap_or((text, ""));
    let export = match name.split_once('=') {
        Some(("node", name)) => Export::Node(name.to_owned()),
        Some(("file", index)) => Export::File(index.parse().ok()?),
        _ => NAMES.iter().find(|(_, one)| *one == name)?.0.clone(),
    };
    let lock = WORDS.iter().find(|(_, word)| *word == lock).map(|(lock, _)| *lock);
    Some((export.clone(), lock.filter(|lock| export.locks().contains(lock))))
}

/// Writes what [`read`] reads.
pub fn write(export: &Export, lock: Lock) -> String {
    format!("{}?{}", export.to_text(), lock.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_no_export_has_another_ones_lock() {
        let named = NAMES.iter().map(|(export, _)| export.clone());
        for export in named.chain([Export::Node("cp-1".into()), Export::File(7)]) {
            assert_eq!(read(&export.to_text()), Some((export.clone(), None)));
            for (lock, _) in WORDS {
                let read = read(&write(&export, lock)).expect("an export");
                assert_eq!(read, (export.clone(), Some(lock).filter(|lock| export.locks().contains(lock))));
            }
        }
        for strange in ["", "all", "file=x", "node"] {
            assert_eq!(read(strange), None, "{strange}");
        }
        assert_eq!(read("admin?open"), Some((Export::Admin, None)), "nobody gets the administrator without a lock");
    }
}
