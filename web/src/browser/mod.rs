//! The browser: the only place that names `web-sys`. It turns what happens into actions, and effects into deeds.

mod clipboard;
mod events;
mod file;
mod focus;
mod leaks;
mod save;
mod start;
mod told;
mod walk;
mod worker;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};
use yew::Callback;

use crate::state::{Action, Effect};

pub(crate) use events::{checked, field_of, id_of, is_dark, key_of, text_of};
pub(crate) use file::read_chosen;
pub(crate) use focus::reveal_tab;
pub(crate) use told::{asked, typed, wanted};

/// Where this device keeps which lessons and labs were finished. A site keeps its own files beside that, and nothing else is ever stored.
const LEARNED: &str = "kubepki-learned";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Which lessons and labs were finished on this device, their ids with commas between them.
pub(crate) fn learned() -> String {
    storage().and_then(|it| it.get_item(LEARNED).ok().flatten()).unwrap_or_default()
}
pub(crate) use walk::walk;

/// The browser, on behalf of the application.
pub(crate) struct Browser {
    dispatch: Callback<Action>,
    worker: Rc<worker::Bridge>,
    guard: Rc<Cell<bool>>,
    /// The address of the last file that was saved, to be had again until the next one.
    saved: Rc<RefCell<String>>,
    /// What had the focus before a dialog took it.
    before: Option<Element>,
}

impl Browser {
    /// Begins to listen, and to fetch the worker once the first picture is painted.
    pub(crate) fn open(dispatch: Callback<Action>) -> Self {
        let saved = Rc::<RefCell<String>>::default();
        let this = Self {
            worker: worker::Bridge::new(dispatch.clone(), saved.clone()),
            guard: Rc::default(),
            dispatch,
            saved,
            before: None,
        };
        events::listen(&this.dispatch, &this.guard);
        let worker = this.worker.clone();
        after_paint(Box::new(move || worker.start()));
        this
    }

    /// After a drawing: opens the dialog that came with it above everything else; gives the focus back when it has gone.
    pub(crate) fn settle_dialog(&mut self) {
        if !focus::open_dialog(&mut self.before)
            && let Some(before) = self.before.take()
        {
            focus::give(&before);
        }
    }

    /// Does what the state asks for.
    pub(crate) fn run(&self, effect: Effect) {
        match effect {
            Effect::Post(request) => self.worker.post(request),
            Effect::Later(milliseconds, action) => {
                let dispatch = self.dispatch.clone();
                later(milliseconds, Box::new(move || dispatch.emit(action)));
            }
            Effect::Fragment(text) => events::set_fragment(&text),
            Effect::Copy(what, text) => clipboard::copy(what, text, &self.dispatch),
            Effect::Save(name, text) => {
                if let Some(saved) = save::save_text(&name, &text, &self.saved) {
                    self.dispatch.emit(Action::Say(["Saved ", &saved.name, "."].concat()));
                }
            }
            Effect::Focus(id) => after_paint(Box::new(move || focus::focus(&id))),
            Effect::Reveal => after_paint(Box::new(focus::reveal)),
            Effect::GuideTop => after_paint(Box::new(focus::guide_top)),
            Effect::Theme(theme) => {
                if let Some(root) = document().document_element() {
                    let _ = root.set_attribute("data-theme", theme.word());
                }
            }
            Effect::Keep(learned) => drop(storage().map(|it| it.set_item(LEARNED, &learned))),
            Effect::TestLeaks => leaks::test(&self.dispatch),
            Effect::Guard(on) => self.guard.set(on),
            Effect::StopWorker => self.worker.stop(),
            Effect::Release => save::release(&self.saved.take()),
            Effect::StartWorker => self.worker.start(),
        }
    }
}

/// Unix seconds by the machine's clock.
pub(crate) fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

/// The address bar's fragment.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The element the application is drawn into.
pub(crate) fn root() -> Option<web_sys::Element> {
    document().get_element_by_id("app")
}

fn window() -> web_sys::Window {
    web_sys::window().expect("the page has a window")
}

fn document() -> web_sys::Document {
    window().document().expect("the window has a document")
}

/// Milliseconds that only grow.
fn clock() -> f64 {
    js_sys::Date::now()
}

/// Work that is done once. Boxed here and in [`listener`]: each type of closure brings a kilobyte of its own otherwise.
type Work = Box<dyn FnOnce()>;

fn later(milliseconds: i32, work: Work) {
    let closure = Closure::once_into_js(work);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(closure.unchecked_ref(), milliseconds);
}

/// Once what is drawn now has been painted.
fn after_paint(work: Work) {
    let work: Work = Box::new(move || later(0, work));
    let _ = window().request_animation_frame(Closure::once_into_js(work).unchecked_ref());
}

/// A function that listens to events, for as long as the page is open.
fn listener(work: Box<dyn FnMut(Event)>) -> Function {
    Closure::wrap(work).into_js_value().unchecked_into()
}
