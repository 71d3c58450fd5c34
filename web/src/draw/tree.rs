//! Builds what a worker drew: lines as `kubepki_core::view::drawing` writes them.

use yew::Html;

use super::{Dispatch, El, el, group};
use crate::state::Action;

/// The elements and attributes that a drawing may have; of any other nothing comes.
const NAMES: &[&str] = &[
    "div",
    "p",
    "h2",
    "h3",
    "ul",
    "li",
    "button",
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "text",
    "class",
    "type",
    "role",
    "data-testid",
    "data-choose",
    "data-walk",
    "aria-pressed",
    "aria-label",
    "aria-hidden",
    "tabindex",
    "width",
    "height",
    "viewBox",
    "x",
    "y",
    "rx",
    "cx",
    "cy",
    "r",
    "d",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "font-size",
    "font-weight",
    "text-anchor",
];

/// Draws lines. What has `data-choose` chooses that.
pub(crate) fn tree(lines: &str, dispatch: &Dispatch) -> Html {
    let name = |text: &str| NAMES.iter().copied().find(|name| *name == text);
    let mut open: Vec<El> = Vec::new();
    let mut done = Vec::new();
    for line in lines.split('\n') {
        if let Some(tag) = line.strip_prefix('<') {
            open.push(el(name(tag).unwrap_or("div"), ""));
            continue;
        }
        let Some(mut it) = open.pop() else { continue };
        if line == ">" {
            match open.pop() {
                Some(above) => open.push(above.add(it)),
                None => done.push(it.done()),
            }
            continue;
        }
        it = match (line.strip_prefix('"'), line.split_once('=')) {
            (Some(text), _) => it.text(text),
            (None, Some((key, value))) => {
                if key == "data-choose" {
                    it = it.click(dispatch, Action::Choose(value.to_owned()));
                }
                match name(key) {
                    Some(key) => it.set(key, value),
                    None => it,
                }
            }
            _ => it,
        };
        open.push(it);
    }
    group(done)
}
