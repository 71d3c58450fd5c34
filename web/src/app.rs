//! The application: state in, drawing out, effects to the browser.

use yew::{Callback, Component, Context, Html, html};

use crate::browser::{self, Browser};
use crate::components::{design_pane, dialog, footer, header, inspector, stage};
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
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let dispatch = context.link().callback(|action| action);
        Self {
            state: AppState::open(&browser::fragment(), browser::now()),
            browser: Browser::open(dispatch.clone()),
            dispatch,
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
        let sheet = state.selection.is_some().then_some("open");
        html! {
            <div class="frame" data-front={front} data-sheet={sheet}>
                { header(state, dispatch) }
                { design_pane(state, dispatch) }
                { stage(state, dispatch) }
                { inspector(state, dispatch) }
                { footer(state, dispatch) }
                { dialog(state, dispatch) }
                if state.import.dragged {
                    <div class="drop" aria-hidden="true"><p>{ "Drop kubeadm YAML or a design file" }</p></div>
                }
            </div>
        }
    }
}
