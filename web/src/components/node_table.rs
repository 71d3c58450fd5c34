//! The nodes: name, addresses and roles of each, to type, to add and to paste.

use kubepki_core::spec::NodeDraft;
use kubepki_core::spec::field::ROLES;
use yew::Html;

use super::form::Form;
use super::input::{Select, errors, input};
use super::{icon, pager};
use crate::draw::{El, el, group, join};
use crate::state::{Action, Dialog, Pager};

/// Draws the nodes of one page.
pub(super) fn node_table(form: &Form) -> El {
    let nodes = &form.draft.nodes;
    let page = form.pages.get(&Pager::Nodes).copied().unwrap_or_default();
    let shown = Pager::Nodes.slice(page, nodes.len());
    let from = shown.start;
    let rows = nodes[shown].iter().enumerate().map(|(index, one)| node(form, from + index, one).done());
    let send = &form.dispatch;
    el("section", "fields nodes")
        .set("id", "field-nodes")
        .set("aria-labelledby", "nodes-title")
        .add(el("h2", "caps").set("id", "nodes-title").text("Nodes"))
        .add(el("ol", "").nodes(rows.collect()))
        .maybe_add(pager(Pager::Nodes, page, nodes.len(), "nodes", send))
        .node(errors(form, "nodes").shown)
        .add(
            el("p", "buttons")
                .add(El::button("text", send, Action::AddNode).test("node-add").text("+ Add node"))
                .add(El::button("text", send, Action::Show(Dialog::Nodes)).test("node-paste").text("Paste list")),
        )
}

/// A node under construction: its inputs, and the errors that stand below them.
struct Row<'a> {
    form: &'a Form,
    node: &'a NodeDraft,
    base: String,
    errors: Vec<Html>,
}

fn node(form: &Form, index: usize, node: &NodeDraft) -> El {
    let mut row = Row { form, node, base: join(&["nodes.", &index.to_string()]), errors: Vec::new() };
    let name = row.text(".name", &node.name, "Name", "name");
    let address = row.address(0);
    let mut more: Vec<Html> = (0..=node.roles.len().min(ROLES.len() - 1)).map(|at| row.role(at).done()).collect();
    more.extend((1..=node.addresses.len()).map(|at| row.address(at).done()));
    for list in [".addresses", ".roles"] {
        row.errors.push(errors(form, &join(&[&row.base, list])).shown);
    }
    let remove = El::button("quiet", &form.dispatch, Action::Remove(row.base))
        .labels(&["Remove node ", &node.name])
        .node(icon("close"));
    el("li", "node")
        .key(&index.to_string())
        .add(el("div", "line").add(name).add(address).add(remove))
        .add(el("div", "line second").node(group(more)))
        .nodes(row.errors)
}

impl Row<'_> {
    fn text(&mut self, path: &str, value: &str, label: &str, hint: &str) -> El {
        let path = join(&[&self.base, path]);
        let wrong = errors(self.form, &path);
        let input = input(&path, value, hint).label(label).state("aria-invalid", wrong.is_some());
        self.errors.push(wrong.shown);
        input.set("aria-describedby", &wrong.described)
    }

    fn address(&mut self, at: usize) -> El {
        let node = self.node;
        let label = join(&["Address ", &(at + 1).to_string(), " of ", &node.name]);
        let value = node.addresses.get(at).map_or("", String::as_str);
        let hint = if at == 0 { "address" } else { "+ address" };
        self.text(&join(&[".addresses.", &at.to_string()]), value, &label, hint)
    }

    fn role(&mut self, at: usize) -> El {
        let path = join(&[&self.base, ".roles.", &at.to_string()]);
        let wrong = errors(self.form, &path);
        let chosen = self.node.roles.get(at).map_or("", String::as_str);
        let none = if at < self.node.roles.len() { "no role" } else { "+ role" };
        let label = Some(join(&["Role ", &(at + 1).to_string(), " of ", &self.node.name]));
        let select = Select { path: &path, all: ROLES, chosen, none: Some(none), label, wrong: wrong.is_some() };
        self.errors.push(wrong.shown);
        el("span", "role").set("data-role", chosen).add(select.draw().set("aria-describedby", &wrong.described))
    }
}
