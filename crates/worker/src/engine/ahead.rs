//! Keys made ahead: at low priority, one after the other, and only while the tab is visible and nothing is issued.

use std::cell::RefCell;
use std::rc::Rc;

use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::{PrivateKey, Traces};
use wasm_bindgen_futures::spawn_local;

use super::issue::make_key;
use super::pace::turn;
use super::rsa::{MadeKey, Rsa};
use super::say::Say;
use crate::message::{KeyNeed, Response};

/// Most keys that are kept ready.
const MOST: usize = 64;

/// The keys and what is known about the wish for them.
pub(super) struct Ahead {
    rsa: Rc<Rsa>,
    say: Say,
    state: RefCell<State>,
}

struct State {
    /// What to have ready, in this order, at most [`MOST`] together.
    wanted: Vec<(KeyAlgorithm, usize)>,
    ready: Vec<MadeKey>,
    visible: bool,
    /// How many are issuing.
    issuing: usize,
    /// Whether keys are being made.
    at_work: bool,
}

impl State {
    fn count(&self, algorithm: KeyAlgorithm) -> usize {
        self.ready.iter().filter(|made| made.key.algorithm() == algorithm).count()
    }

    fn target(&self) -> usize {
        self.wanted.iter().map(|(_, count)| count).sum()
    }

    /// The algorithm of the next key to make; nothing when it is not the time for it.
    fn next(&self) -> Option<KeyAlgorithm> {
        let may = self.visible && self.issuing == 0;
        self.wanted.iter().filter(|_| may).find(|(one, count)| self.count(*one) < *count).map(|(one, _)| *one)
    }

    /// Drops what is not wanted any more.
    fn trim(&mut self) {
        let mut left = self.wanted.clone();
        self.ready.retain(|made| {
            let place = left.iter_mut().find(|(one, count)| *one == made.key.algorithm() && *count > 0);
            place.map(|(_, count)| *count -= 1).is_some()
        });
    }
}

impl Ahead {
    /// None ready, none wanted.
    pub(super) fn new(rsa: Rc<Rsa>, say: Say) -> Rc<Self> {
        let state = State { wanted: Vec::new(), ready: Vec::new(), visible: true, issuing: 0, at_work: false };
        Rc::new(Self { rsa, say, state: RefCell::new(state) })
    }

    /// What will probably be needed. Keys of other algorithms, and more than that, are dropped: wiped, their handles
    /// released.
    pub(super) fn prepare(self: &Rc<Self>, needs: &[KeyNeed]) {
        let mut wanted = Vec::<(KeyAlgorithm, usize)>::new();
        let mut room = MOST;
        for need in needs {
            let Some(algorithm) = KeyAlgorithm::from_word(&need.algorithm) else { continue };
            let count = room.min(need.count as usize);
            room -= count;
            match wanted.iter_mut().find(|(one, _)| *one == algorithm) {
                Some((_, before)) => *before += count,
                None => wanted.push((algorithm, count)),
            }
        }
        {
            let mut state = self.state.borrow_mut();
            state.wanted = wanted;
            state.trim();
        }
        self.tell();
        self.go_on();
    }

    /// Whether the tab is visible.
    pub(super) fn set_visible(self: &Rc<Self>, visible: bool) {
        self.state.borrow_mut().visible = visible;
        self.go_on();
    }

    /// What recognises the keys that are ready, and these.
    pub(super) fn traces(&self, others: &[&PrivateKey]) -> Traces {
        let state = self.state.borrow();
        Traces::of(others.iter().copied().chain(state.ready.iter().map(|made| &made.key)))
    }

    /// Takes a key of an algorithm, if one is ready.
    pub(super) fn take(&self, algorithm: KeyAlgorithm) -> Option<MadeKey> {
        let mut state = self.state.borrow_mut();
        let place = state.ready.iter().position(|made| made.key.algorithm() == algorithm)?;
        Some(state.ready.remove(place))
    }

    /// Makes none until what this gives is dropped.
    pub(super) fn hold(self: &Rc<Self>) -> Hold {
        self.state.borrow_mut().issuing += 1;
        Hold(self.clone())
    }

    fn tell(&self) {
        let state = self.state.borrow();
        let (ready, target) = (state.ready.len() as u32, state.target() as u32);
        drop(state);
        self.say.say(Response::KeysReady { ready, target });
    }

    /// Makes keys for as long as one is wanted, unless that is going on already.
    fn go_on(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if state.at_work || state.next().is_none() {
            return;
        }
        state.at_work = true;
        let this = self.clone();
        spawn_local(async move {
            this.make().await;
            this.state.borrow_mut().at_work = false;
        });
    }

    async fn make(&self) {
        loop {
            // Whatever waits goes first.
            turn().await;
            let Some(algorithm) = self.state.borrow().next() else { return };
            // No word about a failure: issuing meets it again, and says so.
            let Ok(made) = make_key(&self.rsa, algorithm).await else { return };
            {
                let mut state = self.state.borrow_mut();
                state.ready.push(made);
                state.trim();
            }
            self.tell();
        }
    }
}

/// While it lives, keys are not made ahead.
pub(super) struct Hold(Rc<Ahead>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.state.borrow_mut().issuing -= 1;
        self.0.tell();
        self.0.go_on();
    }
}
