//! Views: one a file, each draws what `kubepki_core::view` says, and knows nothing of PKI itself.

mod files;
mod hierarchy;

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::sorted::{SortedMap, SortedSet};
use kubepki_core::view::{Related, Selection, ViewId};
use kubepki_worker::PARTS;
use yew::Html;

use crate::draw::{Dispatch, El, memo, tree};
use crate::state::{Action, AppState, Pager, Phase};

/// Draws the picture of a plan, unless it shows what it has shown before.
pub(crate) fn picture(state: &AppState, plan: &Rc<Plan>, dispatch: &Dispatch) -> Html {
    if !state.view.is_plain() {
        let (drawn, dispatch) = (state.drawn.clone(), dispatch.clone());
        let picture = move || tree(drawn.split(PARTS).next().unwrap_or_default(), &dispatch);
        return memo(vec![Rc::as_ptr(&state.drawn) as *const u8 as usize], picture);
    }
    let canvas = Canvas {
        view: state.view,
        plan: plan.clone(),
        selection: state.selection,
        related: state.selection.map(|selection| Related::to(plan, selection)).unwrap_or_default(),
        unfolded: state.unfolded.clone(),
        pages: state.pages.clone(),
        verified: state.phase() == Phase::Issued,
        dispatch: dispatch.clone(),
    };
    memo(canvas.key(), move || {
        let drawn = match canvas.view {
            ViewId::Hierarchy => hierarchy::draw(&canvas),
            _ => files::draw(&canvas),
        };
        drawn.done()
    })
}

/// What every view needs to draw.
struct Canvas {
    view: ViewId,
    plan: Rc<Plan>,
    selection: Option<Selection>,
    related: Related,
    unfolded: Rc<SortedSet<&'static str>>,
    pages: Rc<SortedMap<Pager, usize>>,
    /// Whether this plan was issued and every certificate read back and verified.
    verified: bool,
    dispatch: Dispatch,
}

impl Canvas {
    /// Tells one drawing from another.
    fn key(&self) -> Vec<usize> {
        let (kind, index) = match self.selection {
            None => (0, 0),
            Some(Selection::Cert(index)) => (1, index),
            Some(Selection::Unsigned(index)) => (2, index),
            Some(Selection::File(index)) => (3, index),
            Some(Selection::Flag(index)) => (4, index),
        };
        vec![
            self.view as usize,
            Rc::as_ptr(&self.plan) as usize,
            Rc::as_ptr(&self.unfolded) as usize,
            Rc::as_ptr(&self.pages) as usize,
            usize::from(self.verified),
            kind,
            index,
        ]
    }

    fn page(&self, pager: Pager) -> usize {
        self.pages.get(&pager).copied().unwrap_or_default()
    }

    /// What can be selected: whether it is, whether it has to do with what is, and a click that selects it, or clears
    /// when it is selected already. Tab stops at one thing of a view: what is selected, else the first; the arrow keys
    /// walk `column` from there.
    fn selectable(&self, class: &str, one: Selection, column: &str, first: bool, related: bool) -> El {
        let pressed = self.selection == Some(one);
        let stop = match self.selection {
            Some(selected) => pressed || (first && !self.shows(selected)),
            None => first,
        };
        El::button(class, &self.dispatch, Action::Select((!pressed).then_some(one)))
            .set("data-walk", column)
            .state("aria-pressed", pressed)
            .mark("data-related", related)
            .set("tabindex", if stop { "0" } else { "-1" })
    }

    /// [`Canvas::selectable`], related or not as the selection says.
    fn thing(&self, class: &str, one: Selection, column: &str, first: bool) -> El {
        self.selectable(class, one, column, first, self.related.has(one))
    }

    fn shows(&self, one: Selection) -> bool {
        match one {
            Selection::Cert(_) | Selection::Unsigned(_) => self.view == ViewId::Hierarchy,
            Selection::File(_) => self.view == ViewId::Files,
            Selection::Flag(_) => self.view == ViewId::Flags,
        }
    }
}
