//! Moving the focus, and opening dialogs.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::document;

/// Shows and focuses the element of an id: a field by its path, or anything else by its own. In a group, its first
/// field.
pub(super) fn focus(id: &str) {
    let page = document();
    let found = page.get_element_by_id(&["field-", id].concat()).or_else(|| page.get_element_by_id(id));
    let Some(element) = found else { return };
    let inside = element.query_selector("input:checked").ok().flatten();
    let inside = inside.or_else(|| element.query_selector("input, select, textarea").ok().flatten());
    let target = inside.unwrap_or(element);
    show(&target);
    give(&target);
    if let Some(input) = target.dyn_ref::<HtmlInputElement>().filter(|input| input.type_() == "text") {
        input.select();
    }
}

/// Shows and focuses what is selected.
pub(super) fn reveal() {
    let found = document().query_selector("main [aria-pressed=true]");
    if let Ok(Some(element)) = found {
        show(&element);
        give(&element);
    }
}

/// Shows the guide from its top.
pub(super) fn guide_top() {
    if let Ok(Some(guide)) = document().query_selector(".guide") {
        guide.set_scroll_top(0);
    }
}

/// Shows the chosen tab: on a narrow screen the row of tabs scrolls.
pub(crate) fn reveal_tab() {
    if let Ok(Some(tab)) = document().query_selector("[role=tab][aria-selected=true]") {
        show(&tab);
    }
}

/// Scrolls an element into view, no further than needed.
pub(super) fn show(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Opens the dialog that is drawn, if it is not open yet, and keeps what had the focus before. Whether there is one.
pub(super) fn open_dialog(before: &mut Option<Element>) -> bool {
    let Ok(Some(dialog)) = document().query_selector("dialog") else { return false };
    let dialog: HtmlDialogElement = dialog.unchecked_into();
    if !dialog.open() {
        *before = document().active_element();
        let _ = dialog.show_modal();
    }
    true
}

/// Gives the focus to an element.
pub(super) fn give(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
