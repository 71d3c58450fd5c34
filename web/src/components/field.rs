//! One field of the form, by its row in the table of fields.

use kubepki_core::spec::field::KEY_ALGORITHMS;
use kubepki_core::spec::{Field, FieldKind};
use yew::{Html, classes, html};

use super::design::FormProps;
use super::join;
use super::list::list;
use crate::state::{label, words};

/// Draws a field with its label, help and errors.
pub(crate) fn field(props: &FormProps, field: Field) -> Html {
    let row = field.row();
    let id = join(&["field-", row.path]);
    let help = join(&["help-", row.path]);
    let (shown, described) = errors(props, row.path);
    let describe = join(&[&described, &help]);
    let wrong = (!described.is_empty()).to_string();
    let (input, tall) = match row.kind {
        FieldKind::Text | FieldKind::Port => (
            html! {
                <input type="text" id={id.clone()} data-testid={id.clone()} name={row.path} value={props.draft.text(field).to_owned()}
                    autocomplete="off" spellcheck="false" aria-invalid={wrong} aria-describedby={describe} />
            },
            false,
        ),
        FieldKind::Choice(all) if all == KEY_ALGORITHMS => (segments(props, field, &id, describe), true),
        FieldKind::Choice(all) => {
            let chosen = props.draft.text(field);
            let wrong = !described.is_empty();
            (Select { path: row.path, all, chosen, none: None, label: None, described: describe, wrong }.draw(), false)
        }
        FieldKind::List | FieldKind::ChoiceList(_) => {
            (list(props, field, &id, &describe), row.path == "hardening.cipherSuites")
        }
    };
    let single = matches!(row.kind, FieldKind::Text | FieldKind::Port)
        || matches!(row.kind, FieldKind::Choice(all) if all != KEY_ALGORITHMS);
    html! {
        <div class={classes!("field", tall.then_some("tall"))} key={row.path}>
            if single {
                <label for={id} title={row.help}>{ label(field) }</label>
            } else {
                <span class="label" id={join(&["label-", row.path])} title={row.help}>{ label(field) }</span>
            }
            { input }
            <span class="sr" id={help}>{ row.help }</span>
            { shown }
        </div>
    }
}

/// The errors at a path, and the ids that a field is described by, each with a space behind it.
pub(crate) fn errors(props: &FormProps, path: &str) -> (Html, String) {
    let found: Vec<_> = props.derived.0.errors_at(path).collect();
    if found.is_empty() {
        return (Html::default(), String::new());
    }
    let id = join(&["error-", path]);
    let described = join(&[&id, " "]);
    let shown = html! {
        <div class="error" {id}>
            { for found.into_iter().map(|one| html! {
                <p>{ &one.message }if !one.hint.is_empty() { <span>{ join(&[" ", &one.hint]) }</span> }</p>
            }) }
        </div>
    };
    (shown, described)
}

/// A native select.
pub(crate) struct Select<'a> {
    /// The path of its field.
    pub(crate) path: &'a str,
    /// Its words.
    pub(crate) all: &'static [&'static str],
    /// The one that is chosen.
    pub(crate) chosen: &'a str,
    /// What is read for choosing none, where that can be.
    pub(crate) none: Option<&'static str>,
    /// Its name, where no label names it.
    pub(crate) label: Option<String>,
    /// The ids of what describes it; whether an error does.
    pub(crate) described: String,
    /// Whether what is chosen is wrong.
    pub(crate) wrong: bool,
}

impl Select<'_> {
    /// Draws it. A text that is none of the words stays, marked. The options say what is chosen at first; from then on
    /// only the element's own property does.
    pub(crate) fn draw(self) -> Html {
        let Self { path, all, chosen, none, label, described, wrong } = self;
        let id = join(&["field-", path]);
        let odd = !all.contains(&chosen) && !(none.is_some() && chosen.is_empty());
        let offset = usize::from(none.is_some());
        let at = match all.iter().position(|word| *word == chosen) {
            Some(index) => offset + index,
            None if odd => offset + all.len(),
            None => 0,
        };
        html! {
            <select id={id.clone()} data-testid={id} name={path.to_owned()} aria-invalid={wrong.to_string()}
                aria-describedby={described} aria-label={label} ~selectedIndex={at as u32}>
                if let Some(none) = none { <option value="" selected={chosen.is_empty()}>{ none }</option> }
                { for all.iter().map(|word| html! {
                    <option value={*word} selected={*word == chosen}>{ words(word) }</option>
                }) }
                if odd { <option value={chosen.to_owned()} selected={true}>{ join(&[chosen, " (unknown)"]) }</option> }
            </select>
        }
    }
}

/// A choice of key algorithm as a row of radio buttons.
fn segments(props: &FormProps, field: Field, id: &str, describe: String) -> Html {
    let row = field.row();
    let chosen = props.draft.text(field);
    let group = join(&["label-", row.path]);
    html! {
        <div class="segments" role="radiogroup" id={id.to_owned()} data-testid={id.to_owned()} aria-labelledby={group} aria-describedby={describe}>
            { for KEY_ALGORITHMS.iter().map(|word| {
                let (family, size) = word.split_once('-').unwrap_or((word, ""));
                html! {
                    <label>
                        <input type="radio" name={row.path} value={*word} checked={*word == chosen} />
                        <span>{ family }<b>{ size.replace('P', "P-") }</b></span>
                    </label>
                }
            }) }
        </div>
    }
}
