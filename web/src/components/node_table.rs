//! The nodes: name, addresses and roles of each, to type, to add and to paste.

use kubepki_core::spec::NodeDraft;
use kubepki_core::spec::field::ROLES;
use yew::{Html, html};

use super::design::{FormProps, node_errors};
use super::field::{Select, errors};
use super::{act, icon, join, pager, slice};
use crate::state::{Action, Dialog, Pager};

/// Draws the nodes of one page.
pub(crate) fn node_table(props: &FormProps) -> Html {
    let nodes = &props.draft.nodes;
    let page = props.pages.get(&Pager::Nodes).copied().unwrap_or_default();
    let shown = slice(Pager::Nodes, page, nodes.len());
    let dispatch = &props.dispatch;
    html! {
        <section class="fields nodes" id="field-nodes" aria-labelledby="nodes-title">
            <h2 class="caps" id="nodes-title">{ "Nodes" }</h2>
            <ol>{ for nodes[shown.clone()].iter().enumerate().map(|(index, one)| node(props, shown.start + index, one)) }</ol>
            { pager(Pager::Nodes, page, nodes.len(), "nodes", dispatch) }
            { node_errors(props) }
            <p class="buttons">
                <button type="button" class="text" data-testid="node-add" onclick={act(dispatch, Action::AddNode)}>{ "+ Add node" }</button>
                <button type="button" class="text" data-testid="node-paste" onclick={act(dispatch, Action::Show(Dialog::Nodes))}>{ "Paste list" }</button>
            </p>
        </section>
    }
}

fn node(props: &FormProps, index: usize, node: &NodeDraft) -> Html {
    let base = join(&["nodes.", &index.to_string()]);
    let mut found = Vec::new();
    let remove = act(&props.dispatch, Action::Remove(base.clone()));
    let name = text(props, &mut found, join(&[&base, ".name"]), &node.name, "Name", "name");
    let mut addresses = (0..=node.addresses.len()).map(|at| {
        let path = join(&[&base, ".addresses.", &at.to_string()]);
        let label = join(&["Address ", &(at + 1).to_string(), " of ", &node.name]);
        let value = node.addresses.get(at).map_or("", String::as_str);
        text(props, &mut found, path, value, &label, if at == 0 { "address" } else { "+ address" })
    });
    let first = addresses.next();
    let further: Vec<Html> = addresses.collect();
    let roles: Vec<Html> =
        (0..=node.roles.len().min(ROLES.len() - 1)).map(|at| role(props, &mut found, &base, at, node)).collect();
    let (about_roles, _) = errors(props, &join(&[&base, ".roles"]));
    let (about_addresses, _) = errors(props, &join(&[&base, ".addresses"]));
    html! {
        <li class="node" key={index}>
            <div class="line">
                { name }{ first }
                <button type="button" class="quiet" aria-label={join(&["Remove node ", &node.name])} onclick={remove}>{ icon("close") }</button>
            </div>
            <div class="line second">{ for roles }{ for further }</div>
            { for found }{ about_addresses }{ about_roles }
        </li>
    }
}

fn text(props: &FormProps, found: &mut Vec<Html>, path: String, value: &str, label: &str, hint: &'static str) -> Html {
    let id = join(&["field-", &path]);
    let (shown, described) = errors(props, &path);
    let wrong = (!described.is_empty()).to_string();
    found.push(shown);
    html! {
        <input type="text" id={id.clone()} data-testid={id} name={path} value={value.to_owned()} aria-label={label.to_owned()}
            placeholder={hint} autocomplete="off" spellcheck="false" aria-invalid={wrong} aria-describedby={described} />
    }
}

fn role(props: &FormProps, found: &mut Vec<Html>, base: &str, at: usize, node: &NodeDraft) -> Html {
    let path = join(&[base, ".roles.", &at.to_string()]);
    let (shown, described) = errors(props, &path);
    found.push(shown);
    let chosen = node.roles.get(at).map_or("", String::as_str);
    let none = if at < node.roles.len() { "no role" } else { "+ role" };
    let label = Some(join(&["Role ", &(at + 1).to_string(), " of ", &node.name]));
    let wrong = !described.is_empty();
    let select = Select { path: &path, all: ROLES, chosen, none: Some(none), label, described, wrong };
    html! { <span class="role" data-role={chosen.to_owned()}>{ select.draw() }</span> }
}
