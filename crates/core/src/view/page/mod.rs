//! What the workbench's page draws itself, for the page and for who embeds it: hierarchy and files. And for who embeds it
//! what is told of the selected thing, and what stands where nothing may run.

pub mod fallback;
pub mod files;
pub mod hierarchy;
pub mod inspector;

use super::drawing::{Drawing, drawn};
use super::{Pager, Related, Selection};
use crate::plan::Plan;

/// How a plan is looked at.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// What is selected.
    pub selection: Option<Selection>,
    /// Whether the stack of an id is unfolded: its members stand one by one.
    pub unfolded: &'a dyn Fn(&str) -> bool,
    /// The page that a long list was turned to. One that was not shows what is selected, or begins.
    pub turned: &'a dyn Fn(Pager) -> Option<usize>,
    /// Whether the plan was issued and every certificate read back and verified: seals are checked then.
    pub verified: bool,
}

impl Default for Look<'_> {
    fn default() -> Self {
        Self { selection: None, unfolded: &|_| false, turned: &|_| None, verified: false }
    }
}

/// A plan, and what is selected in it.
pub(in crate::view) struct Canvas<'a> {
    pub(in crate::view) plan: &'a Plan,
    pub(in crate::view) selection: Option<Selection>,
    pub(in crate::view) related: Related,
}

impl<'a> Canvas<'a> {
    pub(in crate::view) fn new(plan: &'a Plan, selection: Option<Selection>) -> Self {
        let related = selection.map(|one| Related::to(plan, one)).unwrap_or_default();
        Self { plan, selection, related }
    }

    /// The element around everything that can be selected.
    pub(in crate::view) fn ground(&self, class: &str) -> Drawing {
        drawn("div").set("class", class).mark("data-selecting", self.selection.is_some())
    }

    /// What can be selected, or cleared when it is selected already. The tab key stops at one thing of a view, the arrow
    /// keys walk `column` from there.
    pub(in crate::view) fn thing(
        &self,
        class: &str,
        one: Selection,
        column: &str,
        stop: bool,
        related: bool,
    ) -> Drawing {
        let pressed = self.selection == Some(one);
        let to = if pressed { String::new() } else { one.to_text(self.plan).unwrap_or_default() };
        drawn("button")
            .set("class", class)
            .set("type", "button")
            .set("data-pick", to)
            .set("data-walk", column)
            .set("aria-pressed", pressed)
            .set("tabindex", if stop { "0" } else { "-1" })
            .mark("data-related", related)
    }
}
