//! A field that holds a list: its items, each removable, and an empty one to add.

use kubepki_core::spec::{Field, FieldKind};
use yew::{Html, html};

use super::design::FormProps;
use super::field::{Select, errors};
use super::{act, icon, join};
use crate::state::{Action, label};

/// Draws a list's items.
pub(crate) fn list(props: &FormProps, field: Field, id: &str, describe: &str) -> Html {
    let row = field.row();
    let items = props.draft.list(field);
    let group = join(&["label-", row.path]);
    html! {
        <div class="items" role="group" id={id.to_owned()} aria-labelledby={group} aria-describedby={describe.to_owned()}>
            { for (0..=items.len()).map(|index| {
                let path = join(&[row.path, ".", &index.to_string()]);
                item(props, field, path, index, items.get(index))
            }) }
        </div>
    }
}

fn item(props: &FormProps, field: Field, path: String, index: usize, text: Option<&String>) -> Html {
    let id = join(&["field-", &path]);
    let (shown, described) = errors(props, &path);
    let wrong = (!described.is_empty()).to_string();
    let name = join(&[label(field), " ", &(index + 1).to_string()]);
    let value = text.cloned().unwrap_or_default();
    let input = match field.row().kind {
        FieldKind::ChoiceList(all) => {
            let none = Some(if text.is_some() { "remove" } else { "add a suite" });
            let wrong = !described.is_empty();
            Select { path: &path, all, chosen: &value, none, label: Some(name), described, wrong }.draw()
        }
        _ => html! {
            <input type="text" id={id.clone()} data-testid={id} name={path.clone()} aria-label={name} value={value.clone()}
                placeholder={text.is_none().then_some("add")} autocomplete="off" spellcheck="false" aria-invalid={wrong}
                aria-describedby={described} />
        },
    };
    html! {
        <div class="item" key={index}>
            { input }
            if text.is_some() {
                <button type="button" class="quiet" aria-label={join(&["Remove ", &value])}
                    onclick={act(&props.dispatch, Action::Remove(path))}>{ icon("close") }</button>
            }
            { shown }
        </div>
    }
}
