//! Views: one a file, each draws what `kubepki_core::view` says, and knows nothing of PKI itself.

mod files;
mod flags;
mod hierarchy;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::view::{Related, Selection, ViewId};
use yew::{Html, Properties, function_component};

use crate::components::{Dispatch, Same, act};
use crate::state::{Action, Pager};

/// What a view shows.
#[derive(Properties, PartialEq)]
pub(crate) struct PictureProps {
    /// Which view.
    pub(crate) view: ViewId,
    /// Of which plan.
    pub(crate) plan: Same<Plan>,
    /// What is selected.
    pub(crate) selection: Option<Selection>,
    /// The stacks that are unfolded.
    pub(crate) unfolded: Rc<BTreeSet<&'static str>>,
    /// Pages of long lists.
    pub(crate) pages: Rc<BTreeMap<Pager, usize>>,
    /// Whether this plan was issued and every certificate read back and verified.
    pub(crate) verified: bool,
    /// Where actions go.
    pub(crate) dispatch: Dispatch,
}

/// The picture. Drawn again only when what it shows has changed.
#[function_component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let canvas = Canvas {
        props,
        related: props.selection.map(|selection| Related::to(&props.plan.0, selection)).unwrap_or_default(),
    };
    match props.view {
        ViewId::Hierarchy => hierarchy::draw(&canvas),
        ViewId::Files => files::draw(&canvas),
        ViewId::Flags => flags::draw(&canvas),
    }
}

/// What every view needs to draw.
struct Canvas<'a> {
    props: &'a PictureProps,
    related: Related,
}

impl Canvas<'_> {
    fn plan(&self) -> &Plan {
        &self.props.plan.0
    }

    fn page(&self, pager: Pager) -> usize {
        self.props.pages.get(&pager).copied().unwrap_or_default()
    }

    /// `aria-pressed` of a thing.
    fn pressed(&self, one: Selection) -> &'static str {
        if self.props.selection == Some(one) { "true" } else { "false" }
    }

    /// `data-related` of a thing: there when something is selected that it has to do with.
    fn related(&self, one: Selection) -> Option<&'static str> {
        self.related.has(one).then_some("true")
    }

    /// A click that selects a thing, or clears when it is selected already.
    fn select(&self, one: Selection) -> yew::Callback<yew::MouseEvent> {
        let next = (self.props.selection != Some(one)).then_some(one);
        act(&self.props.dispatch, Action::Select(next))
    }

    /// Tab stops at one thing of a view: what is selected, else the first.
    fn tab_stop(&self, one: Selection, first: bool) -> &'static str {
        let here = match self.props.selection {
            Some(selected) => selected == one || (first && !self.shows(selected)),
            None => first,
        };
        if here { "0" } else { "-1" }
    }

    fn shows(&self, one: Selection) -> bool {
        match one {
            Selection::Cert(_) | Selection::Unsigned(_) => self.props.view == ViewId::Hierarchy,
            Selection::File(_) => self.props.view == ViewId::Files,
            Selection::Flag(_) => self.props.view == ViewId::Flags,
        }
    }
}
