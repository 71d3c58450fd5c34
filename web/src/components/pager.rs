//! Long lists in pages, so that ten thousand nodes are no more to draw than fifty.

use super::icon;
use crate::draw::{Dispatch, El, el, thousands};
use crate::state::{Action, Pager};

/// The part of a list that a page shows: where it begins and ends.
pub(crate) fn slice(pager: Pager, page: usize, length: usize) -> std::ops::Range<usize> {
    let size = pager.per_page();
    let last = length.saturating_sub(1) / size;
    let from = page.min(last) * size;
    from..(from + size).min(length)
}

/// `51–100 of 5,000` with a way back and forth; nothing where one page has room for all.
pub(crate) fn pager(pager: Pager, page: usize, length: usize, what: &str, dispatch: &Dispatch) -> Option<El> {
    let size = pager.per_page();
    if length <= size {
        return None;
    }
    let shown = slice(pager, page, length);
    let page = shown.start / size;
    let turn = |label, to, disabled, picture| {
        El::button("quiet", dispatch, Action::Turn(pager, to))
            .labels(&[label, what])
            .disabled(disabled)
            .node(icon(picture))
    };
    let back = turn("Earlier ", page.saturating_sub(1), page == 0, "back");
    let on = turn("Later ", page + 1, shown.end == length, "on");
    let place = [thousands(shown.start + 1), thousands(shown.end), thousands(length)];
    Some(
        el("div", "pager")
            .set("role", "group")
            .labels(&["Pages of ", what])
            .add(back)
            .add(el("span", "").texts(&[&place[0], "–", &place[1], " of ", &place[2]]))
            .add(on),
    )
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
