//! A part of the page that is drawn again only when what it is drawn from has changed.

use std::rc::Rc;

use yew::virtual_dom::{VComp, VNode};
use yew::{Component, Context, Html, Properties};

/// What a part is drawn from.
struct Part {
    /// Tells one drawing from another; addresses of shared values may be in it, for `draw` keeps those alive.
    key: Vec<usize>,
    draw: Rc<dyn Fn() -> Html>,
}

#[derive(Properties)]
struct Props {
    part: Rc<Part>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.part.key == other.part.key
    }
}

struct Memo;

impl Component for Memo {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &Context<Self>) -> Html {
        (context.props().part.draw)()
    }
}

/// Draws a part, unless it was drawn from the same key before.
pub(crate) fn memo(key: Vec<usize>, draw: impl Fn() -> Html + 'static) -> Html {
    let part = Rc::new(Part { key, draw: Rc::new(draw) });
    VNode::from(VComp::new::<Memo>(Props { part }, None))
}
