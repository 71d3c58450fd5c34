//! Icons: strokes on a grid of 16.

use yew::{Html, html};

/// The icon of a name.
pub(crate) fn icon(name: &str) -> Html {
    let strokes = match name {
        "undo" => "M6.5 3.5 3 7l3.5 3.5M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
        "redo" => "M9.500 3.500 13 7 9.500 10.500M13 7H6.500a3.500 3.500 0 0 0 0 7H9",
        "theme" => "M8 2.500a5.500 5.500 0 1 0 0 11ZM8 2.500a5.500 5.500 0 0 1 0 11",
        "keys" => "M5.800 6a2.200 2.200 0 1 1 3.100 2c-.6.3-.9.7-.9 1.400M8 12.200v.1",
        "link" => {
            "M7 9a2.600 2.600 0 0 0 3.700 0l2-2A2.600 2.600 0 0 0 9 3.300l-.8.8M9 7a2.600 2.600 0 0 0-3.700 0l-2 2A2.600 2.600 0 0 0 7 12.700l.8-.8"
        }
        "find" => "M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9ZM10.500 10.500 13.500 13.500",
        "close" => "M4 4l8 8M12 4l-8 8",
        "back" => "M10 3.500 5.500 8l4.500 4.500",
        "on" => "M6 3.500 10.500 8 6 12.500",
        "down" => "M3.500 6 8 10.500 12.500 6",
        "up" => "M3.500 10 8 5.500l4.500 4.500",
        "save" => "M8 2.500v7.500M4.800 7 8 10.200 11.200 7M3 13.500h10",
        "copy" => "M6 6h7v7H6ZM10 6V3H3v7h3",
        _ => "",
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={strokes.to_owned()} /></svg>
    }
}

/// The mark: one that vouches for two.
pub(crate) fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M8 10 15.500 6.500M8 13l7.500 4" />
            <circle class="ca" cx="5.500" cy="11.500" r="3" />
            <circle class="server" cx="18" cy="5.500" r="3" />
            <circle class="client" cx="18" cy="18" r="3" />
        </svg>
    }
}
