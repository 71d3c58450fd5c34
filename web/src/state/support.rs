//! What the tests of the state share: a page whose worker is up, what it hears, and a PKI.

use super::{Action, AppState, Effect, Once, Phase, Saved, WorkerState};
use kubepki_worker::{Request, Response};

pub(super) const NOW: i64 = 1_795_466_340;

/// A page whose worker is up.
pub(super) fn up() -> AppState {
    let mut state = AppState::open("", NOW);
    state.apply(Action::Worker(WorkerState::Ready { webcrypto: true }));
    state
}

pub(super) fn hear(state: &mut AppState, response: Response) -> Vec<Effect> {
    state.apply(Action::Hear(Once::new(response), 1_000.0))
}

/// Issues the PKI of a number: the first, or the next where that is confirmed.
pub(super) fn issue(state: &mut AppState, pki: u32) {
    state.apply(Action::Generate);
    if state.phase() != Phase::Working {
        state.apply(Action::Confirm);
    }
    assert_eq!(state.phase(), Phase::Working);
    hear(state, Response::Issued { pki, milliseconds: 12, facts: Vec::new() });
}

/// A file of a PKI as the browser took it.
pub(super) fn saved(pki: u32) -> Saved {
    Saved { pki, name: "x.zip".into(), size: 1, url: "blob:x".into() }
}

/// The numbers of the drawings that are asked for, of the page or of a dialog.
pub(super) fn drawings(effects: &[Effect]) -> Vec<u32> {
    let number = |effect: &Effect| match effect {
        Effect::Post(Request::Draw { id, .. }) => Some(*id),
        _ => None,
    };
    effects.iter().filter_map(number).collect()
}
