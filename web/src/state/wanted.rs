//! What the worker draws: what is wanted of it, what it was asked for, and what came.

use std::rc::Rc;

use kubepki_core::spec::Draft;
use kubepki_core::view::ViewId;
use kubepki_worker::PARTS;

/// What the worker is to draw.
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
    fn about(&self) -> &str {
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

/// The drawings of view, sheet and guide. One question is under way at a time; what is wanted meanwhile is asked for when
/// its answer has come, and an answer that was overtaken is not shown.
#[derive(Debug, Default)]
pub(crate) struct Drawings {
    /// What came last, with [`PARTS`] between view, sheet and guide.
    text: Rc<str>,
    /// What that is of.
    shown: Option<Wanted>,
    /// What is wanted now.
    wanted: Option<Wanted>,
    /// Whether that was asked for.
    asked: bool,
    /// The number of the question under way.
    question: Option<u32>,
}

impl Drawings {
    /// All of it, for whoever looks whether it has changed.
    pub(crate) fn text(&self) -> &Rc<str> {
        &self.text
    }

    /// A part: the view, what is told, the guide; nothing where that is empty.
    pub(crate) fn part(&self, part: usize) -> Option<&str> {
        self.text.split(PARTS).nth(part).filter(|part| !part.is_empty())
    }

    /// What is told about what is wanted now; nothing where what came last is about something else.
    pub(crate) fn sheet(&self) -> Option<&str> {
        let about = |it| Option::map(it, Wanted::about);
        self.part(1).filter(|_| about(self.shown.as_ref()) == about(self.wanted.as_ref()))
    }

    /// Whether something is awaited.
    pub(crate) fn is_awaited(&self) -> bool {
        self.question.is_some()
    }

    /// Wants a drawing.
    pub(super) fn want(&mut self, wanted: Wanted) {
        if self.wanted.as_ref() == Some(&wanted) {
            return;
        }
        // Another view's drawing is not shown in this one's place, until its own comes.
        if self.wanted.as_ref().is_none_or(|before| before.view != wanted.view) {
            self.keep_guide();
        }
        self.wanted = Some(wanted);
        self.asked = false;
    }

    /// What to ask for under a number, where there is something and nothing is under way.
    pub(super) fn next(&mut self, number: u32) -> Option<Wanted> {
        if self.asked || self.question.is_some() {
            return None;
        }
        let wanted = self.wanted.clone()?;
        (self.asked, self.question) = (true, Some(number));
        Some(wanted)
    }

    /// Takes the answer to the question of a number, or that there is none; whether that question was under way.
    pub(super) fn take(&mut self, number: u32, text: Option<&str>) -> bool {
        if self.question != Some(number) {
            return false;
        }
        self.question = None;
        match text {
            // Overtaken: what is wanted is asked for next.
            _ if !self.asked => {}
            Some(text) => {
                self.text = text.into();
                self.shown.clone_from(&self.wanted);
            }
            None => {
                let guide = |it| Option::map(it, |it: &Wanted| it.guide.as_str());
                if guide(self.shown.as_ref()) == guide(self.wanted.as_ref()) {
                    self.keep_guide();
                } else {
                    self.text = "".into();
                }
                self.shown.clone_from(&self.wanted);
            }
        }
        true
    }

    /// Whether what came last is what is wanted.
    pub(super) fn is_current(&self) -> bool {
        self.asked && self.question.is_none()
    }

    /// Another cluster is on screen: but for the guide, nothing that was drawn is of it.
    pub(super) fn forget(&mut self) {
        self.keep_guide();
        (self.wanted, self.shown) = (None, None);
    }

    /// Whoever was asked is gone, and answers no more.
    pub(super) fn forget_question(&mut self) {
        self.question = None;
    }

    /// What is wanted is asked for once more, where the answer has not come.
    pub(super) fn ask_again(&mut self) {
        self.question = None;
        self.asked &= self.shown == self.wanted;
    }

    fn keep_guide(&mut self) {
        let parts = PARTS.to_string();
        self.text = [&parts, &parts, self.part(2).unwrap_or_default()].concat().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::support::{drawings, hear, up};
    use crate::state::{Action, AppState, Dialog};
    use kubepki_worker::Response;

    fn drawn(state: &mut AppState, id: u32, text: Result<&str, &str>) -> Vec<u32> {
        let text = text.map(|text| text.replace('|', &PARTS.to_string())).map_err(str::to_owned);
        drawings(&hear(state, Response::Drawn { id, text }))
    }

    /// Asks for one drawing.
    fn asked(state: &mut AppState, action: Action) -> u32 {
        let asked = drawings(&state.apply(action));
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0]
    }

    #[test]
    fn a_late_view_is_not_shown_in_another_ones_place() {
        let mut state = up();
        let first = asked(&mut state, Action::Open(ViewId::Connections));
        assert!(drawings(&state.apply(Action::Open(ViewId::Timeline))).is_empty(), "one question at a time");
        let next = drawn(&mut state, first, Ok("connections|sheet|"));
        assert_eq!((state.drawn(0), next.len(), state.is_drawing()), (None, 1, true));
        assert!(drawn(&mut state, first, Ok("connections|sheet|")).is_empty());
        assert_eq!(state.drawn(0), None, "a number that nobody waits for");
        drawn(&mut state, next[0], Ok("timeline||"));
        assert_eq!((state.drawn(0), state.is_drawing()), (Some("timeline"), false));
    }

    #[test]
    fn a_late_sheet_is_not_told_of_another_thing() {
        let mut state = up();
        let first = asked(&mut state, Action::Choose("connection:a->b".into()));
        state.apply(Action::Choose("connection:c->d".into()));
        let next = drawn(&mut state, first, Ok("view|of a to b|"));
        assert_eq!(state.sheet(), None);
        drawn(&mut state, next[0], Ok("view|of c to d|"));
        assert_eq!(state.sheet(), Some("of c to d"));
        // The same thing looked at otherwise keeps its sheet until the next comes.
        let next = asked(&mut state, Action::Choose("connection:c->d?days=3".into()));
        assert_eq!((state.sheet(), state.is_drawing()), (Some("of c to d"), true));
        // One that does not come leaves none behind.
        drawn(&mut state, next, Err("It took longer."));
        assert_eq!((state.sheet(), state.drawn(0)), (None, None));
        assert!(state.notices.iter().any(|notice| notice.message == "It took longer."));
    }

    #[test]
    fn a_late_guide_is_not_shown_as_the_one_that_is_open() {
        let mut state = up();
        let first = asked(&mut state, Action::Link("&g=lesson:keys/1".into()));
        drawn(&mut state, first, Ok("||one"));
        let second = asked(&mut state, Action::Link("&g=lesson:keys/2".into()));
        state.apply(Action::Link("&g=lesson:keys/3".into()));
        let third = drawn(&mut state, second, Ok("||two"));
        assert_eq!(state.drawn(2), Some("one"), "what was there, until what is wanted comes");
        drawn(&mut state, third[0], Ok("||three"));
        assert_eq!(state.drawn(2), Some("three"));
    }

    #[test]
    fn a_late_dialog_is_not_shown_as_the_one_that_is_open() {
        let mut state = up();
        let lines = |state: &AppState| match &state.dialog {
            Some(Dialog::Drawn(dialog)) => dialog.lines.to_string(),
            other => panic!("{other:?}"),
        };
        let first = asked(&mut state, Action::Embed);
        state.apply(Action::Close);
        drawn(&mut state, first, Ok("embed|close"));
        assert_eq!(state.dialog, None, "closed is closed");
        let second = asked(&mut state, Action::Embed);
        drawn(&mut state, first, Ok("late|late"));
        assert_eq!(lines(&state), "");
        drawn(&mut state, second, Ok("embed|close"));
        assert!(lines(&state).starts_with("embed"));
        // One that cannot be drawn is not left open without a button to close it.
        let third = asked(&mut state, Action::Embed);
        drawn(&mut state, third, Err("It took longer."));
        assert_eq!((state.dialog.clone(), state.notices.len()), (None, 1));
    }

    #[test]
    fn a_view_that_a_lost_worker_did_not_draw_is_drawn_by_the_next() {
        let mut state = up();
        asked(&mut state, Action::Open(ViewId::Connections));
        hear(&mut state, Response::Failed { pki: None, message: "Out of memory.".into() });
        assert!(!state.is_drawing());
        let again = drawings(&state.apply(Action::Restart));
        drawn(&mut state, again[0], Ok("connections||"));
        assert_eq!(state.drawn(0), Some("connections"));
    }
}
