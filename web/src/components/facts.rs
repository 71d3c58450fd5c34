//! Facts with their labels.

use yew::Html;

use crate::draw::{el, group};

/// A heading.
pub(super) fn heading(title: &str) -> Html {
    el("h3", "caps").text(title).done()
}

/// Labels and texts.
pub(super) fn table(title: &str, rows: &[(&str, String)]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    let row = |(label, text): &(&str, String)| {
        let value = el("dd", "").add(el("code", "").text(text));
        el("div", "").add(el("dt", "").text(label)).add(value).done()
    };
    group(vec![heading(title), el("dl", "facts").nodes(rows.iter().map(row).collect()).done()])
}
