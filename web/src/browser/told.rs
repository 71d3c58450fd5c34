//! What the parts of a drawing want when they are clicked or changed: their attributes say it.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::text_of;
use crate::state::Action;

fn attribute(event: &Event, name: &str) -> Option<(Element, String)> {
    let selector = ["[", name, "]"].concat();
    let element = event.target()?.unchecked_into::<Element>().closest(&selector).ok()??;
    let value = element.get_attribute(name)?;
    Some((element, value))
}

/// What an attribute's value means.
type Means = fn(String) -> Action;

/// What a click wants, by the attribute that says it.
const WANTED: &[(&str, Means)] = &[
    ("data-choose", Action::Choose),
    ("data-pick", Action::Pick),
    ("data-fold", Action::Fold),
    ("data-turn", Action::Turn),
    ("data-go", Action::Link),
    ("data-act", Action::Act),
];

/// What a click wants.
pub(crate) fn wanted(event: &Event) -> Option<Action> {
    for (name, means) in WANTED {
        if let Some((_, value)) = attribute(event, name) {
            return Some(means(value));
        }
    }
    let beside = |button: Element| button.parent_element()?.query_selector("pre").ok()??.text_content();
    if let Some((button, name)) = attribute(event, "data-save") {
        return Some(Action::SaveText(name, beside(button)?));
    }
    let (button, _) = attribute(event, "data-copy")?;
    Some(Action::Copy("commands", beside(button)?))
}

/// What typing wants.
pub(crate) fn typed(event: &Event) -> Option<Action> {
    attribute(event, "data-act").map(|(_, act)| Action::Act(act))
}

/// What a choice wants: its value behind what the attribute says.
pub(crate) fn asked(event: &Event) -> Option<Action> {
    let (_, before) = attribute(event, "data-ask")?;
    Some(Action::Choose([before, text_of(event)].concat()))
}
