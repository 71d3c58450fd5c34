//! The address bar's fragment: `#d1.…&v=files&s=cert:ca@cluster`.

use kubepki_core::diag::Diagnostic;
use kubepki_core::spec::Draft;
use kubepki_core::spec::link::{LinkError, from_link, to_link};
use kubepki_core::view::ViewId;

/// What a fragment says.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The design; nothing when there is none, or none that can be read.
    pub(crate) draft: Option<Draft>,
    /// The view.
    pub(crate) view: Option<ViewId>,
    /// The selected thing.
    pub(crate) selected: Option<String>,
    /// Why the design could not be read.
    pub(crate) notice: Option<Diagnostic>,
}

/// Reads a fragment, with or without `#`.
pub(crate) fn read(fragment: &str) -> Link {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut link = Link::default();
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("v", word)) => link.view = ViewId::from_word(word),
            Some(("s", text)) => link.selected = Some(unescape(text)),
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

/// Writes a fragment, without `#`.
///
/// # Errors
/// [`LinkError::TooLong`].
pub(crate) fn write(draft: &Draft, view: ViewId, selected: Option<&str>) -> Result<String, LinkError> {
    let mut text = to_link(draft)?;
    if view != ViewId::Hierarchy {
        text.push_str("&v=");
        text.push_str(view.word());
    }
    if let Some(selected) = selected {
        text.push_str("&s=");
        text.push_str(&escape(selected));
    }
    Ok(text)
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

fn escape(text: &str) -> String {
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
    use kubepki_core::spec::preset::PRESETS;

    #[test]
    fn a_fragment_comes_back() {
        let draft = PRESETS[1].draft();
        let selected = "file:cp-1:/odd &%25=#name";
        let text = write(&draft, ViewId::Files, Some(selected)).unwrap();
        let link = read(&format!("#{text}"));
        assert_eq!((link.draft, link.view), (Some(draft), Some(ViewId::Files)));
        assert_eq!(link.selected.as_deref(), Some(selected));
        assert!(link.notice.is_none());
    }

    #[test]
    fn a_broken_or_newer_link_is_said_so() {
        assert_eq!(read("#d1.!!!").notice.map(|one| one.rule), Some("link-broken".into()));
        assert_eq!(read("#d7.abc&v=files").notice.map(|one| one.rule), Some("link-newer".into()));
        assert!(read("").notice.is_none() && read("#v=flags").notice.is_none());
    }
}
