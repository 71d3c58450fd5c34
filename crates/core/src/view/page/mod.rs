//! What the workbench's page draws itself, as drawings for who embeds it: hierarchy, files, and what is told of the
//! selected thing. Classes and marks are the page's own, so that its style sheets serve both.

pub mod fallback;
pub mod files;
pub mod hierarchy;
pub mod inspector;

use super::drawing::{Drawing, drawn};
use super::{Related, Selection};
use crate::plan::Plan;

/// A plan, and what is selected in it.
pub(in crate::view) struct Canvas<'a> {
    pub(in crate::view) plan: &'a Plan,
    pub(in crate::view) selection: Option<Selection>,
    pub(in crate::view) related: Related,
}

impl<'a> Canvas<'a> {
    pub(in crate::view) fn new(plan: &'a Plan, selected: &str) -> Self {
        let selection = Selection::from_text(plan, selected);
        let related = selection.map(|one| Related::to(plan, one)).unwrap_or_default();
        Self { plan, selection, related }
    }

    /// The element around everything that can be selected.
    pub(in crate::view) fn ground(&self, class: &str) -> Drawing {
        let ground = drawn("div").set("class", class);
        if self.selection.is_some() { ground.set("data-selecting", true) } else { ground }
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
        let button = drawn("button")
            .set("class", class)
            .set("type", "button")
            .set("data-pick", to)
            .set("data-walk", column)
            .set("aria-pressed", pressed)
            .set("tabindex", if stop { "0" } else { "-1" });
        if related { button.set("data-related", true) } else { button }
    }
}

/// A text for whoever cannot see the picture.
fn unseen(text: impl Into<String>) -> Drawing {
    drawn("span").set("class", "sr").text(text)
}
