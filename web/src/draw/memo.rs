//! A part of the page that is drawn again only when what it is drawn from has changed.

use std::rc::Rc;

use yew::virtual_dom::{VComp, VNode};
use yew::{Component, Context, Html, Properties};

/// What a part is drawn from.
#[derive(Properties)]
struct Part {
    /// Tells one drawing from another. Addresses of shared values may be in it, for `draw` keeps those alive.
    key: Vec<usize>,
    draw: Box<dyn Fn() -> Html>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

struct Memo;

impl Component for Memo {
    type Message = ();
    type Properties = Part;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        (context.props().draw)()
    }
}

/// Draws a part, unless it was drawn from the same key before.
pub(crate) fn memo(key: Vec<usize>, draw: impl Fn() -> Html + 'static) -> Html {
    VNode::from(VComp::new::<Memo>(Rc::new(Part { key, draw: Box::new(draw) }), None))
}
