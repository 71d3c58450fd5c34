//! The picture: what `kubepki_core::view` or a worker has drawn. Nothing here knows of PKI.

use std::rc::Rc;

use kubepki_core::Plan;
use kubepki_core::view::page::{self, Look};
use kubepki_core::view::{Selection, ViewId};
use kubepki_worker::PARTS;
use yew::Html;

use crate::draw::{Dispatch, built, heard, memo, tree};
use crate::state::{AppState, Phase};

/// Draws the picture of a plan, unless it shows what it has shown before.
pub(crate) fn picture(state: &AppState, plan: &Rc<Plan>, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    if !state.view.is_plain() {
        let drawn = state.drawings.text().clone();
        let picture = move || tree(drawn.split(PARTS).next().unwrap_or_default(), &dispatch);
        return memo(vec![Rc::as_ptr(state.drawings.text()) as *const u8 as usize], picture);
    }
    let (view, selection, verified) = (state.view, state.selection, state.phase() == Phase::Issued);
    let (plan, unfolded, pages) = (plan.clone(), state.unfolded.clone(), state.pages.clone());
    let (kind, index) = match selection {
        None => (0, 0),
        Some(Selection::Cert(index)) => (1, index),
        Some(Selection::Unsigned(index)) => (2, index),
        Some(Selection::File(index)) => (3, index),
        Some(Selection::Flag(index)) => (4, index),
    };
    let shared = [Rc::as_ptr(&plan) as usize, Rc::as_ptr(&unfolded) as usize, Rc::as_ptr(&pages) as usize];
    let key = [&shared[..], &[view as usize, usize::from(verified), kind, index]].concat();
    memo(key, move || {
        let look = Look {
            selection,
            unfolded: &|id| unfolded.iter().any(|one| *one == id),
            turned: &|list| pages.get(&list).copied(),
            verified,
        };
        let drawing = match view {
            ViewId::Hierarchy => page::hierarchy::page(&plan, &look),
            _ => page::files::page(&plan, &look),
        };
        heard(built(drawing), &dispatch).done()
    })
}
