//! What the worker that draws is asked for.

use std::rc::Rc;

use kubepki_core::spec::Draft;
use kubepki_core::view::ViewId;

/// What the worker is asked to draw.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The design.
    pub(crate) draft: Rc<Draft>,
    /// The view that is open.
    pub(crate) view: ViewId,
    /// What is selected; empty for nothing.
    pub(crate) selected: String,
    /// The PKI that was issued from the design; 0 for none.
    pub(crate) issued: u32,
    /// The guide, and behind a line break what was learned; empty for no guide.
    pub(crate) guide: String,
}

impl Wanted {
    /// What the sheet is about, however it is looked at.
    pub(crate) fn about(&self) -> &str {
        self.selected.split('?').next().unwrap_or_default()
    }
}

impl PartialEq for Wanted {
    /// Most often the design is the very same value, however large it is.
    fn eq(&self, other: &Self) -> bool {
        (self.view, &self.selected, &self.guide, self.issued)
            == (other.view, &other.selected, &other.guide, other.issued)
            && (Rc::ptr_eq(&self.draft, &other.draft) || self.draft == other.draft)
    }
}
