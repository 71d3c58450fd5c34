//! The clipboard.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::window;
use crate::state::Action;

/// Copies a text; where the browser does not let us, the text is shown instead.
pub(super) fn copy(what: &'static str, text: String, dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    let navigator = window().navigator();
    // There is none where the page did not come over https or from localhost.
    let there = Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|it| !it.is_undefined());
    spawn_local(async move {
        let done = there && JsFuture::from(navigator.clipboard().write_text(&copied(what, &text))).await.is_ok();
        dispatch.emit(match done {
            true => Action::Say(["Copied: ", what, "."].concat()),
            false => Action::NotCopied(what, copied(what, &text)),
        });
    });
}

/// What is copied: for a link the whole address.
fn copied(what: &str, text: &str) -> String {
    if what != "link" {
        return text.to_owned();
    }
    let href = window().location().href().unwrap_or_default();
    [href.split('#').next().unwrap_or_default(), "#", text].concat()
}
