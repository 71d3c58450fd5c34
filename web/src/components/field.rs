//! One field of the form, by its row in the table of fields.

use kubepki_core::spec::field::KEY_ALGORITHMS;
use kubepki_core::spec::{Field, FieldKind};

use super::form::Form;
use super::input::{Select, errors, input};
use super::list::list;
use crate::draw::{El, el, join};
use crate::state::label;

/// Draws a field with its label, help and errors.
pub(super) fn field(form: &Form, field: Field) -> El {
    let row = field.row();
    let id = join(&["field-", row.path]);
    let help = join(&["help-", row.path]);
    let wrong = errors(form, row.path);
    let described = join(&[&wrong.described, &help]);
    let algorithms = matches!(row.kind, FieldKind::Choice(all) if all == KEY_ALGORITHMS);
    let (input, single) = match row.kind {
        FieldKind::Text | FieldKind::Port => {
            let input = input(row.path, form.draft.text(field), "").set("aria-describedby", &described);
            (input.state("aria-invalid", wrong.is_some()), true)
        }
        FieldKind::Choice(_) if algorithms => (segments(form, field, &id, &described), false),
        FieldKind::Choice(all) => {
            let chosen = form.draft.text(field);
            let select = Select { path: row.path, all, chosen, none: None, label: None, wrong: wrong.is_some() };
            (select.draw().set("aria-describedby", &described), true)
        }
        FieldKind::List | FieldKind::ChoiceList(_) => (list(form, field, &id, &described), false),
    };
    let tall = algorithms || row.path == "hardening.cipherSuites";
    let name = if single {
        el("label", "").set("for", &id)
    } else {
        el("span", "label").set("id", &join(&["label-", row.path]))
    };
    el("div", if tall { "field tall" } else { "field" })
        .key(row.path)
        .add(name.set("title", row.help).text(label(field)))
        .add(input)
        .add(el("span", "sr").set("id", &help).text(row.help))
        .node(wrong.shown)
}

/// A choice of key algorithm as a row of radio buttons.
fn segments(form: &Form, field: Field, id: &str, described: &str) -> El {
    let row = field.row();
    let chosen = form.draft.text(field);
    let choices = KEY_ALGORITHMS.iter().map(|word| {
        let (family, size) = word.split_once('-').unwrap_or((word, ""));
        let radio = el("input", "").set("type", "radio").set("name", row.path).set("value", word);
        // The size as people write it: `2048`, `P-256`.
        let text = el("span", "").text(family).add(match size.strip_prefix('P') {
            Some(bits) => el("b", "").texts(&["P-", bits]),
            None => el("b", "").text(size),
        });
        el("label", "").add(radio.value(word).checked(*word == chosen)).add(text).done()
    });
    el("div", "segments")
        .set("role", "radiogroup")
        .id(id)
        .set("aria-labelledby", &join(&["label-", row.path]))
        .set("aria-describedby", described)
        .nodes(choices.collect())
}
