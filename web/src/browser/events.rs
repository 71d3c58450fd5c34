//! What happens in the window: first touch, keys, files dragged, links, visibility, closing.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, Event, EventTarget, HtmlElement, HtmlInputElement, KeyboardEvent, VisibilityState};
use yew::Callback;

use super::{document, file, focus, fragment, later, listener, now, window};
use crate::state::{Action, Dialog};

/// How often the clock in the page is set, in milliseconds.
const TICK: i32 = 10_000;

/// Listens to all that concerns the whole page, for as long as it is open.
pub(super) fn listen(dispatch: &Callback<Action>, guard: &Rc<Cell<bool>>) {
    let window = window();
    for name in ["pointerdown", "keydown"] {
        let dispatch = dispatch.clone();
        let touched = Cell::new(false);
        on(&window, name, move |_| {
            if !touched.replace(true) {
                dispatch.emit(Action::Touched);
            }
        });
    }
    let send = dispatch.clone();
    on(&window, "keydown", move |event| shortcut(event.unchecked_ref(), &send));
    let send = dispatch.clone();
    on(&window, "hashchange", move |_| send.emit(Action::Link(fragment())));
    let send = dispatch.clone();
    on(&document(), "visibilitychange", move |_| {
        send.emit(Action::Visible(document().visibility_state() == VisibilityState::Visible));
    });
    let guard = guard.clone();
    on(&window, "beforeunload", move |event| {
        if guard.get() {
            event.prevent_default();
        }
    });
    drag(dispatch);
    tick(dispatch.clone());
}

fn on(target: &EventTarget, name: &str, work: impl FnMut(Event) + 'static) {
    let _ = target.add_event_listener_with_callback(name, &listener(Box::new(work)));
}

fn tick(dispatch: Callback<Action>) {
    let work = move || {
        dispatch.emit(Action::Tick(now()));
        tick(dispatch);
    };
    later(TICK, Box::new(work));
}

/// Keys that work wherever the focus is, unless something is being typed.
fn shortcut(event: &KeyboardEvent, dispatch: &Callback<Action>) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let inside = |selector| target.as_ref().is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))));
    if event.default_prevented() || inside("dialog") {
        return;
    }
    let typing = inside("input:not([type=radio]):not([type=checkbox]), textarea, select");
    let command = event.ctrl_key() || event.meta_key();
    let action = match (event.key().as_str(), command, typing) {
        ("Escape", false, _) => Some(Action::Select(None)),
        ("/", false, false) => {
            focus::focus("search");
            event.prevent_default();
            None
        }
        ("?", false, false) => Some(Action::Show(Dialog::Keys)),
        ("z", true, false) => Some(Action::Undo),
        ("Z" | "y", true, false) => Some(Action::Redo),
        _ => None,
    };
    if let Some(action) = action {
        if command {
            event.prevent_default();
        }
        dispatch.emit(action);
    }
}

/// Files may be dropped anywhere.
fn drag(dispatch: &Callback<Action>) {
    let send = dispatch.clone();
    on(&window(), "dragover", move |event| {
        let Some(data) = event.unchecked_ref::<DragEvent>().data_transfer() else { return };
        if data.types().includes(&JsValue::from_str("Files"), 0) {
            event.prevent_default();
            send.emit(Action::Dragged(true));
        }
    });
    let send = dispatch.clone();
    on(&window(), "dragleave", move |event| {
        if event.unchecked_ref::<DragEvent>().related_target().is_none() {
            send.emit(Action::Dragged(false));
        }
    });
    let send = dispatch.clone();
    on(&window(), "drop", move |event| {
        let files = event.unchecked_ref::<DragEvent>().data_transfer().and_then(|data| data.files());
        if let Some(files) = files.filter(|files| files.length() > 0) {
            event.prevent_default();
            file::read(&files, &send);
        }
    });
}

/// Puts a text into the address bar, without a step in the browser's history.
pub(super) fn set_fragment(text: &str) {
    let location = window().location();
    let bare = [location.pathname(), location.search()].into_iter().filter_map(Result::ok).collect::<String>();
    let address = if text.is_empty() { bare } else { [&bare, "#", text].concat() };
    if let Ok(history) = window().history() {
        // Refused where the page has no address of its own, as in an embedded document.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Whether the system is dark.
pub(crate) fn is_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}

/// The name of the field an event comes from, and its text; nothing for what is no field.
pub(crate) fn field_of(event: &Event) -> Option<(String, String)> {
    let target = event.target()?.dyn_into::<HtmlElement>().ok()?;
    let name = target.get_attribute("name").filter(|name| !name.is_empty())?;
    Some((name, text_of(event)))
}

/// The id of the element an event comes from; empty where it has none.
pub(crate) fn id_of(event: &Event) -> String {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.map(|target| target.id()).unwrap_or_default()
}

/// The text of the input, select or text area an event comes from.
pub(crate) fn text_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = target.dyn_ref::<web_sys::HtmlSelectElement>() {
        select.value()
    } else if let Some(area) = target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        area.value()
    } else {
        String::new()
    }
}

/// Whether the checkbox an event comes from is checked.
pub(crate) fn checked(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
}

/// The key of a keyboard event, without one that goes with Ctrl, Alt or Meta.
pub(crate) fn key_of(event: &KeyboardEvent) -> String {
    if event.ctrl_key() || event.alt_key() || event.meta_key() { String::new() } else { event.key() }
}
