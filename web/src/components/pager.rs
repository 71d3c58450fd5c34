//! Long lists in pages, so that ten thousand nodes are no more to draw than fifty.

use yew::{Html, html};

use super::shared::thousands;
use super::{Dispatch, act, icon, join};
use crate::state::{Action, Pager};

/// The part of a list that a page shows: where it begins and ends.
pub(crate) fn slice(pager: Pager, page: usize, length: usize) -> std::ops::Range<usize> {
    let size = pager.per_page();
    let last = length.saturating_sub(1) / size;
    let from = page.min(last) * size;
    from..(from + size).min(length)
}

/// `51–100 of 5,000` with a way back and forth; nothing where one page has room for all.
pub(crate) fn pager(pager: Pager, page: usize, length: usize, what: &str, dispatch: &Dispatch) -> Html {
    let size = pager.per_page();
    if length <= size {
        return Html::default();
    }
    let shown = slice(pager, page, length);
    let page = shown.start / size;
    let text = join(&[&thousands(shown.start + 1), "–", &thousands(shown.end), " of ", &thousands(length)]);
    html! {
        <div class="pager" role="group" aria-label={join(&["Pages of ", what])}>
            <button type="button" class="quiet" aria-label={join(&["Earlier ", what])} disabled={page == 0}
                onclick={act(dispatch, Action::Turn(pager, page.saturating_sub(1)))}>{ icon("back") }</button>
            <span>{ text }</span>
            <button type="button" class="quiet" aria-label={join(&["Later ", what])} disabled={shown.end == length}
                onclick={act(dispatch, Action::Turn(pager, page + 1))}>{ icon("on") }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_a_list_and_never_leave_it() {
        assert_eq!(slice(Pager::Nodes, 0, 0), 0..0);
        assert_eq!(slice(Pager::Nodes, 0, 7), 0..7);
        assert_eq!(slice(Pager::Nodes, 1, 120), 50..100);
        assert_eq!(slice(Pager::Nodes, 2, 120), 100..120);
        assert_eq!(slice(Pager::Nodes, 9, 120), 100..120);
    }
}
