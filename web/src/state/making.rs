//! Issuing and exporting, and what the worker says about it.

use std::rc::Rc;

use kubepki_core::diag::Diagnostic;
use kubepki_core::spec::link as design_link;
use kubepki_core::view::Selection;
use kubepki_worker::{Request, Response};

use super::{Action, Activity, AppState, Dialog, Effect, Issued, Work, WorkerState};

/// A worker that has not stopped so many milliseconds after Cancel is left alone.
const PATIENCE: i32 = 700;

impl AppState {
    pub(super) fn generate(&mut self, effects: &mut Vec<Effect>) {
        if !self.can_generate() {
            return;
        }
        self.leave_lab();
        if self.issued().is_some() && self.dialog != Some(Dialog::MakeNew) {
            self.dialog = Some(Dialog::MakeNew);
            return;
        }
        self.dialog = None;
        self.leave(effects);
        let (Some(plan), Ok(now)) = (self.derived.plan.clone(), self.clock.time()) else { return };
        let pki = self.next_pki;
        self.next_pki += 1;
        self.said.clear();
        self.activity = Activity::Working(Work {
            pki,
            draft: self.draft.clone(),
            plan,
            issued_at: now,
            done: 0,
            total: 0,
            step: String::new(),
            began: 0.0,
            elapsed: 0.0,
            cancelling: false,
        });
        if let WorkerState::Broken(_) = self.worker {
            self.worker = WorkerState::Loading;
        }
        if !self.is_up() {
            effects.push(Effect::StartWorker);
        }
        effects.push(Effect::Post(Request::Issue { pki, design: design_link::encode(&self.draft), now }));
    }

    pub(super) fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if let Activity::Working(work) = &mut self.activity {
            work.cancelling = true;
            effects.push(Effect::Post(Request::Cancel { pki: work.pki }));
            effects.push(Effect::Later(PATIENCE, Action::GiveUp(work.pki)));
        }
    }

    /// The worker does not answer: it is left alone with what it does, and stopped where it keeps nothing.
    pub(super) fn give_up(&mut self, pki: u32, effects: &mut Vec<Effect>) {
        if matches!(&self.activity, Activity::Working(work) if work.pki == pki) {
            self.activity = Activity::Cancelled;
            if self.pkis.iter().next().is_none() {
                self.worker = WorkerState::Loading;
                self.keys.asked.clear();
                self.keys.ready = 0;
                effects.push(Effect::StopWorker);
                effects.push(Effect::StartWorker);
                // What else it was asked went with it.
                self.drawings.ask_again();
                self.close_drawn();
                self.read_again(effects);
            }
        }
    }

    pub(super) fn confirm(&mut self, effects: &mut Vec<Effect>) {
        match self.dialog.clone() {
            Some(Dialog::MakeNew) => self.generate(effects),
            Some(Dialog::Preset(name)) => self.choose_preset(name, effects),
            // It stays open until the list is taken.
            Some(Dialog::Nodes) => self.read_nodes(self.import.nodes.clone(), None, effects),
            Some(Dialog::Keys | Dialog::Text(..) | Dialog::Drawn(..)) | None => self.dialog = None,
        }
    }

    /// Asks for the facts of the selected certificate, where they are not there yet.
    pub(super) fn ask_for_facts(&self, effects: &mut Vec<Effect>) {
        let (Some(plan), Some(issued), Some(selection)) = (&self.plan, self.issued(), self.selection) else { return };
        let cert = match selection {
            Selection::Cert(index) => Some(index),
            Selection::File(index) => Some(plan.files[index].content.cert),
            Selection::Flag(index) => plan.flags[index].cert,
            Selection::Unsigned(_) => None,
        };
        let Some(index) = cert.and_then(|cert| issued.plan.find_key(&plan.key_of(cert))) else { return };
        if !issued.facts.contains(&(index as u32)) {
            effects.push(Effect::Post(Request::Facts { pki: issued.pki, certs: vec![index as u32] }));
        }
    }

    pub(super) fn worker_is(&mut self, state: WorkerState, effects: &mut Vec<Effect>) {
        match state {
            WorkerState::Broken(why) => self.lost(why, effects),
            other => self.worker = other,
        }
    }

    pub(super) fn restart(&mut self, effects: &mut Vec<Effect>) {
        self.worker = WorkerState::Loading;
        if matches!(self.activity, Activity::Failed(_)) {
            self.activity = Activity::Idle;
        }
        effects.push(Effect::StartWorker);
        self.drawings.ask_again();
    }

    /// The worker stopped, and with it the keys of every PKI.
    fn lost(&mut self, why: String, effects: &mut Vec<Effect>) {
        let precious = self.is_precious();
        let had_pki = self.pkis.iter().next().is_some();
        effects.push(Effect::StopWorker);
        self.keys.asked.clear();
        self.keys.ready = 0;
        self.import.pending = None;
        // What it was asked for does not come any more.
        self.drawings.forget_question();
        self.exports.clear();
        self.close_drawn();
        for (pki, _) in std::mem::take(&mut self.pkis).iter() {
            self.history.forget(*pki);
        }
        if precious {
            self.notices.push(
                Diagnostic::warning(
                    "pki-lost",
                    "",
                    "The PKI that was issued is lost: its keys were in the worker alone and had not been exported.",
                )
                .with_hint("Generate a new one."),
            );
        }
        // Where nothing was made and nothing is being made, nothing failed: that there is no worker is said for itself.
        if had_pki || matches!(self.activity, Activity::Working(_)) {
            self.activity = Activity::Failed(why.clone());
        }
        self.worker = WorkerState::Broken(why);
    }

    /// Forgets PKIs that no step can bring back.
    pub(super) fn forget_lost(&mut self, effects: &mut Vec<Effect>) {
        let kept = self.history.pkis();
        let lost: Vec<u32> = self.pkis.iter().map(|(pki, _)| *pki).filter(|pki| !kept.contains(pki)).collect();
        for pki in lost {
            self.pkis.remove(&pki);
            effects.push(Effect::Post(Request::Forget { pki }));
        }
    }

    /// What the worker says.
    pub(super) fn hear(&mut self, response: Response, at: f64, effects: &mut Vec<Effect>) {
        let working = match &self.activity {
            Activity::Working(work) => Some(work.pki),
            _ => None,
        };
        match response {
            Response::Ready { webcrypto } => self.worker = WorkerState::Ready { webcrypto },
            Response::Parsed { id, text } => self.parsed(id, text, effects),
            Response::KeysReady { ready, .. } => self.keys.ready = ready,
            Response::Progress { pki, done, total, step } => {
                if let Activity::Working(work) = &mut self.activity
                    && work.pki == pki
                {
                    if work.began == 0.0 {
                        work.began = at;
                    }
                    (work.done, work.total, work.step, work.elapsed) = (done, total, step, at - work.began);
                }
            }
            Response::Issued { pki, milliseconds, facts } => {
                match std::mem::replace(&mut self.activity, Activity::Idle) {
                    Activity::Working(work) if work.pki == pki => {
                        let mut issued = Issued::new(work, milliseconds);
                        issued.facts = facts.into_iter().map(|(index, facts)| (index, Rc::new(facts))).collect();
                        self.pkis.insert(pki, issued);
                        self.history.issued(pki);
                        self.saved = None;
                        self.forget_lost(effects);
                        self.ask_for_facts(effects);
                    }
                    other => {
                        self.activity = other;
                        effects.push(Effect::Post(Request::Forget { pki }));
                    }
                }
            }
            Response::Facts { pki, facts } => {
                if let Some(issued) = self.pkis.get_mut(&pki) {
                    facts.into_iter().for_each(|(index, facts)| issued.facts.insert(index, Rc::new(facts)));
                }
            }
            // The bytes were handed to the browser; `Action::Exported` follows.
            Response::Exported { .. } => {}
            Response::Told { id, told, ended } => self.tell(id, told, ended, effects),
            Response::Drawn { id, text } => self.take_drawn(id, text, effects),
            Response::Written { name, text: Ok(text) } => effects.push(Effect::Save(name, text)),
            Response::Written { text: Err(why), .. } => self.not_done(why),
            Response::Forgotten { told } => self.start_over(told, effects),
            Response::Cancelled { pki } if working == Some(pki) => self.activity = Activity::Cancelled,
            Response::Cancelled { .. } => {}
            Response::Failed { pki: None, message } => self.lost(message, effects),
            Response::Failed { pki, message } if working == pki => self.activity = Activity::Failed(message),
            Response::Failed { message, .. } => {
                self.said.clear();
                self.notices.push(Diagnostic::warning("worker", "", message));
            }
        }
    }

    /// Begins as on a first visit, with a new worker.
    fn start_over(&mut self, told: String, effects: &mut Vec<Effect>) {
        let mut fresh = Self::open("", self.clock.now).learned(std::mem::take(&mut self.learned));
        (fresh.theme, fresh.locked, fresh.next_pki) = (self.theme, self.locked, self.next_pki);
        fresh.notices.push(Diagnostic::notice("forgotten", "", told));
        *self = fresh;
        effects.extend([Effect::StopWorker, Effect::Release, Effect::StartWorker]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::support::{NOW, hear, issue, up};
    use crate::state::{Once, Phase};

    fn rename(state: &mut AppState, name: &str) {
        state.apply(Action::Type("clusterName".into(), name.into()));
        state.apply(Action::Leave);
    }

    #[test]
    fn issued_then_stale_then_issued_again_by_undo() {
        let mut state = up();
        issue(&mut state, 1);
        assert_eq!(state.phase(), Phase::Issued);
        rename(&mut state, "other");
        assert_eq!(state.phase(), Phase::Stale);
        state.apply(Action::Undo);
        assert_eq!(state.phase(), Phase::Issued);
        rename(&mut state, "third");
        state.apply(Action::BackToIssued);
        assert_eq!(state.phase(), Phase::Issued);
    }

    #[test]
    fn a_new_pki_is_asked_for_and_undo_brings_the_old_one_back() {
        let mut state = up();
        issue(&mut state, 1);
        state.apply(Action::Generate);
        assert_eq!((state.phase(), state.dialog.clone()), (Phase::Issued, Some(Dialog::MakeNew)));
        state.apply(Action::Confirm);
        hear(&mut state, Response::Issued { pki: 2, milliseconds: 1, facts: Vec::new() });
        assert_eq!(state.issued().map(|one| one.pki), Some(2));
        state.apply(Action::Undo);
        assert_eq!(state.issued().map(|one| one.pki), Some(1));
        // With a new step nothing can bring the second back.
        let effects = {
            state.apply(Action::Type("clusterName".into(), "else".into()));
            state.apply(Action::Leave)
        };
        assert!(effects.iter().any(|one| matches!(one, Effect::Post(Request::Forget { pki: 2 }))), "{effects:?}");
    }

    #[test]
    fn cancel_ends_within_a_second_whatever_the_worker_does() {
        let mut state = up();
        state.apply(Action::Generate);
        let effects = state.apply(Action::Cancel);
        assert!(effects.iter().any(|one| matches!(one, Effect::Later(700, Action::GiveUp(1)))));
        let effects = state.apply(Action::GiveUp(1));
        assert_eq!(state.phase(), Phase::Cancelled);
        assert!(effects.iter().any(|one| matches!(one, Effect::StopWorker)));
        let effects = hear(&mut state, Response::Issued { pki: 1, milliseconds: 1, facts: Vec::new() });
        assert!(effects.iter().any(|one| matches!(one, Effect::Post(Request::Forget { pki: 1 }))));
        assert_eq!(state.phase(), Phase::Cancelled);
        rename(&mut state, "next");
        assert_eq!(state.phase(), Phase::Planned);
    }

    #[test]
    fn what_a_worker_that_was_stopped_had_still_to_do_is_asked_for_again() {
        let mut state = up();
        state.apply(Action::Open(kubepki_core::view::ViewId::Connections));
        state.import.text = "x".into();
        state.apply(Action::ReadText);
        assert!(state.is_drawing());
        state.apply(Action::Generate);
        state.apply(Action::Cancel);
        let effects = state.apply(Action::GiveUp(1));
        let asked = |fits: fn(&Request) -> bool| {
            effects.iter().any(|one| matches!(one, Effect::Post(request) if fits(request)))
        };
        assert!(asked(|one| matches!(one, Request::Draw { .. })) && asked(|one| matches!(one, Request::Parse { .. })));
    }

    #[test]
    fn a_worker_that_stops_while_nothing_is_made_fails_nothing() {
        let mut state = AppState::open("", NOW);
        state.apply(Action::Worker(WorkerState::Broken("It stopped.".into())));
        assert_eq!((state.phase(), state.can_generate()), (Phase::Planned, true));
        state.apply(Action::Generate);
        state.apply(Action::Worker(WorkerState::Broken("It stopped.".into())));
        assert_eq!(state.phase(), Phase::Failed);
    }

    #[test]
    fn a_worker_that_stops_takes_its_keys_along_and_says_so() {
        let mut state = up();
        issue(&mut state, 1);
        hear(&mut state, Response::Failed { pki: None, message: "Out of memory.".into() });
        assert_eq!((state.phase(), state.issued().is_none(), state.notices.len()), (Phase::Failed, true, 1));
        let effects = state.apply(Action::Restart);
        assert!(matches!(effects[..], [Effect::StartWorker]));
        assert_eq!(state.phase(), Phase::Planned);
    }

    #[test]
    fn a_preset_is_asked_about_while_keys_were_never_exported() {
        let mut state = up();
        issue(&mut state, 1);
        state.apply(Action::Preset("single"));
        assert_eq!((state.dialog.clone(), state.phase()), (Some(Dialog::Preset("single")), Phase::Issued));
        state.apply(Action::Confirm);
        assert_eq!(state.phase(), Phase::Stale);
        state.apply(Action::Undo);
        assert_eq!(state.phase(), Phase::Issued);
    }

    #[test]
    fn keys_are_asked_for_from_the_first_touch_and_dropped_when_switched_off() {
        let mut state = up();
        let prepared = |effects: &[Effect]| {
            effects.iter().find_map(|one| match one {
                Effect::Post(Request::Prepare { needs }) => Some(needs.iter().map(|need| need.count).sum::<u32>()),
                _ => None,
            })
        };
        assert_eq!(prepared(&state.apply(Action::Tick(NOW))), None);
        assert_eq!(prepared(&state.apply(Action::Touched)), Some(36));
        assert_eq!(prepared(&state.apply(Action::Tick(NOW))), None);
        assert_eq!(prepared(&state.apply(Action::Type("keys.leaf".into(), "ECDSA-P256".into()))), Some(36));
        assert_eq!(prepared(&state.apply(Action::KeysAhead(false))), Some(0));
    }

    #[test]
    fn remaining_time_is_said_only_when_something_is_known() {
        let mut state = up();
        state.apply(Action::Generate);
        hear(&mut state, Response::Progress { pki: 1, done: 1, total: 71, step: "keys".into() });
        let progress = Response::Progress { pki: 1, done: 36, total: 71, step: "keys".into() };
        state.apply(Action::Hear(Once::new(progress), 5_000.0));
        let Activity::Working(work) = &state.activity else { panic!("not working") };
        assert_eq!(work.seconds_left(), Some(4));
    }
}
