//! A field that holds a list: its items, each removable, and an empty one to add.

use kubepki_core::spec::{Field, FieldKind};

use super::form::Form;
use super::icon;
use super::input::{Select, errors, input};
use crate::draw::{El, el, join};
use crate::state::{Action, label};

/// Draws a list's items.
pub(super) fn list(form: &Form, field: Field, id: &str, described: &str) -> El {
    let items = form.draft.list(field);
    let drawn = (0..=items.len()).map(|index| item(form, field, index, items.get(index).map(String::as_str)).done());
    el("div", "items")
        .set("role", "group")
        .set("id", id)
        .set("aria-labelledby", &join(&["label-", field.row().path]))
        .set("aria-describedby", described)
        .nodes(drawn.collect())
}

fn item(form: &Form, field: Field, index: usize, text: Option<&str>) -> El {
    let path = join(&[field.row().path, ".", &index.to_string()]);
    let wrong = errors(form, &path);
    let name = join(&[label(field), " ", &(index + 1).to_string()]);
    let value = text.unwrap_or_default();
    let input = match field.row().kind {
        FieldKind::ChoiceList(all) => {
            let none = Some(if text.is_some() { "remove" } else { "add a suite" });
            Select { path: &path, all, chosen: value, none, label: Some(name), wrong: wrong.is_some() }.draw()
        }
        _ => {
            let hint = if text.is_some() { "" } else { "add" };
            input(&path, value, hint).label(&name).state("aria-invalid", wrong.is_some())
        }
    };
    let remove = text.map(|text| {
        El::button("quiet", &form.dispatch, Action::Remove(path)).labels(&["Remove ", text]).node(icon("close"))
    });
    el("div", "item")
        .key(&index.to_string())
        .add(input.set("aria-describedby", &wrong.described))
        .maybe_add(remove)
        .node(wrong.shown)
}
