//! Icons: strokes on a grid of 16.

use kubepki_core::view::drawing;
use yew::Html;

use crate::draw::{El, built, el};

/// The icon of a name.
pub(crate) fn icon(name: &str) -> Html {
    let strokes = match name {
        "undo" => "M6.5 3.5 3 7l3.5 3.5M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
        "redo" => "M9.5 3.5 13 7 9.5 10.5M13 7H6.5a3.5 3.5 0 0 0 0 7H9",
        "theme" => "M8 2.5a5.5 5.5 0 1 0 0 11ZM8 2.5a5.5 5.5 0 0 1 0 11",
        "keys" => "M5.8 6a2.2 2.2 0 1 1 3.1 2c-.6.3-.9.7-.9 1.4M8 12.2v.1",
        "link" => {
            "M7 9a2.6 2.6 0 0 0 3.7 0l2-2A2.6 2.6 0 0 0 9 3.3l-.8.8M9 7a2.6 2.6 0 0 0-3.7 0l-2 2A2.6 2.6 0 0 0 7 12.7l.8-.8"
        }
        "find" => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.5 10.5 13.5 13.5",
        "close" => "M4 4l8 8M12 4l-8 8",
        "learn" => {
            "M8 4.5C6.5 3.3 4.6 3 2.5 3v9.5c2.1 0 4 .3 5.5 1.5 1.5-1.2 3.4-1.5 5.5-1.5V3c-2.1 0-4 .3-5.5 1.5ZM8 4.5V14"
        }
        "save" => "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10",
        "embed" => "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
        "copy" => "M6 6h7v7H6ZM10 6V3H3v7h3",
        _ => "",
    };
    built(drawing::icon(strokes)).done()
}

/// The mark: one that vouches for two.
pub(crate) fn mark() -> El {
    let dot = |class, x, y| el("circle", class).set("cx", x).set("cy", y).set("r", "3");
    el("svg", "mark")
        .set("viewBox", "0 0 24 24")
        .set("width", "24")
        .set("height", "24")
        .set("aria-hidden", "true")
        .add(el("path", "").set("d", "M8 10 15.5 6.5M8 13l7.5 4"))
        .add(dot("ca", "5.5", "11.5"))
        .add(dot("server", "18", "5.5"))
        .add(dot("client", "18", "18"))
}
