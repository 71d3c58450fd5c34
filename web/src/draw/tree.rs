//! Builds drawings of `kubepki_core::view::drawing`: as they are, or as the lines that a worker sends.

use kubepki_core::view::drawing::{Child, Drawing, Parts};
use yew::Html;

use super::{Dispatch, El, Kind, el, group};
use crate::browser;

/// The elements and attributes that a drawing may have, in one text for room; of any other nothing comes.
const NAMES: &str = "div section p h2 h3 ul ol li dl dt dd b code pre span details summary table thead tbody tr th td \
    button input select option svg g path rect circle text class type role title scope open selected min \
    max step value placeholder data-testid data-choose data-pick data-go data-ask data-copy data-save \
    data-act data-walk autocomplete spellcheck data-group data-set data-kind data-related data-selecting aria-pressed \
    aria-current data-done aria-label aria-hidden aria-valuetext tabindex width height viewBox x y rx cx \
    cy r d fill stroke stroke-width stroke-dasharray font-size font-weight text-anchor";

/// Builds a drawing.
pub(crate) fn built(drawing: Drawing) -> El {
    let Parts { tag, attributes, children } = drawing.into_parts();
    let mut it = el(tag, "");
    for (key, value) in attributes {
        it = it.set(key, &value);
    }
    for child in children {
        it = match child {
            Child::Element(one) => it.add(built(one)),
            Child::Text(text) => it.text(&text),
        };
    }
    it
}

/// An element that hears what its parts want: `data-choose` and the like on a click, `data-ask` when something was typed or
/// chosen.
pub(crate) fn heard(it: El, dispatch: &Dispatch) -> El {
    it.on(Kind::Click, dispatch, |event, send| {
        browser::wanted(event).into_iter().for_each(|action| send.emit(action));
    })
    .typed(dispatch, |event, send| browser::typed(event).into_iter().for_each(|action| send.emit(action)))
    .changed(dispatch, |event, send| browser::asked(event).into_iter().for_each(|action| send.emit(action)))
}

/// Builds lines, in an element that hears what its parts want.
pub(crate) fn tree(lines: &str, dispatch: &Dispatch) -> Html {
    let name = |text: &str| NAMES.split(' ').find(|name| *name == text);
    let mut open: Vec<El> = Vec::new();
    let mut done = Vec::new();
    for line in lines.split('\n') {
        let mut letters = line.chars();
        let (first, rest) = (letters.next(), letters.as_str());
        if first == Some('<') {
            open.push(el(name(rest).unwrap_or("div"), ""));
            continue;
        }
        let Some(mut it) = open.pop() else { continue };
        match first {
            Some('>') => {
                match open.pop() {
                    Some(above) => open.push(above.add(it)),
                    None => done.push(it.done()),
                }
                continue;
            }
            Some('"') => it = it.text(&broken(rest)),
            _ => {
                if let Some((key, value)) = line.split_once('=') {
                    it = match (key, name(key)) {
                        ("data-value", _) => it.value(value),
                        ("data-index", _) => it.chosen(value.parse().unwrap_or_default()),
                        (_, Some(key)) => it.set(key, value),
                        _ => it,
                    };
                }
            }
        }
        open.push(it);
    }
    heard(el("div", "drawn"), dispatch).node(group(done)).done()
}

/// A text as it was before its line breaks were written as something else.
fn broken(text: &str) -> String {
    text.split(kubepki_core::view::drawing::BREAK).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_no_drawing_are_passed_over() {
        for lines in ["", "é", "é\n<p\n√=1\n\u{c}\n\"text\n>\n>\n>", "<\n<\n="] {
            let _ = tree(lines, &Dispatch::noop());
        }
    }
}
