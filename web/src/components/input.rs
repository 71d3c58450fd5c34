//! What is typed into or chosen from, and what is wrong with it.

use yew::Html;

use super::form::Form;
use crate::draw::{El, el, group, join};
use crate::state::words;

/// A field of one line at a path.
pub(super) fn input(path: &str, value: &str, hint: &str) -> El {
    el("input", "")
        .set("type", "text")
        .id(&join(&["field-", path]))
        .set("name", path)
        .set("placeholder", hint)
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .value(value)
}

/// The errors at a path.
pub(super) struct Wrong {
    /// As they are shown.
    pub(super) shown: Html,
    /// The id that a field is described by, with a space behind it; empty without an error.
    pub(super) described: String,
}

impl Wrong {
    /// Whether there is one.
    pub(super) fn is_some(&self) -> bool {
        !self.described.is_empty()
    }
}

/// The errors at a path.
pub(super) fn errors(form: &Form, path: &str) -> Wrong {
    let found: Vec<Html> = form
        .derived
        .errors_at(path)
        .map(|one| {
            let hint = (!one.hint.is_empty()).then(|| el("span", "").texts(&[" ", &one.hint]));
            el("p", "").text(&one.message).maybe_add(hint).done()
        })
        .collect();
    if found.is_empty() {
        return Wrong { shown: Html::default(), described: String::new() };
    }
    let id = join(&["error-", path]);
    let shown = el("div", "error").set("id", &id).nodes(found).done();
    Wrong { shown, described: join(&[&id, " "]) }
}

/// A native select.
pub(super) struct Select<'a> {
    /// The path of its field.
    pub(super) path: &'a str,
    /// Its words.
    pub(super) all: &'static [&'static str],
    /// The one that is chosen.
    pub(super) chosen: &'a str,
    /// What is read for choosing none, where that can be.
    pub(super) none: Option<&'static str>,
    /// Its name, where no label names it.
    pub(super) label: Option<String>,
    /// Whether what is chosen is wrong.
    pub(super) wrong: bool,
}

impl Select<'_> {
    /// Draws it. A text that is none of the words stays, marked. The options say what is chosen at first; from then on
    /// only the element's own property does.
    pub(super) fn draw(self) -> El {
        let Self { path, all, chosen, none, label, wrong } = self;
        let mut options = Vec::new();
        let mut at = 0;
        let mut add = |value: &str, text: &str, is_chosen: bool| {
            if is_chosen {
                at = options.len();
            }
            let option = el("option", "").set("value", value).maybe("selected", is_chosen.then_some(""));
            options.push(option.text(text).done());
        };
        if let Some(none) = none {
            add("", none, chosen.is_empty());
        }
        for word in all {
            add(word, words(word), *word == chosen);
        }
        if !all.contains(&chosen) && !(none.is_some() && chosen.is_empty()) {
            add(chosen, &join(&[chosen, " (unknown)"]), true);
        }
        el("select", "")
            .id(&join(&["field-", path]))
            .set("name", path)
            .state("aria-invalid", wrong)
            .maybe("aria-label", label.as_deref())
            .chosen(at)
            .node(group(options))
    }
}
