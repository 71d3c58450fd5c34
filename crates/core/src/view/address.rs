//! Addresses: what stands behind `#` in the address bar, `d1.…&v=files&s=cert:ca@cluster&g=lesson:etcd`. The page reads
//! and writes its own; views write those that lead from one thing to another.

use super::ViewId;
use super::selection::is_panel;
use crate::diag::Diagnostic;
use crate::spec::Draft;
use crate::spec::link::{LinkError, from_link};

/// What an address says.
#[derive(Debug, Default)]
pub struct Address {
    /// The design; nothing when there is none, or none that can be read.
    pub draft: Option<Draft>,
    /// The view.
    pub view: Option<ViewId>,
    /// The selected thing.
    pub selected: Option<String>,
    /// What guides through it: a lesson or a lab, and how far it is.
    pub guide: Option<String>,
    /// Why the design could not be read.
    pub notice: Option<Diagnostic>,
}

/// Reads an address, with or without `#`.
pub fn read(fragment: &str) -> Address {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut link = Address::default();
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("v", word)) => link.view = ViewId::from_word(word),
            // A panel is nothing to be shown by others.
            Some(("s", text)) => link.selected = Some(unescape(text)).filter(|text| !is_panel(text)),
            Some(("g", text)) => link.guide = Some(unescape(text)),
            _ => match from_link(part) {
                Ok(draft) => link.draft = Some(draft),
                Err(error) => link.notice = Some(refusal(&error)),
            },
        }
    }
    link
}

fn refusal(error: &LinkError) -> Diagnostic {
    let rule = match error {
        LinkError::Newer(_) => "link-newer",
        LinkError::Broken | LinkError::TooLong(_) => "link-broken",
    };
    let text = error.to_string();
    let message = [&text[..1].to_ascii_uppercase(), &text[1..], "."].concat();
    Diagnostic::warning(rule, "", message).with_hint("The default design is shown instead.")
}

/// Writes an address, without `#`. Without a design it means the one that is there; an empty selection and an empty guide
/// are none.
pub fn write(design: Option<&str>, view: ViewId, selected: &str, guide: &str) -> String {
    let mut text = design.unwrap_or_default().to_owned();
    let mut part = |name: &str, value: &str| {
        text.push_str(name);
        text.push_str(value);
    };
    if design.is_none() || view != ViewId::Hierarchy {
        part("&v=", view.word());
    }
    if !selected.is_empty() {
        part("&s=", &escape(selected));
    }
    if !guide.is_empty() {
        part("&g=", &escape(guide));
    }
    text
}

/// The address of another guide beside what is there now; an empty one ends it.
pub fn stay(guide: &str) -> String {
    format!("&g={}", escape(guide))
}

/// Characters that a browser would escape in a fragment, or that mean something here.
const ODD: &[(char, &str)] = &[
    ('%', "%25"),
    ('&', "%26"),
    ('=', "%3D"),
    ('#', "%23"),
    (' ', "%20"),
    ('"', "%22"),
    ('<', "%3C"),
    ('>', "%3E"),
    ('`', "%60"),
];

/// A text as it stands in a fragment.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match ODD.iter().find(|(odd, _)| *odd == letter) {
            Some((_, escaped)) => out.push_str(escaped),
            None => out.push(letter),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (odd, length) = match ODD.iter().find(|(_, escaped)| rest.starts_with(escaped)) {
            Some((odd, escaped)) => (*odd, escaped.len()),
            None => (letter, letter.len_utf8()),
        };
        out.push(odd);
        rest = &rest[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::link::to_link;
    use crate::spec::preset::PRESETS;

    #[test]
    fn a_fragment_comes_back() {
        let draft = PRESETS[1].draft();
        let selected = "file:cp-1:/odd &%25=#name";
        let text = write(Some(&to_link(&draft).unwrap()), ViewId::Files, selected, "lesson:a&b");
        let link = read(&format!("#{text}"));
        assert_eq!((link.draft, link.view), (Some(draft), Some(ViewId::Files)));
        assert_eq!(link.selected.as_deref(), Some(selected));
        assert_eq!(link.guide.as_deref(), Some("lesson:a&b"));
        assert!(link.notice.is_none());
    }

    #[test]
    fn a_broken_or_newer_link_is_said_so() {
        assert_eq!(read("#d1.!!!").notice.map(|one| one.rule), Some("link-broken".into()));
        assert_eq!(read("#d7.abc&v=files").notice.map(|one| one.rule), Some("link-newer".into()));
        assert!(read("").notice.is_none() && read("#v=flags").notice.is_none());
    }
}
