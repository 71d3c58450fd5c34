//! The application: state in, drawing out, effects to the browser.

use kubepki_core::view::ViewId;
use yew::{Callback, Component, Context, Html};

use crate::browser::{self, Browser};
use crate::components::{design_pane, dialog, footer, header, inspector, stage};
use crate::draw::el;
use crate::state::{Action, AppState, Pane};

/// Starts the application.
pub(crate) fn start() {
    if let Some(root) = browser::root() {
        yew::Renderer::<App>::with_root(root).render();
    }
}

/// The application.
pub(crate) struct App {
    state: AppState,
    browser: Browser,
    dispatch: Callback<Action>,
    /// The view whose tab was brought into sight, and the pane in front then.
    seen: Option<(ViewId, Pane)>,
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let dispatch = context.link().callback(|action| action);
        Self {
            state: AppState::open(&browser::fragment(), browser::now()).learned(browser::learned()),
            browser: Browser::open(dispatch.clone()),
            dispatch,
            seen: None,
        }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        for effect in self.state.apply(action) {
            self.browser.run(effect);
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let Self { state, dispatch, .. } = self;
        let front = match state.pane {
            Pane::Design => "design",
            Pane::Picture => "picture",
        };
        let drop = el("p", "").text("Drop kubeadm YAML or a design file");
        el("div", "frame")
            .set("data-front", front)
            .maybe("data-sheet", state.is_told().then_some("open"))
            .add(header(state, dispatch))
            .add(design_pane(state, dispatch))
            .add(stage(state, dispatch))
            .add(inspector(state, dispatch))
            .add(footer(state, dispatch))
            .maybe_add(dialog(state, dispatch))
            .maybe_add(state.import.dragged.then(|| el("div", "drop").set("aria-hidden", "true").add(drop)))
            .done()
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.browser.settle_dialog();
        let at = Some((self.state.view, self.state.pane));
        if std::mem::replace(&mut self.seen, at) != at {
            browser::reveal_tab();
        }
    }
}
