//! Long lists in pages, so that ten thousand nodes are no more to draw than fifty.

use std::ops::Range;

use super::drawing::{Drawing, drawn, icon};
use super::text::thousands;
use crate::catalog;

/// A long list that is shown in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pager {
    /// The nodes in the form.
    Nodes,
    /// The nodes in the files view.
    Files,
    /// The nodes whose bundles can be exported.
    Bundles,
    /// The members of the unfolded stack of this id.
    Stack(&'static str),
}

impl Pager {
    /// How many stand on a page.
    pub fn per_page(self) -> usize {
        match self {
            Self::Nodes | Self::Stack(_) => 50,
            Self::Files => 12,
            Self::Bundles => 24,
        }
    }

    /// The part of a list that a page shows; behind the last page stands the last.
    pub fn slice(self, page: usize, length: usize) -> Range<usize> {
        let size = self.per_page();
        let last = length.saturating_sub(1) / size;
        let from = page.min(last) * size;
        from..(from + size).min(length)
    }

    /// The page on which a place of the list stands.
    pub fn page_of(self, place: usize) -> usize {
        place / self.per_page()
    }

    /// Its name: that of a list, or a stack's id.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nodes => "nodes",
            Self::Files => "files",
            Self::Bundles => "bundles",
            Self::Stack(id) => id,
        }
    }

    /// The list of a name.
    pub fn from_word(word: &str) -> Option<Self> {
        let lists = [Self::Nodes, Self::Files, Self::Bundles].into_iter();
        lists.chain(catalog::cert(word).map(|row| Self::Stack(row.id))).find(|one| one.word() == word)
    }

    /// What a text of `data-turn` means: a list, and the page to turn to.
    pub fn turned(text: &str) -> Option<(Self, usize)> {
        let (word, page) = text.split_once(' ')?;
        Some((Self::from_word(word)?, page.parse().ok()?))
    }

    /// `51–100 of 5,000` with a way back and forth, whose `data-turn` is for [`Pager::turned`]; nothing where one page has
    /// room for all. `what` says what is listed.
    pub fn drawn(self, page: usize, length: usize, what: &str) -> Option<Drawing> {
        if length <= self.per_page() {
            return None;
        }
        let shown = self.slice(page, length);
        let page = self.page_of(shown.start);
        let turn = |label: &str, to: usize, is_end: bool, strokes| {
            let button = drawn("button")
                .set("class", "quiet")
                .set("type", "button")
                .set("data-turn", [self.word(), " ", &to.to_string()].concat())
                .set("aria-label", [label, what].concat())
                .mark("disabled", is_end);
            button.with(icon(strokes))
        };
        let place = [thousands(shown.start + 1), thousands(shown.end), thousands(length)];
        let place = [place[0].as_str(), "–", &place[1], " of ", &place[2]].concat();
        let pager = drawn("div").set("class", "pager").set("role", "group");
        Some(
            pager
                .set("aria-label", ["Pages of ", what].concat())
                .with(turn("Earlier ", page.saturating_sub(1), page == 0, "M10 3.5 5.5 8l4.5 4.5"))
                .with(drawn("span").text(place))
                .with(turn("Later ", page + 1, shown.end == length, "M6 3.5 10.5 8 6 12.5")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_a_list_and_never_leave_it() {
        assert_eq!(Pager::Nodes.slice(0, 0), 0..0);
        assert_eq!(Pager::Nodes.slice(0, 7), 0..7);
        assert_eq!(Pager::Nodes.slice(1, 120), 50..100);
        assert_eq!(Pager::Nodes.slice(2, 120), 100..120);
        assert_eq!(Pager::Nodes.slice(9, 120), 100..120);
    }

    #[test]
    fn what_its_buttons_say_leads_to_the_pages_beside_it() {
        let stack = Pager::Stack("etcd-peer");
        let markup = stack.drawn(1, 120, "siblings").expect("more than one page").to_markup();
        assert!(markup.contains("51–100 of 120"), "{markup}");
        let turns: Vec<&str> = markup.split("data-turn=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(
            turns.iter().map(|turn| Pager::turned(turn)).collect::<Vec<_>>(),
            [Some((stack, 0)), Some((stack, 2))]
        );
        assert_eq!(Pager::Files.drawn(0, 12, "nodes"), None);
        assert_eq!((Pager::turned("odd 1"), Pager::turned("files x")), (None, None));
    }
}
