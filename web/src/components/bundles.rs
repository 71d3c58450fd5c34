//! One node's bundle each, to export.

use super::{icon, pager};
use crate::draw::{Dispatch, El, el, join};
use crate::state::{Action, AppState, Issued, Pager};

/// Draws a button for each node of the issued PKI.
pub(crate) fn bundles(state: &AppState, issued: &Issued, dispatch: &Dispatch) -> El {
    let nodes = &issued.plan.spec.nodes;
    let page = state.page(Pager::Bundles);
    let shown = Pager::Bundles.slice(page, nodes.len());
    let buttons = nodes[shown].iter().map(|node| {
        El::button("chip", dispatch, Action::Export(join(&["node=", &node.name])))
            .test(&join(&["export-node-", &node.name]))
            .labels(&["Export ", &node.name])
            .node(icon("save"))
            .add(el("span", "").text(&node.name))
            .done()
    });
    el("div", "bundles")
        .set("role", "group")
        .label("Export one node")
        .add(el("span", "caps").text("One node"))
        .nodes(buttons.collect())
        .maybe_add(pager(Pager::Bundles, page, nodes.len(), "nodes", dispatch))
}
