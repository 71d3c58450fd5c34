//! Arrow keys walk the picture: up and down within a column, left to the issuer, right to what it signed.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::focus::show;

/// Moves the focus for an arrow key pressed in a view. What can be walked to has `data-walk` with its column's name;
/// what belongs together stands in an element with `data-group`.
pub(crate) fn walk(event: &KeyboardEvent) {
    let Some(here) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(Some(view)) = here.closest("[data-view]") else { return };
    let Some(column) = here.get_attribute("data-walk") else { return };
    let within = |root: &Element, column: &str| all(root, &["[data-walk=", column, "]"].concat());
    let group = here.closest("[data-group]").ok().flatten();
    let next = match event.key().as_str() {
        "ArrowDown" => step(&within(&view, &column), &here, 1),
        "ArrowUp" => step(&within(&view, &column), &here, -1),
        "Home" => within(&view, &column).into_iter().next(),
        "End" => within(&view, &column).into_iter().last(),
        "ArrowLeft" if column == "leaf" => group.and_then(|group| within(&group, "issuer").into_iter().next()),
        "ArrowRight" if column == "issuer" => group.and_then(|group| {
            let leaves = within(&group, "leaf");
            let pressed = leaves.iter().find(|leaf| leaf.get_attribute("aria-pressed").as_deref() == Some("true"));
            pressed.or(leaves.first()).cloned()
        }),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next {
        if let Some(next) = next.dyn_ref::<HtmlElement>() {
            let _ = next.focus();
        }
        show(&next);
    }
}

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

fn step(all: &[Element], here: &Element, by: isize) -> Option<Element> {
    let at = all.iter().position(|one| one == here)?;
    all.get(at.checked_add_signed(by)?).cloned()
}
