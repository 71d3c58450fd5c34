//! The views by name: how the command line reads them, and what its help says of each.

use kubepki_core::view::ViewId;

/// Reads a view's name.
pub(crate) fn read(text: &str) -> Result<ViewId, String> {
    ViewId::from_word(text).ok_or_else(|| format!("the views are {}", all(", ", |view| view.word().to_owned())))
}

/// What `show` does, in the list of commands.
pub(crate) fn about() -> String {
    let (last, others) = ViewId::ALL.split_last().expect("there are views");
    let others: Vec<&str> = others.iter().map(|view| view.word()).collect();
    format!("Print a view: {} or {}", others.join(", "), last.word())
}

/// What `show` prints, view by view.
pub(crate) fn help() -> String {
    format!("The view: {}", all(", ", |view| format!("{} ({})", view.word(), shows(view))))
}

fn all(between: &str, of: impl Fn(ViewId) -> String) -> String {
    ViewId::ALL.iter().map(|view| of(*view)).collect::<Vec<_>>().join(between)
}

/// What a view shows, in a few words.
fn shows(view: ViewId) -> &'static str {
    match view {
        ViewId::Hierarchy => "signed by, certificate, held by",
        ViewId::Connections => "who calls whom, proven how",
        ViewId::Handshake => "each connection step by step",
        ViewId::Files => "each node's tree",
        ViewId::Flags => "each component's flags",
        ViewId::Timeline => "lifetimes",
        ViewId::Commands => "the same by hand",
        ViewId::Cis => "a benchmark's checks",
    }
}
