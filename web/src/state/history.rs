//! Undo and redo: one step for each settled edit, each with the PKI that belonged to it.

use std::rc::Rc;

use kubepki_core::sorted::SortedSet;
use kubepki_core::spec::Draft;

/// Steps beyond this are forgotten, oldest first.
const MOST_STEPS: usize = 200;

/// A settled design.
#[derive(Clone, Debug)]
struct Step {
    draft: Rc<Draft>,
    pki: Option<u32>,
}

/// Settled designs, before and after the present one.
#[derive(Debug)]
pub(crate) struct History {
    past: Vec<Step>,
    present: Step,
    future: Vec<Step>,
}

impl History {
    /// A history that begins with a draft.
    pub(crate) fn new(draft: Rc<Draft>) -> Self {
        Self { past: Vec::new(), present: Step { draft, pki: None }, future: Vec::new() }
    }

    /// The settled design.
    pub(crate) fn draft(&self) -> &Rc<Draft> {
        &self.present.draft
    }

    /// The number of the PKI that belongs to it.
    pub(crate) fn pki(&self) -> Option<u32> {
        self.present.pki
    }

    /// Makes a draft the settled design: one step, unless nothing changed.
    pub(crate) fn settle(&mut self, draft: &Rc<Draft>) {
        if self.present.draft != *draft {
            let step = Step { draft: draft.clone(), pki: self.present.pki };
            self.go_on(step);
        }
    }

    /// A PKI was issued from the settled design. A step of its own when it replaces another, so that undo brings that
    /// one back.
    pub(crate) fn issued(&mut self, pki: u32) {
        match self.present.pki {
            Some(_) => {
                let step = Step { draft: self.present.draft.clone(), pki: Some(pki) };
                self.go_on(step);
            }
            None => self.present.pki = Some(pki),
        }
    }

    fn go_on(&mut self, step: Step) {
        self.past.push(std::mem::replace(&mut self.present, step));
        self.future.clear();
        if self.past.len() > MOST_STEPS {
            self.past.remove(0);
        }
    }

    /// Goes one step back; nothing when there is none. A step from before the first PKI does not take the PKI away.
    pub(crate) fn undo(&mut self) -> Option<Rc<Draft>> {
        let mut step = self.past.pop()?;
        step.pki = step.pki.or(self.present.pki);
        self.future.push(std::mem::replace(&mut self.present, step));
        Some(self.present.draft.clone())
    }

    /// Goes one step forward again.
    pub(crate) fn redo(&mut self) -> Option<Rc<Draft>> {
        let mut step = self.future.pop()?;
        step.pki = step.pki.or(self.present.pki);
        self.past.push(std::mem::replace(&mut self.present, step));
        Some(self.present.draft.clone())
    }

    /// Whether there is a step back, with an edit that is not settled yet counted as one.
    pub(crate) fn can_undo(&self, draft: &Rc<Draft>) -> bool {
        !self.past.is_empty() || self.present.draft != *draft
    }

    /// Whether there is a step forward.
    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Drops a PKI that does not exist any more from every step.
    pub(crate) fn forget(&mut self, pki: u32) {
        let steps = self.past.iter_mut().chain(self.future.iter_mut()).chain(std::iter::once(&mut self.present));
        steps.filter(|step| step.pki == Some(pki)).for_each(|step| step.pki = None);
    }

    /// The PKIs that some step can bring back.
    pub(crate) fn pkis(&self) -> SortedSet<u32> {
        let steps = self.past.iter().chain(&self.future).chain(std::iter::once(&self.present));
        steps.filter_map(|step| step.pki).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepki_core::spec::Field;

    fn named(name: &str) -> Rc<Draft> {
        let mut draft = Draft::default();
        draft.set_text(Field::ClusterName, name);
        Rc::new(draft)
    }

    #[test]
    fn steps_go_back_and_forth() {
        let mut history = History::new(named("a"));
        history.settle(&named("a"));
        assert!(!history.can_undo(&named("a")) && history.can_undo(&named("b")));
        history.settle(&named("b"));
        history.settle(&named("c"));
        assert_eq!(history.undo(), Some(named("b")));
        assert_eq!(history.undo(), Some(named("a")));
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), Some(named("b")));
        history.settle(&named("d"));
        assert_eq!(history.redo(), None);
    }

    #[test]
    fn undo_brings_an_old_pki_back_and_never_takes_the_first_away() {
        let mut history = History::new(named("a"));
        history.settle(&named("b"));
        history.issued(1);
        history.settle(&named("c"));
        history.issued(2);
        assert_eq!((history.pki(), history.pkis()), (Some(2), [1, 2].into_iter().collect()));
        history.undo();
        assert_eq!((history.pki(), history.draft()), (Some(1), &named("c")));
        history.undo();
        history.undo();
        assert_eq!((history.pki(), history.draft()), (Some(1), &named("a")));
        history.forget(1);
        assert_eq!(history.pki(), None);
    }

    #[test]
    fn steps_are_bounded() {
        let mut history = History::new(named("a"));
        (0..500).for_each(|index| history.settle(&named(&format!("n{index}"))));
        assert_eq!(history.past.len(), MOST_STEPS);
    }
}
