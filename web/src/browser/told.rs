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

/// What a click wants.
pub(crate) fn wanted(event: &Event) -> Option<Action> {
    if let Some((_, name)) = attribute(event, "data-choose") {
        return Some(Action::Choose(name));
    }
    if let Some((_, name)) = attribute(event, "data-pick") {
        return Some(Action::Pick(name));
    }
    if let Some((_, id)) = attribute(event, "data-fold") {
        return Some(Action::Fold(id));
    }
    if let Some((_, page)) = attribute(event, "data-turn") {
        return Some(Action::Turn(page));
    }
    if let Some((_, address)) = attribute(event, "data-go") {
        return Some(Action::Link(address));
    }
    if let Some((_, act)) = attribute(event, "data-act") {
        return Some(Action::Act(act));
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
