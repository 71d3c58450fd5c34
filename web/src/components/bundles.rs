//! One node's bundle each, to export.

use kubepki_worker::Export;
use yew::{Html, html};

use super::{Dispatch, act, icon, join, pager, slice};
use crate::state::{Action, AppState, Issued, Pager};

/// Draws a button for each node of the issued PKI.
pub(crate) fn bundles(state: &AppState, issued: &Issued, dispatch: &Dispatch) -> Html {
    let nodes = &issued.plan.spec.nodes;
    let page = state.pages.get(&Pager::Bundles).copied().unwrap_or_default();
    let shown = slice(Pager::Bundles, page, nodes.len());
    html! {
        <div class="bundles" role="group" aria-label="Export one node">
            <span class="caps">{ "One node" }</span>
            { for nodes[shown].iter().map(|node| html! {
                <button type="button" class="chip" data-testid={join(&["export-node-", &node.name])}
                    aria-label={join(&["Export ", &node.name])} onclick={act(dispatch, Action::Export(Export::Node(node.name.clone())))}>
                    { icon("save") }<span>{ &node.name }</span>
                </button>
            }) }
            { pager(Pager::Bundles, page, nodes.len(), "nodes", dispatch) }
        </div>
    }
}
