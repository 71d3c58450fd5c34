//! The left pane: what I want. Start from a preset or a text, then every field of the design.

use std::collections::BTreeMap;
use std::rc::Rc;

use kubepki_core::snippet;
use kubepki_core::spec::preset::PRESETS;
use kubepki_core::spec::{Draft, Field};
use yew::{Callback, FocusEvent, Html, InputEvent, KeyboardEvent, Properties, function_component, html, use_state};

use super::field::{errors, field};
use super::import::import;
use super::node_table::node_table;
use super::{Dispatch, Same, act, icon, join};
use crate::browser;
use crate::state::{Action, AppState, Derived, Pager, SECTIONS};

/// Draws the pane.
pub(crate) fn design_pane(state: &AppState, dispatch: &Dispatch) -> Html {
    let save = (join(&[state.draft.text(Field::ClusterName), "-design.yaml"]), state.draft.clone());
    let send = dispatch.clone();
    let onclick = Callback::from(move |_| send.emit(Action::SaveText(save.0.clone(), snippet::design(&save.1))));
    html! {
        <section class="design" aria-label="Design">
            <div class="start">
                <h2 class="caps">{ "Start from" }</h2>
                <div class="presets">
                    { for PRESETS.iter().map(|preset| html! {
                        <button type="button" class="preset" data-testid={join(&["preset-", preset.name])}
                            aria-pressed={(*state.draft == preset.draft()).to_string()}
                            onclick={act(dispatch, Action::Preset(preset.name))}>
                            <b>{ preset.title }</b><span>{ preset.subtitle }</span>
                        </button>
                    }) }
                </div>
                { import(state, dispatch) }
            </div>
            <Form draft={state.draft.clone()} derived={Same(state.derived.clone())} pages={state.pages.clone()} dispatch={dispatch.clone()} />
            <p class="buttons">
                <button type="button" class="quiet" data-testid="save-design" {onclick}>{ icon("save") }<span>{ "Design file" }</span></button>
            </p>
        </section>
    }
}

/// What the form shows.
#[derive(Properties, PartialEq)]
pub(crate) struct FormProps {
    /// The design as it is being typed.
    pub(crate) draft: Rc<Draft>,
    /// What follows from it: the errors are shown at their fields.
    pub(crate) derived: Same<Derived>,
    /// The page of the nodes.
    pub(crate) pages: Rc<BTreeMap<Pager, usize>>,
    /// Where actions go.
    pub(crate) dispatch: Dispatch,
}

/// The form. One listener for all its fields: each has its path for a name.
#[function_component]
pub(crate) fn Form(props: &FormProps) -> Html {
    let focused = use_state(|| None::<&'static str>);
    let send = props.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some((path, text)) = browser::field_of(&event) {
            send.emit(Action::Type(path, text));
        }
    });
    let send = props.dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if browser::key_of(&event) == "Enter" && browser::field_of(&event).is_some() {
            send.emit(Action::Leave);
        }
    });
    let send = props.dispatch.clone();
    let onfocusout = Callback::from(move |event: FocusEvent| {
        if browser::field_of(&event).is_some() {
            send.emit(Action::Leave);
        }
    });
    let help = focused.clone();
    let onfocusin = Callback::from(move |event: FocusEvent| {
        help.set(browser::field_of(&event).map(|(path, _)| help_of(&path)));
    });
    html! {
        <div class="form" {oninput} {onkeydown} {onfocusin} {onfocusout}>
            { for SECTIONS.iter().map(|section| html! {
                <>
                    <section class="fields">
                        <h2 class="caps">{ section.title }</h2>
                        { for section.fields.iter().map(|one| field(props, *one)) }
                    </section>
                    if section.nodes { { node_table(props) } }
                </>
            }) }
            <p class="help" aria-hidden="true">{ focused.unwrap_or("Every edit shows in the picture at once. Nothing typed is ever lost.") }</p>
        </div>
    }
}

/// One sentence on the field at a path.
pub(super) fn help_of(path: &str) -> &'static str {
    let head = path.rsplit_once('.').map_or(path, |(head, _)| head);
    match Field::from_path(path).or_else(|| Field::from_path(head)) {
        Some(field) => field.row().help,
        None if path.ends_with(".name") => "The node's host name: lower case, unique. It is in subjects and names.",
        None if head.ends_with(".addresses") => {
            "The first address is the one it advertises; all are in its certificates."
        }
        None => "What runs on it. The first control plane is the init node and alone gets super-admin.conf.",
    }
}

/// The errors of the nodes as a whole.
pub(super) fn node_errors(props: &FormProps) -> Html {
    errors(props, "nodes").0
}
